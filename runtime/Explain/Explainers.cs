namespace Whence;

public static partial class Explainers
{
    /// <summary>
    /// The outputs, y [count, OutputSize], of the inputs x [count, InputSize], all of them finite; a batch can be spread over threads.
    /// </summary>
    /// <exception cref="NonFiniteException">An output is infinite or not a number.</exception>
    public static void Predict(this INetwork net, ReadOnlySpan<float> x, Span<float> y, int count, int threads) =>
        Explain.Predict(net, x, y, count, threads);

    /// <summary>As Predict, but lets outputs through that are infinite or not a number.</summary>
    public static void PredictUnchecked(this INetwork net, ReadOnlySpan<float> x, Span<float> y, int count, int threads) =>
        Explain.PredictUnchecked(net, x, y, count, threads);

    /// <summary>As Predict, but lets outputs through that are infinite or not a number.</summary>
    public static float[] PredictUnchecked(this INetwork net, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(net);
        var y = new float[net.Signature.OutputSize];
        Explain.PredictUnchecked(net, x, y, 1);
        return y;
    }

    /// <summary>The outputs of one input, all one after the other, all of them finite.</summary>
    /// <exception cref="NonFiniteException">An output is infinite or not a number.</exception>
    public static float[] Predict(this INetwork net, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(net);
        var y = new float[net.Signature.OutputSize];
        Explain.Predict(net, x, y, 1);
        return y;
    }

    /// <summary>The values of a named layer for one input, in the user's axis order.</summary>
    public static float[] LayerActivation(this INetwork net, string layer, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(net);
        var values = new float[Sizes.Of(net.Signature.Points[Check.Layer(net.Signature, layer, nameof(layer))].Shape)];
        Explain.LayerActivation(net, layer, x, 1, values);
        return values;
    }

    private static Attributions Make(INetwork net, string method, IReadOnlyList<Port> ports, int count, scoped in Targets targets,
        scoped in References<float> references, bool compared,
        bool parts = false, Rule? rule = null, Quadrature? quadrature = null, ReadOnlySpan<double> alphas = default)
    {
        if (count < 0)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The number of inputs is at least 0, but is {count}.");
        Check.Targets(targets, count);
        Check.References(net, references, count, false);
        return new Attributions(net.Signature, method, ports, count, targets, references, compared, alphas, parts)
        {
            Rule = rule,
            Quadrature = quadrature,
        };
    }

    private static DeepLiftScores<float> Into(Attributions made) =>
        new() { Contributions = made.Scores, Positive = made.Positive, Negative = made.Negative, Multipliers = made.Multipliers };

    private static Port[] LayerPorts(INetwork net, string layer) =>
        [new Port(layer, net.Signature.Points[Check.Layer(net.Signature, layer, nameof(layer))].ScoreShape)];

    // Grad-CAM leaves one channel.
    private static Port[] CamPorts(INetwork net, string layer) =>
        [new Port(layer, LayerPorts(net, layer)[0].Shape.With(0, 1))];

    private static Rule RuleOf(Flow flow) => flow switch
    {
        Flow.RevealCancel => Rule.RevealCancel,
        Flow.Genomics => Rule.Genomics,
        _ => Rule.Rescale,
    };
}
