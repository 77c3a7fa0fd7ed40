namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>A network compiled with <c>Methods.LrpEpsilon</c>.</summary>
public interface ILrpNetwork : INetwork;

/// <summary>
/// Layer-wise relevance propagation with the epsilon rule (Bach et al. 2015): its multipliers times the input sum to the target but for
/// what biases and the stabiliser absorb.
/// </summary>
internal readonly struct LrpEpsilon : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "LrpEpsilon", Pass = Pass.LrpEpsilon, Finish = Finish.TimesInput, IsComplete = true, Remedy = Remedy.Stabiliser,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// Layer-wise relevance propagation with the epsilon rule (Bach et al. 2015): the relevance of each element of the input, of the
    /// target's value. Scores [count, InputSize]. The gap, taken against 0, is what biases and the stabiliser absorbed.
    /// </summary>
    public static void LrpEpsilon<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, ScoreSpans<T> scores,
        ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new LrpEpsilon(), x, count, targets, default, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// Layer-wise relevance propagation with the epsilon rule (Bach et al. 2015): each element's relevance for the target's value; the
    /// gap, taken against 0, is what biases and the stabiliser absorbed.
    /// </summary>
    public static Attribution LrpEpsilon(this ILrpNetwork net, ReadOnlySpan<float> x, Target target, ExplainOptions? options = null) =>
        net.LrpEpsilon(x, 1, target, options)[0];

    /// <inheritdoc cref="LrpEpsilon(ILrpNetwork, ReadOnlySpan{float}, Target, ExplainOptions)"/>
    public static Attributions LrpEpsilon(this ILrpNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        ExplainOptions? options = null) =>
        net.Explain(new LrpEpsilon(), x, count, targets, default, options);
}
