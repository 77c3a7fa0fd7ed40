namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>The gradient at a named layer.</summary>
internal readonly struct LayerGradient(string layer) : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = "LayerGradient", To = Check.Layer(net, layer, nameof(layer)),
    };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>The gradient of the target at a named layer; scores [count, the layer's size].</summary>
    public static void LayerGradient<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets, ScoreSpans<T> scores,
        ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new LayerGradient(layer), x, count, targets, default, scores, options);
}

public static partial class Explainers
{
    /// <summary>The gradient of the target at a named layer.</summary>
    public static Attribution LayerGradient(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        ExplainOptions? options = null) =>
        net.LayerGradient(layer, x, 1, target, options)[0];

    /// <inheritdoc cref="LayerGradient(IGradientNetwork, string, ReadOnlySpan{float}, Target, ExplainOptions)"/>
    public static Attributions LayerGradient(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, int count, Targets targets,
        ExplainOptions? options = null) =>
        net.Explain(new LayerGradient(layer), x, count, targets, default, options);
}
