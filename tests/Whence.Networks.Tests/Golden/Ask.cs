using Whence.CompilerServices;
using Whence.Networks.Tests.Interpret;

namespace Whence.Networks.Tests.Golden;

/// <summary>Short ways to put the questions of the small vectors.</summary>
internal static class Ask
{
    public static double[] Predict(InterpretedNetwork net, double[] x, int count = 1)
    {
        var y = new double[count * net.Signature.OutputSize];
        SpanExplainers.Predict<double>(net, x, y, count);
        return y;
    }

    public static double[] Activation(InterpretedNetwork net, string layer, double[] x, int count = 1)
    {
        var values = new double[count * Size(net, layer)];
        SpanExplainers.LayerActivation<double>(net, layer, x, count, values);
        return values;
    }

    public static DeepLiftAnswer DeepLift(InterpretedNetwork net, Target target, Rule rule, double[] x, double[] references, int count = 1,
        string? layer = null)
    {
        var size = count * (layer is null ? net.Signature.InputSize : Size(net, layer));
        var answer = new DeepLiftAnswer(new double[size], new double[size], new Completeness[count]);
        var scores = new ScoreSpans<double> { Scores = answer.Contributions, Multipliers = answer.Multipliers };
        if (layer is null)
            SpanExplainers.DeepLift(net, x, count, target, rule, References.PerInput(references),
                scores with { Sums = answer.Sums });
        else
            SpanExplainers.LayerDeepLift(net, layer, x, count, target, rule, References.PerInput(references),
                scores with { Sums = answer.Sums });
        return answer;
    }

    public static double[] Integrated(InterpretedNetwork net, Target target, double[] x, double[] references, int count = 1,
        Quadrature quadrature = Quadrature.Midpoint, int steps = 50)
    {
        var scores = new double[x.Length];
        SpanExplainers.IntegratedGradients<double>(net, x, count, target, References.PerInput(references), scores,
            new PathOptions { Quadrature = quadrature, Steps = steps });
        return scores;
    }

    /// <summary>The two parts of a layer's difference from its reference.</summary>
    public static (double[] Positive, double[] Negative) Parts(InterpretedNetwork net, Pass pass, string layer, double[] x,
        double[] references, int count = 1)
    {
        var (point, size) = (Point(net, layer), count * Size(net, layer));
        var (positive, negative) = (new double[size], new double[size]);
        var arguments = new BackwardArguments<double>
        {
            X = x, Rows = count, Kept = references, ReferenceRows = count, From = 0, Seed = new double[net.Signature.Points[0].Shape.Size],
            SeedRows = 1,
            To = point, InjectAt = -1, Multipliers = new double[size], PositiveDelta = positive, NegativeDelta = negative,
        };
        ((IHostPasses<double>)net).Backward(pass, ref arguments);
        return (positive, negative);
    }

    private static int Size(InterpretedNetwork net, string layer) => net.Signature.Points[Point(net, layer)].Shape.Size;

    private static int Point(InterpretedNetwork net, string layer) =>
        Enumerable.Range(0, net.Signature.Points.Count)
            .First(i => net.Signature.Points[i].Kind == PointKind.Layer && net.Signature.Points[i].Name == layer);
}

/// <summary>DeepLIFT's answer to a batch.</summary>
internal sealed record DeepLiftAnswer(double[] Contributions, double[] Multipliers, Completeness[] Sums);
