namespace Whence;

using System.Numerics;

// A method over methods: see OverNoise.
public static partial class SpanExplainers
{
    /// <summary>
    /// SmoothGrad (Smilkov et al., arXiv 1706.03825): the mean of a method's scores over noisy copies of each input; the gradient's, if no
    /// method is given. Scores [count, InputSize].
    /// </summary>
    public static void SmoothGrad<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        NoiseOptions? options = null,
        Explanation<T>? method = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OverNoise.Run(net, x, count, targets, scores, options, method, variance: false);
}

public static partial class Explainers
{
    /// <summary>
    /// SmoothGrad (arXiv 1706.03825): the mean of a method's scores, or without one of the gradient, over noisy copies of the input.
    /// </summary>
    public static Attribution SmoothGrad(this INetwork net, ReadOnlySpan<float> x, Target target, NoiseOptions? options = null,
        Explanation<float>? method = null) => net.SmoothGrad(x, 1, target, options, method)[0];

    /// <inheritdoc cref="SmoothGrad(INetwork, ReadOnlySpan{float}, Target, NoiseOptions, Explanation{float})"/>
    public static Attributions SmoothGrad(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        NoiseOptions? options = null,
        Explanation<float>? method = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        var made = Make(net, new() { Name = "SmoothGrad" }, x.Length, count, targets, default, parts: false);
        SpanExplainers.SmoothGrad(net, x, count, targets, made.Scores, options, method);
        return WithOutputs(net, made, x, count, targets);
    }
}
