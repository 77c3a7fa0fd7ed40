namespace Whence;

public static partial class Explainers
{
    /// <summary>Guided backprop (arXiv 1412.6806).</summary>
    public static Attribution GuidedBackprop(this IGuidedNetwork net, ReadOnlySpan<float> x, Target target, Options? options = null) =>
        net.GuidedBackprop(x, 1, target, options)[0];

    /// <inheritdoc cref="GuidedBackprop(IGuidedNetwork, ReadOnlySpan{float}, Target, Options)"/>
    public static Attributions GuidedBackprop(this IGuidedNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        Options? options = null)
    {
        var made = Make(net, "GuidedBackprop", net.Signature.Inputs, count, targets, default, false);
        Explain.GuidedBackprop(net, x, count, targets, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>Guided backprop times (input - reference), as the DeepLIFT paper compares with.</summary>
    public static Attribution GuidedBackpropTimesInput(this IGuidedNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, Options? options = null) =>
        net.GuidedBackpropTimesInput(x, 1, target, references, options)[0];

    /// <inheritdoc cref="GuidedBackpropTimesInput(IGuidedNetwork, ReadOnlySpan{float}, Target, References{float}, Options)"/>
    public static Attributions GuidedBackpropTimesInput(this IGuidedNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Options? options = null)
    {
        var made = Make(net, "GuidedBackpropTimesInput", net.Signature.Inputs, count, targets, references, true);
        Explain.GuidedBackpropTimesInput(net, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>DeconvNet (Zeiler and Fergus 2013).</summary>
    public static Attribution DeconvNet(this IGuidedNetwork net, ReadOnlySpan<float> x, Target target, Options? options = null) =>
        net.DeconvNet(x, 1, target, options)[0];

    /// <inheritdoc cref="DeconvNet(IGuidedNetwork, ReadOnlySpan{float}, Target, Options)"/>
    public static Attributions DeconvNet(this IGuidedNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        Options? options = null)
    {
        var made = Make(net, "DeconvNet", net.Signature.Inputs, count, targets, default, false);
        Explain.DeconvNet(net, x, count, targets, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>DeconvNet times (input - reference).</summary>
    public static Attribution DeconvNetTimesInput(this IGuidedNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, Options? options = null) =>
        net.DeconvNetTimesInput(x, 1, target, references, options)[0];

    /// <inheritdoc cref="DeconvNetTimesInput(IGuidedNetwork, ReadOnlySpan{float}, Target, References{float}, Options)"/>
    public static Attributions DeconvNetTimesInput(this IGuidedNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Options? options = null)
    {
        var made = Make(net, "DeconvNetTimesInput", net.Signature.Inputs, count, targets, references, true);
        Explain.DeconvNetTimesInput(net, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// Rescale where the multiplier is positive, the DeepLIFT authors' comparison: times (input - reference), not complete.
    /// </summary>
    public static Attribution GuidedBackpropRescale(this IGuidedNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, Options? options = null) =>
        net.GuidedBackpropRescale(x, 1, target, references, options)[0];

    /// <inheritdoc cref="GuidedBackpropRescale(IGuidedNetwork, ReadOnlySpan{float}, Target, References{float}, Options)"/>
    public static Attributions GuidedBackpropRescale(this IGuidedNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Options? options = null)
    {
        var made = Make(net, "GuidedBackpropRescale", net.Signature.Inputs, count, targets, references, true, options?.Parts ?? true);
        Explain.GuidedBackpropRescale(net, x, count, targets, references, Into(made), made.Sums, options);
        return made;
    }
}
