namespace Whence;

public static partial class Explainers
{
    /// <summary>
    /// Occlusion (Zeiler and Fergus 2013): how the target changes where what lies under a sliding window is the reference's; averaged over
    /// the windows that cover an element.
    /// </summary>
    public static Attribution Occlusion(this INetwork net, SlidingWindow window, ReadOnlySpan<float> x, Target target,
        References<float> references = default, Options? options = null) =>
        net.Occlusion(window, x, 1, target, references, options)[0];

    /// <inheritdoc cref="Occlusion(INetwork, SlidingWindow, ReadOnlySpan{float}, Target, References{float}, Options)"/>
    public static Attributions Occlusion(this INetwork net, SlidingWindow window, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        var made = Make(net, "Occlusion", net.Signature.Inputs, count, targets, references, true);
        Explain.Occlusion(net, window, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// Feature ablation: how the target changes when one group of elements, or each element by itself, is the reference's.
    /// </summary>
    public static Attribution Ablation(this INetwork net, ReadOnlySpan<float> x, Target target, References<float> references = default,
        Groups? groups = null, Options? options = null) =>
        net.Ablation(x, 1, target, references, groups, options)[0];

    /// <inheritdoc cref="Ablation(INetwork, ReadOnlySpan{float}, Target, References{float}, Groups, Options)"/>
    public static Attributions Ablation(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Groups? groups = null, Options? options = null)
    {
        var made = Make(net, "Ablation", GroupPorts(net, groups), count, targets, references, true);
        Explain.Ablation(net, groups, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// Shapley values over every coalition of at most 20 groups, or elements: what each adds to the target, averaged over all orders of
    /// joining; complete.
    /// </summary>
    public static Attribution ShapleyValues(this INetwork net, ReadOnlySpan<float> x, Target target, References<float> references = default,
        Groups? groups = null, Options? options = null) =>
        net.ShapleyValues(x, 1, target, references, groups, options)[0];

    /// <inheritdoc cref="ShapleyValues(INetwork, ReadOnlySpan{float}, Target, References{float}, Groups, Options)"/>
    public static Attributions ShapleyValues(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Groups? groups = null, Options? options = null)
    {
        var made = Make(net, "ShapleyValues", GroupPorts(net, groups), count, targets, references, true);
        Explain.ShapleyValues(net, groups, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>Shapley values over random orders of joining (Castro, Gomez and Tejada 2009), of groups or elements; complete.</summary>
    public static Attribution ShapleySampling(this INetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, Groups? groups = null, SamplingOptions? options = null) =>
        net.ShapleySampling(x, 1, target, references, groups, options)[0];

    /// <inheritdoc cref="ShapleySampling(INetwork, ReadOnlySpan{float}, Target, References{float}, Groups, SamplingOptions)"/>
    public static Attributions ShapleySampling(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Groups? groups = null, SamplingOptions? options = null)
    {
        var made = Make(net, "ShapleySampling", GroupPorts(net, groups), count, targets, references, true);
        Explain.ShapleySampling(net, groups, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// KernelSHAP (arXiv 1705.07874): weighted least squares over coalitions of groups or elements; complete, and exact where every
    /// coalition is asked.
    /// </summary>
    public static Attribution KernelShap(this INetwork net, ReadOnlySpan<float> x, Target target, References<float> references = default,
        Groups? groups = null, SamplingOptions? options = null) =>
        net.KernelShap(x, 1, target, references, groups, options)[0];

    /// <inheritdoc cref="KernelShap(INetwork, ReadOnlySpan{float}, Target, References{float}, Groups, SamplingOptions)"/>
    public static Attributions KernelShap(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, Groups? groups = null, SamplingOptions? options = null)
    {
        var made = Make(net, "KernelShap", GroupPorts(net, groups), count, targets, references, true);
        Explain.KernelShap(net, groups, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// In-silico mutagenesis of a one-hot input: at each position and letter, how the target changes when that letter stands there.
    /// </summary>
    public static Attribution Mutagenesis(this INetwork net, ReadOnlySpan<float> x, Target target, MutagenesisOptions? options = null) =>
        net.Mutagenesis(x, 1, target, options)[0];

    /// <inheritdoc cref="Mutagenesis(INetwork, ReadOnlySpan{float}, Target, MutagenesisOptions)"/>
    public static Attributions Mutagenesis(this INetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        MutagenesisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        var made = Make(net, "Mutagenesis", net.Signature.Inputs, count, targets, default, false);
        Explain.Mutagenesis(net, x, count, targets, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// Expected gradients (Erion et al., arXiv 1906.10670): over random references and random points on their paths, the mean of (x - x0)
    /// times the gradient there; complete in expectation, so the gap is the error of the draws.
    /// </summary>
    public static Attribution ExpectedGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references, SamplingOptions? options = null) =>
        net.ExpectedGradients(x, 1, target, references, options)[0];

    /// <inheritdoc cref="ExpectedGradients(IIntegratedGradientsNetwork, ReadOnlySpan{float}, Target, References{float}, SamplingOptions)"/>
    public static Attributions ExpectedGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references, SamplingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        var made = Make(net, "ExpectedGradients", net.Signature.Inputs, count, targets, references, true);
        Explain.ExpectedGradients(net, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    private static IReadOnlyList<Port> GroupPorts(INetwork net, Groups? groups)
    {
        ArgumentNullException.ThrowIfNull(net);
        return groups is null ? net.Signature.Inputs : [new Port("groups", new Shape(groups.Count))];
    }
}
