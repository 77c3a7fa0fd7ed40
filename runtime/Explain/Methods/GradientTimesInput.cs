namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>The gradient times (input - reference).</summary>
internal readonly struct GradientTimesInput : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "GradientTimesInput", Finish = Finish.TimesDifference, Compares = true,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>The gradient times (input - reference); scores [count, InputSize].</summary>
    public static void GradientTimesInput<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new GradientTimesInput(), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>The gradient times (input - reference).</summary>
    public static Attribution GradientTimesInput(this IGradientNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, ExplainOptions? options = null) =>
        net.GradientTimesInput(x, 1, target, references, options)[0];

    /// <inheritdoc cref="GradientTimesInput(IGradientNetwork, ReadOnlySpan{float}, Target, References{float}, ExplainOptions)"/>
    public static Attributions GradientTimesInput(this IGradientNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, ExplainOptions? options = null) =>
        net.Explain(new GradientTimesInput(), x, count, targets, references, options);
}
