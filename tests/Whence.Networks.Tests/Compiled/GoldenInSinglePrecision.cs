using Whence.Golden;
using Whence.Networks.Tests.Golden;

namespace Whence.Networks.Tests.Compiled;

/// <summary>The compiled networks against PyTorch, Captum and the DeepLIFT authors, in single precision.</summary>
public sealed class GoldenInSinglePrecision
{
    private const double Tolerance = 1e-5;

    private delegate void Answer(INetwork net, ReadOnlySpan<float> x, int count, Targets targets, Npz npz, Span<float> scores);

    private static readonly (string Key, Answer Answer)[] everywhere =
    [
        ("logits", (net, x, count, _, _, y) => SpanExplainers.Predict(net, x, y, count)),
        ("saliency", (net, x, count, targets, _, scores) => SpanExplainers.Gradient(net, x, count, targets, scores)),
        ("input_x_gradient",
            (net, x, count, targets, _, scores) => SpanExplainers.GradientTimesInput<float>(net, x, count, targets, default, scores)),
        ("guided_backprop", (net, x, count, targets, _, scores) => SpanExplainers.GuidedBackprop(net, x, count, targets, scores)),
        ("deconvolution", (net, x, count, targets, _, scores) => SpanExplainers.DeconvNet(net, x, count, targets, scores)),
        ("igx_zero_riemann_middle", (net, x, count, targets, _, scores) => Path(net, x, count, targets, Quadrature.Midpoint, scores)),
        ("igx_zero_gausslegendre", (net, x, count, targets, _, scores) => Path(net, x, count, targets, Quadrature.GaussLegendre, scores)),
        ("igx_zero_trapezoid_true", (net, x, count, targets, _, scores) => Path(net, x, count, targets, Quadrature.Trapezoid, scores)),
        ("deeplift_zero", (net, x, count, targets, npz, scores) => Rescale(net, x, count, targets, npz, "zero", scores, false)),
        ("deeplift_zero_multipliers", (net, x, count, targets, npz, scores) => Rescale(net, x, count, targets, npz, "zero", scores, true)),
        ("dlshap", (net, x, count, targets, npz, scores) => SpanExplainers.DeepLift<float>(net, x, count, targets, Rule.Rescale,
            References.Several(Laws.Floats(npz["dlshap_baselines"].Values), npz["dlshap_baselines"].Shape[0]), scores)),
    ];

    private static readonly (string Network, string Key, Answer Answer)[] layers =
    [
        ("mnist_cnn", "layer_conv2_activation",
            (net, x, count, _, _, values) => SpanExplainers.LayerActivation(net, "Conv2", x, count, values)),
        ("mnist_cnn", "layer_conv2_gradxact",
            (net, x, count, targets, _, scores) => SpanExplainers.LayerGradientTimesActivation(net, "Conv2", x, count, targets, scores)),
        ("mnist_cnn", "layer_conv2_gradcam",
            (net, x, count, targets, _, scores) => SpanExplainers.GradCam(net, "Conv2", x, count, targets, scores)),
        ("mnist_cnn", "layer_conv2_deeplift",
            (net, x, count, targets, npz, scores) => LayerRescale(net, "Conv2", x, count, targets, npz, "zero", scores)),
        ("mnist_cnn", "layer_relu3_deeplift",
            (net, x, count, targets, npz, scores) => LayerRescale(net, "relu3", x, count, targets, npz, "zero", scores)),
        ("genomics_cnn", "deeplift_background",
            (net, x, count, targets, npz, scores) => Rescale(net, x, count, targets, npz, "background", scores, false)),
        ("genomics_cnn", "layer_relu1_deeplift",
            (net, x, count, targets, npz, scores) => LayerRescale(net, "relu1", x, count, targets, npz, "background", scores)),
        ("genomics_cnn", "layer_relu2_gradxact",
            (net, x, count, targets, _, scores) => SpanExplainers.LayerGradientTimesActivation(net, "relu2", x, count, targets, scores)),
        ("genomics_cnn", "layer_relu3_deeplift",
            (net, x, count, targets, npz, scores) => LayerRescale(net, "relu3", x, count, targets, npz, "background", scores)),
        ("tabular_mlp", "deeplift_mean",
            (net, x, count, targets, npz, scores) => Rescale(net, x, count, targets, npz, "mean", scores, false)),
        ("mnist_cnn", "occlusion_4x4_stride4", (net, x, count, targets, _, scores) =>
            SpanExplainers.Occlusion(net, new SlidingWindow([1, 4, 4], [1, 4, 4]), x, count, targets, default, scores)),
        ("mnist_cnn", "occlusion_5x5_stride3", (net, x, count, targets, _, scores) =>
            SpanExplainers.Occlusion(net, new SlidingWindow([1, 5, 5], [1, 3, 3]), x, count, targets, default, scores)),
        ("genomics_cnn", "occlusion_position",
            (net, x, count, targets, _, scores) =>
                SpanExplainers.Occlusion(net, new SlidingWindow(4, 1), x, count, targets, default, scores)),
        ("tabular_mlp", "feature_ablation_zero",
            (net, x, count, targets, _, scores) => SpanExplainers.Ablation(net, null, x, count, targets, default, scores)),
    ];

