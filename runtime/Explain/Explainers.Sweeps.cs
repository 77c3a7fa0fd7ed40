namespace Whence;

public static partial class Explainers
{
    /// <summary>
    /// SmoothGrad (arXiv 1706.03825): the mean of a method's scores, or without one of the gradient, over noisy copies of the input.
    /// </summary>
    public static Attribution SmoothGrad(this INetwork net, ReadOnlySpan<float> x, Target target, NoiseOptions? options = null,
        Explanation<float>? method = null) =>
        net.SmoothGrad(x, 1, target, options, method)[0];

    /// <inheritdoc cref="SmoothGrad(INetwork, ReadOnlySpan{float}, Target, NoiseOptions, Explanation{float})"/>
    public static Attributions SmoothGrad(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        NoiseOptions? options = null, Explanation<float>? method = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        var made = Make(net, "SmoothGrad", net.Signature.Inputs, count, targets, default, false);
        Explain.SmoothGrad(net, x, count, targets, made.Scores, options, method);
        return WithOutputs(net, made, x, count, targets);
    }

    /// <summary>
    /// VarGrad (arXiv 1810.03292): the variance of a method's scores, or without one of the gradient, over noisy copies of the input.
    /// </summary>
    public static Attribution VarGrad(this INetwork net, ReadOnlySpan<float> x, Target target, NoiseOptions? options = null,
        Explanation<float>? method = null) =>
        net.VarGrad(x, 1, target, options, method)[0];

    /// <inheritdoc cref="VarGrad(INetwork, ReadOnlySpan{float}, Target, NoiseOptions, Explanation{float})"/>
    public static Attributions VarGrad(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets, NoiseOptions? options = null,
        Explanation<float>? method = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        var made = Make(net, "VarGrad", net.Signature.Inputs, count, targets, default, false);
        Explain.VarGrad(net, x, count, targets, made.Scores, options, method);
        return WithOutputs(net, made, x, count, targets);
    }

    /// <summary>
    /// The target at points of the path from the reference to the input: how soon it saturates (arXiv 1611.02639, section 2.2).
    /// </summary>
    public static Curve ScoreAlong(this INetwork net, ReadOnlySpan<float> x, Target target, ReadOnlySpan<double> alphas,
        References<float> references = default)
    {
        var values = new float[alphas.Length];
        Explain.ScoreAlong(net, x, 1, target, references, new PathPoints(alphas), values);
        return new Curve($"score of {target}", alphas.ToArray(), Array.ConvertAll(values, value => (double)value));
    }

    /// <summary>
    /// The mean magnitude of the gradient at points of the path from the reference to the input (arXiv 1611.02639, section 2.2); the paper
    /// plots it normalised.
    /// </summary>
    public static Curve GradientAlong(this IGradientNetwork net, ReadOnlySpan<float> x, Target target, ReadOnlySpan<double> alphas,
        References<float> references = default)
    {
        var values = new double[alphas.Length];
        Explain.GradientAlong(net, x, 1, target, references, new PathPoints(alphas), values);
        return new Curve($"mean |gradient| of {target}", alphas.ToArray(), values);
    }

    /// <summary>How far a named layer's values at points of the path are from those at the input (arXiv 1611.02639, appendix).</summary>
    public static LayerDistances LayerAlong(this INetwork net, string layer, ReadOnlySpan<float> x, ReadOnlySpan<double> alphas,
        References<float> references = default)
    {
        var (euclidean, cosine) = (new double[alphas.Length], new double[alphas.Length]);
        Explain.LayerAlong(net, layer, x, 1, references, new PathPoints(alphas), euclidean, cosine);
        return new LayerDistances(new Curve($"L2 distance of {layer}", alphas.ToArray(), euclidean),
            new Curve($"cosine distance of {layer}", alphas.ToArray(), cosine));
    }

    // Of a method over methods only the scores are known: the target at the input itself comes beside them.
    private static Attributions WithOutputs(INetwork net, Attributions made, ReadOnlySpan<float> x, int count, Targets targets)
    {
        var outputs = new float[made.Sums.Length];
        Explain.ScoreAlong(net, x, count, targets, default, AtInput, outputs);
        for (var i = 0; i < outputs.Length; i++)
            made.Sums[i] = new Completeness(outputs[i], double.NaN, 0, 0, false, 0, null);
        made.DropSums();
        return made;
    }

    private static readonly PathPoints AtInput = new([1.0]);
}
