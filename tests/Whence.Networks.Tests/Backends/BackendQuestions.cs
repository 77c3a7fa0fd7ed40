using System.Numerics;

namespace Whence.Networks.Tests.Backends;

/// <summary>All that a network can be asked, through the doors that users take: the numbers of an answer one after the other.</summary>
internal static class BackendQuestions
{
    private static readonly PathPoints points = new([0.1, 0.4, 0.8], [0.2, 0.5, 0.3]);
    private static readonly SlidingWindow window = new(2, 2);
    private static readonly SamplingOptions samples = new() { Samples = 40, Seed = 3 };

    /// <summary>Every question that makes sense of a network.</summary>
    public static IEnumerable<string> Of(string network)
    {
        string[] all =
        [
            "output", "gradient", "gradient times input", "interior gradients", "integrated gradients", "integrated gradients by trapezoid",
            "integrated gradients to a tolerance", "integrated gradients over references", "expected gradients", "Rescale", "RevealCancel",
            "Rescale over references", "ablation", "ablation in groups", "Shapley sampling", "KernelSHAP", "score along", "gradient along",
            "SmoothGrad", "layer", "layer gradient", "layer gradient times activation", "layer Rescale", "layer RevealCancel",
            "layer integrated gradients", "conductance", "conductance between steps", "internal influence",
        ];
        return network switch
        {
            "Digits" => [.. all, "Genomics", "guided backprop", "DeconvNet", "guided Rescale", "LRP", "Grad-CAM", "occlusion"],
            "Letters" => [.. all, "Genomics", "mutagenesis", "occlusion"],
            "Row" => [.. all, "LRP", "Shapley values"],
            "Held" => [.. all, "Shapley values"],
            _ => all,
        };
    }

    /// <summary>An answer, [inputs, ...].</summary>
    public static double[] Answer<T>(this Inquiry<T> of, string question) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        question is "conductance" or "conductance between steps" or "internal influence" or "Grad-CAM"
            || question.StartsWith("layer", StringComparison.Ordinal) ? OfLayer(of, question)
        : question is "score along" or "gradient along" ? Along(of, question)
        : OfInputs(of, question);

