namespace Whence;

using System.Numerics;

public static partial class Explain
{
    /// <summary>
    /// The gradients at points of the path, taken at x0 + alpha (x - x0) and not multiplied by alpha (arXiv 1611.02639, section 2);
    /// scores [count, points, InputSize], sums [count, points] with the target at each point. The points' weights are not used.
    /// </summary>
    public static void InteriorGradients<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        PathPoints points, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(points);
        Along(net, Score.Interior, -1, x, count, targets, references, scores, sums, options ?? Options.Default, points);
    }

    /// <summary>
    /// Integrated gradients (arXiv 1611.02639, 1703.01365): (x - x0) times the average gradient on the straight path from the
    /// reference; averaged over several references. Scores [count, InputSize]. Points of one's own go before the options' steps.
    /// </summary>
    public static void IntegratedGradients<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores,
        Span<Completeness> sums = default, PathOptions? options = null, PathPoints? points = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Along(net, Score.Integral, -1, x, count, targets, references, scores, sums, options ?? PathOptions.Default, points);

    /// <summary>
    /// Integrated gradients of a named layer: the path runs between the layer's values at the reference and at the input, while what
    /// does not pass the layer sees the input (Captum's LayerIntegratedGradients). Scores [count, the layer's size].
    /// </summary>
    public static void LayerIntegratedGradients<T>(IWalks<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, Span<T> scores,
        Span<Completeness> sums = default, PathOptions? options = null, PathPoints? points = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        Along(net, Score.LayerIntegral, Check.Layer(net.Signature, layer, nameof(layer)), x, count, targets, references, scores, sums,
            options ?? PathOptions.Default, points);
    }

    /// <summary>
    /// Conductance of a named layer's units (arXiv 1805.12233, in the form of 1807.09946): the gradient at the layer, summed over the
    /// layer's moves along the path from the reference's values to the input's (<see cref="ConductanceSum"/>). Complete where all paths to
    /// the target pass the layer; else the gap is what passes by it. Scores [count, the layer's size].
    /// </summary>
    public static void Conductance<T>(IWalks<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores,
        Span<Completeness> sums = default, PathOptions? options = null, PathPoints? points = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        Along(net, Score.Conductance, Check.Layer(net.Signature, layer, nameof(layer)), x, count, targets, references, scores, sums,
            options ?? PathOptions.Default, points);
    }

    /// <summary>
    /// Internal influence (arXiv 1802.03788): the average over the path of the gradient at a named layer. Scores [count, the layer's size].
    /// </summary>
    public static void InternalInfluence<T>(IWalks<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, Span<T> scores,
        Span<Completeness> sums = default, PathOptions? options = null, PathPoints? points = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        Along(net, Score.Influence, Check.Layer(net.Signature, layer, nameof(layer)), x, count, targets, references, scores, sums,
            options ?? PathOptions.Default, points);
    }

    /// <summary>
    /// Conductance of one neuron, split over the inputs (arXiv 1805.12233): (x - x0) times the average on the path of the target's
    /// gradient at the neuron times the neuron's gradient. Scores [count, InputSize].
    /// </summary>
    public static void NeuronConductance<T>(IWalks<T> net, string layer, int unit, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, Span<T> scores,
        Span<Completeness> sums = default, PathOptions? options = null, PathPoints? points = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        var at = Check.Layer(net.Signature, layer, nameof(layer));
        var size = Sizes.Of(net.Signature.Points[at].Shape);
        if ((uint)unit >= (uint)size)
            throw new ArgumentOutOfRangeException(nameof(unit), unit,
                $"Layer {layer} {net.Signature.Points[at].Shape} has {size} units, counted from 0, but unit {unit} was asked for.");
        Along(net, Score.NeuronConductance, -1, x, count, targets, references, scores, sums, options ?? PathOptions.Default, points, at,
            unit);
    }

    /// <summary>
    /// Expected gradients (Erion et al., arXiv 1906.10670): over random references and random points on their paths, the mean of (x - x0)
    /// times the gradient there; every input has the same draws. Complete in expectation, so the gap is the error of the draws. Scores
    /// [count, InputSize].
    /// </summary>
    public static void ExpectedGradients<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores,
        Span<Completeness> sums = default, SamplingOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        options ??= SamplingOptions.Default;
        new Ask<T>
        {
            Net = net, Score = Score.Expected, Flow = Flow.Gradient, X = x, Count = count, Targets = targets, References = references,
            Samples = options.Samples ?? 200, RandomSeed = options.Seed,
            Scores = scores, Sums = sums, Options = options,
        }.Answer();
    }

    private static void Along<T>(IWalks<T> net, Score score, int to, ReadOnlySpan<T> x, int count, Targets targets,
        References<T> references, Span<T> scores, Span<Completeness> sums,
        Options options, PathPoints? points, int layer = -1, int unit = 0) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        new Ask<T>
        {
            Net = net, Score = score, Flow = Flow.Gradient, X = x, Count = count, Targets = targets, References = references, To = to,
            Layer = layer, Unit = unit,
            Points = points, Scores = scores, Sums = sums, Options = options,
        }.Answer();
    }
}
