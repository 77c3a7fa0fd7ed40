namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>A network compiled with <c>Methods.Gradient</c>: saliency, gradient times input, Grad-CAM, neuron gradients.</summary>
public interface IGradientNetwork : INetwork;

/// <summary>The gradient at the input (saliency, Simonyan et al. 2013, arXiv 1312.6034).</summary>
internal readonly struct Gradient : IMethod
{
    public Recipe Recipe(Signature net) => new() { Name = "Gradient" };

    public void Place(int row, ref RowSpec spec)
    {
    }
}

public static partial class SpanExplainers
{
    /// <summary>The signed gradient of the target at the input (saliency, Simonyan et al. 2013); scores [count, InputSize].</summary>
    /// <remarks>With <see cref="Target.Layer(string, int)"/> it is the gradient of a neuron.</remarks>
    public static void Gradient<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, ScoreSpans<T> scores,
        ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        With(net, new Gradient(), x, count, targets, default, scores, options);
}

public static partial class Explainers
{
    /// <summary>
    /// The signed gradient of the target at the input (saliency, Simonyan et al. 2013); with <see cref="Target.Layer(string, int)"/>, of a
    /// neuron.
    /// </summary>
    public static Attribution Gradient(this IGradientNetwork net, ReadOnlySpan<float> x, Target target, ExplainOptions? options = null) =>
        net.Gradient(x, 1, target, options)[0];

    /// <inheritdoc cref="Gradient(IGradientNetwork, ReadOnlySpan{float}, Target, ExplainOptions)"/>
    public static Attributions Gradient(this IGradientNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        ExplainOptions? options = null) =>
        net.Explain(new Gradient(), x, count, targets, default, options);
}
