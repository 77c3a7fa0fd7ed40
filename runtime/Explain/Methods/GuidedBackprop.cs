namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>A network compiled with <c>Methods.GuidedBackprop</c>.</summary>
public interface IGuidedBackpropNetwork : INetwork;

/// <summary>Guided backprop (arXiv 1412.6806): the gradient, where it and the activation are positive.</summary>
internal readonly struct GuidedBackprop : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "GuidedBackprop", Pass = Pass.GuidedBackprop,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

/// <summary>Guided backprop times (input - reference).</summary>
internal readonly struct GuidedBackpropTimesInput : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "GuidedBackpropTimesInput", Pass = Pass.GuidedBackprop, Finish = Finish.TimesDifference, Compares = true,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>Guided backprop (arXiv 1412.6806); scores [count, InputSize].</summary>
    public static void GuidedBackprop<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, ScoreSpans<T> scores,
        ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new GuidedBackprop(), x, count, targets, default, scores, options);

    /// <summary>Guided backprop times (input - reference), as the DeepLIFT paper compares with; scores [count, InputSize].</summary>
    public static void GuidedBackpropTimesInput<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new GuidedBackpropTimesInput(), x, count, targets, references, scores, options);
}

public static partial class Explainers
{
    /// <summary>Guided backprop (arXiv 1412.6806).</summary>
    public static Attribution GuidedBackprop(this IGuidedBackpropNetwork net, ReadOnlySpan<float> x, Target target,
        ExplainOptions? options = null) =>
        net.GuidedBackprop(x, 1, target, options)[0];

    /// <inheritdoc cref="GuidedBackprop(IGuidedBackpropNetwork, ReadOnlySpan{float}, Target, ExplainOptions)"/>
    public static Attributions GuidedBackprop(this IGuidedBackpropNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        ExplainOptions? options = null) =>
        net.Explain(new GuidedBackprop(), x, count, targets, default, options);

    /// <summary>Guided backprop times (input - reference), as the DeepLIFT paper compares with.</summary>
    public static Attribution GuidedBackpropTimesInput(this IGuidedBackpropNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, ExplainOptions? options = null) =>
        net.GuidedBackpropTimesInput(x, 1, target, references, options)[0];

    /// <inheritdoc
    /// cref="GuidedBackpropTimesInput(IGuidedBackpropNetwork, ReadOnlySpan{float}, Target, References{float}, ExplainOptions)"/>
    public static Attributions GuidedBackpropTimesInput(this IGuidedBackpropNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, ExplainOptions? options = null) =>
        net.Explain(new GuidedBackpropTimesInput(), x, count, targets, references, options);
}