    public static TheoryData<string, string> Keys
    {
        get
        {
            var keys = new TheoryData<string, string>();
            foreach (var network in NetworkSources.Trained)
            {
                var has = Npz.Golden(network + ".npz").Names.ToHashSet();
                foreach (var key in everywhere.Select(each => each.Key)
                    .Concat(layers.Where(layer => layer.Network == network).Select(layer => layer.Key))
                    .Where(has.Contains)
                    .Where(key => !IsUnresolved(network, key)))
                    keys.Add(network, key);
            }
            return keys;
        }
    }

    // From the zero embedding the gradient changes over less of the path than lies between two points: rounding moves the integral.
    private static bool IsUnresolved(string network, string key) =>
        network == "lstm_lm" && key.StartsWith("igx_zero", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Keys))]
    public void AgreesWithPyTorchAndCaptum(string network, string key)
    {
        var npz = Npz.Golden(network + ".npz");
        var (net, x) = (NetworkLaws.Load(network).Compiled, npz["x"]);
        var answer = everywhere.Concat(layers.Where(layer => layer.Network == network).Select(layer => (layer.Key, layer.Answer)))
            .First(each => each.Key == key).Answer;
        var (count, scores) = (x.Shape[0], new float[npz[key].Values.Length]);
        answer(net, Laws.Floats(x.Values), count, Targets.PerInput(Array.ConvertAll(npz["target"].Integers(), Target.Unit)), npz, scores);
        Compare.Rows($"{network} {key}", Array.ConvertAll(scores, score => (double)score), npz[key].Values, count, Tolerance);
    }

    private static void Path(INetwork net, ReadOnlySpan<float> x, int count, Targets targets, Quadrature quadrature, Span<float> scores) =>
        SpanExplainers.IntegratedGradients<float>(net, x, count, targets, default, scores,
            new PathOptions { Quadrature = quadrature, Steps = 50 });

    private static void Rescale(INetwork net, ReadOnlySpan<float> x, int count, Targets targets, Npz npz, string reference,
        Span<float> scores, bool multipliers)
    {
        var answers = multipliers
            ? new ScoreSpans<float> { Scores = new float[scores.Length], Multipliers = scores }
            : new ScoreSpans<float> { Scores = scores };
        SpanExplainers.DeepLift(net, x, count, targets, Rule.Rescale,
            References.PerInput(Laws.Floats(npz[$"baseline_{reference}"].Values)),
            answers);
    }

    private static void LayerRescale(INetwork net, string layer, ReadOnlySpan<float> x, int count, Targets targets, Npz npz,
        string reference, Span<float> scores) =>
        SpanExplainers.LayerDeepLift<float>(net, layer, x, count, targets, Rule.Rescale,
            References.PerInput(Laws.Floats(npz[$"baseline_{reference}"].Values)), scores);
}