    private static double[] OfInputs<T>(Inquiry<T> of, string question) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (net, x, n, target) = (of.Net, of.X, of.Inputs, of.Target);
        var scores = new T[question == "output" ? n * net.Signature.OutputSize : question.Contains("groups", StringComparison.Ordinal)
            || question is "Shapley values" or "KernelSHAP" or "Shapley sampling" ? n * Halves(net).Count : question == "interior gradients"
            ? 3 * x.Length : x.Length];
        var one = References.PerInput<T>(First(of));
        var two = References.SeveralPerInput<T>(of.References, Inquiry<T>.Each);
        var options = new ExplainOptions { Threads = of.Threads };
        var path = new PathOptions { Threads = of.Threads, Steps = 6 };
        var sampling = samples with { Threads = of.Threads };
        switch (question)
        {
            case "output":
                SpanExplainers.Predict<T>(net, x, scores, n, of.Threads);
                break;
            case "gradient":
                SpanExplainers.Gradient(net, x, n, target, scores, options);
                break;
            case "gradient times input":
                SpanExplainers.GradientTimesInput(net, x, n, target, one, scores, options);
                break;
            case "interior gradients":
                SpanExplainers.InteriorGradients(net, x, n, target, one, points, scores, options);
                break;
            case "integrated gradients":
                SpanExplainers.IntegratedGradients(net, x, n, target, one, scores, path);
                break;
            case "integrated gradients by trapezoid":
                SpanExplainers.IntegratedGradients(net, x, n, target, one, scores, path with { Quadrature = Quadrature.Trapezoid });
                break;
            case "integrated gradients to a tolerance":
                SpanExplainers.IntegratedGradients(net, x, n, target, one, scores, path with { Tolerance = 1e-9, MaxSteps = 24 });
                break;
            case "integrated gradients over references":
                SpanExplainers.IntegratedGradients(net, x, n, target, two, scores, path);
                break;
            case "expected gradients":
                SpanExplainers.ExpectedGradients(net, x, n, target, two, scores, sampling);
                break;
            case "Rescale":
                return Parts(of, Rule.Rescale, one, options);
            case "RevealCancel":
                return Parts(of, Rule.RevealCancel, one, options);
            case "Genomics":
                return Parts(of, Rule.Genomics, one, options);
            case "Rescale over references":
                return Parts(of, Rule.Rescale, two, options);
            case "guided backprop":
                SpanExplainers.GuidedBackprop(net, x, n, target, scores, options);
                break;
            case "DeconvNet":
                SpanExplainers.DeconvNet(net, x, n, target, scores, options);
                break;
            case "guided Rescale":
                SpanExplainers.GuidedBackpropRescale(net, x, n, target, one, scores, options);
                break;
            case "LRP":
                SpanExplainers.LrpEpsilon(net, x, n, target, scores, options);
                break;
            case "occlusion":
                SpanExplainers.Occlusion(net, Window(net), x, n, target, one, scores, options);
                break;
            case "ablation":
                SpanExplainers.Ablation(net, null, x, n, target, one, scores, options);
                break;
            case "ablation in groups":
                SpanExplainers.Ablation(net, Halves(net), x, n, target, two, scores, options);
                break;
            case "mutagenesis":
                SpanExplainers.Mutagenesis(net, x, n, target, scores, new() { Threads = of.Threads });
                break;
            case "Shapley values":
                SpanExplainers.ShapleyValues(net, Halves(net), x, n, target, one, scores, options);
                break;
            case "Shapley sampling":
                SpanExplainers.ShapleySampling(net, Halves(net), x, n, target, one, scores, sampling);
                break;
            case "KernelSHAP":
                SpanExplainers.KernelShap(net, Halves(net), x, n, target, one, scores, sampling);
                break;
            case "SmoothGrad":
                SpanExplainers.SmoothGrad(net, x, n, target, scores, new() { Samples = 4, Deviation = 0.1 });
                break;
            default:
                throw new ArgumentException($"{question} is no question.", nameof(question));
        }
        return Wide(scores);
    }

    private static double[] OfLayer<T>(Inquiry<T> of, string question) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (net, layer, x, n, target) = (of.Net, of.Layer, of.X, of.Inputs, of.Target);
        var scores = new T[question == "Grad-CAM" ? n * Map(of) : n * of.LayerSize];
        var one = References.PerInput<T>(First(of));
        var (options, path) = (new ExplainOptions { Threads = of.Threads }, new PathOptions { Threads = of.Threads, Steps = 6 });
        switch (question)
        {
            case "layer":
                SpanExplainers.LayerActivation<T>(net, layer, x, n, scores, of.Threads);
                break;
            case "layer gradient":
                SpanExplainers.LayerGradient(net, layer, x, n, target, scores, options);
                break;
            case "layer gradient times activation":
                SpanExplainers.LayerGradientTimesActivation(net, layer, x, n, target, scores, options);
                break;
            case "layer Rescale":
                SpanExplainers.LayerDeepLift<T>(net, layer, x, n, target, Rule.Rescale, one, scores, options);
                break;
            case "layer RevealCancel":
                SpanExplainers.LayerDeepLift<T>(net, layer, x, n, target, Rule.RevealCancel, one, scores, options);
                break;
            case "layer integrated gradients":
                SpanExplainers.LayerIntegratedGradients(net, layer, x, n, target, one, scores, path);
                break;
            case "conductance":
                SpanExplainers.Conductance(net, layer, x, n, target, one, scores, path);
                break;
            case "conductance between steps":
                SpanExplainers.Conductance(net, layer, x, n, target, one, scores, path with { ConductanceSum = ConductanceSum.Captum });
                break;
            case "internal influence":
                SpanExplainers.InternalInfluence(net, layer, x, n, target, one, scores, path);
                break;
            case "Grad-CAM":
                SpanExplainers.GradCam(net, layer, x, n, target, scores, options);
                break;
            default:
                throw new ArgumentException($"{question} is no question.", nameof(question));
        }
        return Wide(scores);
    }

    private static double[] Along<T>(Inquiry<T> of, string question) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var one = References.PerInput<T>(First(of));
        var options = new ExplainOptions { Threads = of.Threads };
        if (question == "score along")
        {
            var scores = new T[of.Inputs * points.Alphas.Length];
            SpanExplainers.ScoreAlong(of.Net, of.X, of.Inputs, of.Target, one, points, scores, options);
            return Wide(scores);
        }
        var sizes = new double[of.Inputs * points.Alphas.Length];
        SpanExplainers.GradientAlong(of.Net, of.X, of.Inputs, of.Target, one, points, sizes, options);
        return sizes;
    }

    // The four parts of DeepLIFT's answer and their sum.
    private static double[] Parts<T>(Inquiry<T> of, Rule rule, References<T> references, ExplainOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = of.X.Length;
        var parts = new T[5 * size];
        // Only inputs with channels and positions have hypothetical ones.
        var hasLetters = of.Net.Signature.Inputs.All(input => input.Shape.Rank > 1);
        SpanExplainers.DeepLift(of.Net, of.X, of.Inputs, of.Target, rule, references, new()
        {
            Scores = parts.AsSpan(0, size), Positive = parts.AsSpan(size, size), Negative = parts.AsSpan(2 * size, size),
            Multipliers = parts.AsSpan(3 * size, size), Hypothetical = hasLetters ? parts.AsSpan(4 * size, size) : default,
        }, options);
        // An input's parts next to each other.
        var each = size / of.Inputs;
        return [.. Enumerable.Range(0, of.Inputs).SelectMany(input => Enumerable.Range(0, 5).SelectMany(part =>
            Wide(parts[(part * size + input * each)..(part * size + (input + 1) * each)])))];
    }

    /// <summary>The first of each input's references.</summary>
    public static T[] First<T>(Inquiry<T> of) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = of.Net.Signature.InputSize;
        return [.. Enumerable.Range(0, of.Inputs)
            .SelectMany(input => of.References[(input * Inquiry<T>.Each * size)..((input * Inquiry<T>.Each + 1) * size)])];
    }

    private static SlidingWindow Window<T>(IModel<T> net) where T : unmanaged =>
        net.Signature.Inputs[0].Shape.Rank == 3 ? new([1, 3, 2], [1, 2, 2]) : window;

    private static int Map<T>(Inquiry<T> of) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        of.LayerSize / of.Net.Signature.Points.First(point => point.Kind == PointKind.Layer && point.Name == of.Layer).Shape[0];

    // Five players, and the last element of none.
    private static FeatureGroups Halves<T>(IModel<T> net) where T : unmanaged =>
        new([.. Enumerable.Range(0, net.Signature.InputSize).Select(i => i == net.Signature.InputSize - 1 ? -1 : i % 5)]);

    private static double[] Wide<T>(T[] values) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Array.ConvertAll(values, double.CreateTruncating);
}
