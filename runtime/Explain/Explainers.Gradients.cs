namespace Whence;

/// <summary>
/// The questions one puts to a compiled network, answered with objects; <see cref="Explain"/> has them with spans and tells the errors.
/// </summary>
public static partial class Explainers
{
    /// <summary>
    /// The signed gradient of the target at the input (saliency, Simonyan et al. 2013); with <see cref="Target.Layer(string, int)"/>, of a
    /// neuron.
    /// </summary>
    public static Attribution Gradient(this IGradientNetwork net, ReadOnlySpan<float> x, Target target, Options? options = null) =>
        net.Gradient(x, 1, target, options)[0];

    /// <inheritdoc cref="Gradient(IGradientNetwork, ReadOnlySpan{float}, Target, Options)"/>
    public static Attributions Gradient(this IGradientNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        Options? options = null)
    {
        var made = Make(net, "Gradient", net.Signature.Inputs, count, targets, default, false);
        Explain.Gradient(net, x, count, targets, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>The gradient times (input - reference).</summary>
    public static Attribution GradientTimesInput(this IGradientNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, Options? options = null) =>
        net.GradientTimesInput(x, 1, target, references, options)[0];

    /// <inheritdoc cref="GradientTimesInput(IGradientNetwork, ReadOnlySpan{float}, Target, References{float}, Options)"/>
    public static Attributions GradientTimesInput(this IGradientNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Options? options = null)
    {
        var made = Make(net, "GradientTimesInput", net.Signature.Inputs, count, targets, references, true);
        Explain.GradientTimesInput(net, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>The gradient of the target at a named layer.</summary>
    public static Attribution LayerGradient(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        Options? options = null) =>
        net.LayerGradient(layer, x, 1, target, options)[0];

    /// <inheritdoc cref="LayerGradient(IGradientNetwork, string, ReadOnlySpan{float}, Target, Options)"/>
    public static Attributions LayerGradient(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, int count, Targets targets,
        Options? options = null)
    {
        var made = Make(net, "LayerGradient", LayerPorts(net, layer), count, targets, default, false);
        Explain.LayerGradient(net, layer, x, count, targets, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>The gradient at a named layer times the layer's value.</summary>
    public static Attribution LayerGradientTimesActivation(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        Options? options = null) =>
        net.LayerGradientTimesActivation(layer, x, 1, target, options)[0];

    /// <inheritdoc cref="LayerGradientTimesActivation(IGradientNetwork, string, ReadOnlySpan{float}, Target, Options)"/>
    public static Attributions LayerGradientTimesActivation(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, int count,
        Targets targets, Options? options = null)
    {
        var made = Make(net, "LayerGradientTimesActivation", LayerPorts(net, layer), count, targets, default, false);
        Explain.LayerGradientTimesActivation(net, layer, x, count, targets, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// Grad-CAM (arXiv 1610.02391) at a named layer [channels, ...]: each channel's mean gradient times its values, summed over channels;
    /// with relu negative ones become 0, as in the paper.
    /// </summary>
    public static Attribution GradCam(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, Target target, bool relu = false,
        Options? options = null) =>
        net.GradCam(layer, x, 1, target, relu, options)[0];

    /// <inheritdoc cref="GradCam(IGradientNetwork, string, ReadOnlySpan{float}, Target, bool, Options)"/>
    public static Attributions GradCam(this IGradientNetwork net, string layer, ReadOnlySpan<float> x, int count, Targets targets,
        bool relu = false, Options? options = null)
    {
        var made = Make(net, "GradCam", CamPorts(net, layer), count, targets, default, false);
        Explain.GradCam(net, layer, x, count, targets, made.Scores, made.Sums, options, relu);
        return made;
    }
}
