namespace Whence;

public static partial class Explainers
{
    /// <summary>
    /// Layer-wise relevance propagation with the epsilon rule (Bach et al. 2015): each element's relevance for the target's value; the gap,
    /// taken against 0, is what biases and the stabiliser absorbed.
    /// </summary>
    public static Attribution LrpEpsilon(this ILrpNetwork net, ReadOnlySpan<float> x, Target target, Options? options = null) =>
        net.LrpEpsilon(x, 1, target, options)[0];

    /// <inheritdoc cref="LrpEpsilon(ILrpNetwork, ReadOnlySpan{float}, Target, Options)"/>
    public static Attributions LrpEpsilon(this ILrpNetwork net, ReadOnlySpan<float> x, int count, Targets targets, Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        var made = Make(net, "LrpEpsilon", net.Signature.Inputs, count, targets, default, false);
        Explain.LrpEpsilon(net, x, count, targets, made.Scores, made.Sums, options);
        return made;
    }
}
