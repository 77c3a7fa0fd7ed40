namespace Whence;

using System.Numerics;

public static partial class Explain
{
    /// <summary>The signed gradient of the target at the input (saliency, Simonyan et al. 2013); scores [count, InputSize].</summary>
    /// <remarks>With <see cref="Target.Layer(string, int)"/> it is the gradient of a neuron.</remarks>
    public static void Gradient<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Once(net, Flow.Gradient, x, count, targets, scores, sums, options);

    /// <summary>The gradient times (input - reference); scores [count, InputSize].</summary>
    public static void GradientTimesInput<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TimesInput(net, Flow.Gradient, x, count, targets, references, scores, sums, options);

    /// <summary>Guided backprop (arXiv 1412.6806); scores [count, InputSize].</summary>
    public static void GuidedBackprop<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Once(net, Flow.GuidedBackprop, x, count, targets, scores, sums, options);

    /// <summary>Guided backprop times (input - reference), as the DeepLIFT paper compares with; scores [count, InputSize].</summary>
    public static void GuidedBackpropTimesInput<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TimesInput(net, Flow.GuidedBackprop, x, count, targets, references, scores, sums, options);

    /// <summary>
    /// Layer-wise relevance propagation with the epsilon rule (Bach et al. 2015): the relevance of each element of the input, of the
    /// target's value. Scores [count, InputSize]. The gap, taken against 0, is what biases and the stabiliser absorbed.
    /// </summary>
    public static void LrpEpsilon<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TimesInput(net, Flow.LrpEpsilon, x, count, targets, default, scores, sums, options);

    /// <summary>DeconvNet (Zeiler and Fergus 2013); scores [count, InputSize].</summary>
    public static void DeconvNet<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Once(net, Flow.DeconvNet, x, count, targets, scores, sums, options);

    /// <summary>DeconvNet times (input - reference); scores [count, InputSize].</summary>
    public static void DeconvNetTimesInput<T>(IWalks<T> net, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TimesInput(net, Flow.DeconvNet, x, count, targets, references, scores, sums, options);

    /// <summary>The gradient of the target at a named layer; scores [count, the layer's size].</summary>
    public static void LayerGradient<T>(IWalks<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AtLayer(net, Score.Multiplier, layer, x, count, targets, scores, sums, options, false);

    /// <summary>The gradient at a named layer times the layer's value; scores [count, the layer's size].</summary>
    public static void LayerGradientTimesActivation<T>(IWalks<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets,
        Span<T> scores,
        Span<Completeness> sums = default, Options? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AtLayer(net, Score.TimesActivation, layer, x, count, targets, scores, sums, options, false);

    /// <summary>
    /// Grad-CAM (arXiv 1610.02391) at a named layer [channels, ...]: each channel's mean gradient times its values, summed over
    /// channels; scores [count, positions]. With relu negative ones become 0, as in the paper.
    /// </summary>
    public static void GradCam<T>(IWalks<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums = default, Options? options = null, bool relu = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AtLayer(net, Score.GradCam, layer, x, count, targets, scores, sums, options, relu);

    private static void Once<T>(IWalks<T> net, Flow flow, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums, Options? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        new Ask<T>
        {
            Net = net, Score = Score.Multiplier, Flow = flow, X = x, Count = count, Targets = targets, Scores = scores, Sums = sums,
            Options = options ?? Options.Default,
        }.Answer();
    }

    private static void TimesInput<T>(IWalks<T> net, Flow flow, ReadOnlySpan<T> x, int count, Targets targets, References<T> references,
        Span<T> scores, Span<Completeness> sums, Options? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        new Ask<T>
        {
            Net = net, Score = Score.TimesInput, Flow = flow, X = x, Count = count, Targets = targets, References = references,
            Scores = scores, Sums = sums,
            Options = options ?? Options.Default,
        }.Answer();
    }

    private static void AtLayer<T>(IWalks<T> net, Score score, string layer, ReadOnlySpan<T> x, int count, Targets targets, Span<T> scores,
        Span<Completeness> sums, Options? options, bool relu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        new Ask<T>
        {
            Net = net, Score = score, Flow = Flow.Gradient, X = x, Count = count, Targets = targets,
            To = Check.Layer(net.Signature, layer, nameof(layer)), Relu = relu,
            Scores = scores, Sums = sums, Options = options ?? Options.Default,
        }.Answer();
    }
}
