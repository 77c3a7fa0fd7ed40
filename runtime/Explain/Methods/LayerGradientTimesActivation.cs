namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>The gradient at a named layer times the layer's value.</summary>
internal readonly struct LayerGradientTimesActivation(string layer) : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "LayerGradientTimesActivation", To = Check.Layer(net, layer, nameof(layer)), Finish = Finish.TimesValue,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>The gradient at a named layer times the layer's value; scores [count, the layer's size].</summary>
    public static void LayerGradientTimesActivation<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets,
        ScoreSpans<T> scores, ExplainOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new LayerGradientTimesActivation(layer), x, count, targets, default, scores, options);
}

public static partial class Explainers
{
    /// <summary>The gradient at a named layer times the layer's value.</summary>
    public static Attribution LayerGradientTimesActivation(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        ExplainOptions? options = null) =>
        net.LayerGradientTimesActivation(layer, x, 1, target, options)[0];

    /// <inheritdoc cref="LayerGradientTimesActivation(IGradientNetwork, string, ReadOnlySpan{float}, Target, ExplainOptions)"/>
    public static Attributions LayerGradientTimesActivation(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, int count,
        Targets targets, ExplainOptions? options = null) =>
        net.Explain(new LayerGradientTimesActivation(layer), x, count, targets, default, options);
}
