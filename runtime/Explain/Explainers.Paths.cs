namespace Whence;

public static partial class Explainers
{
    /// <summary>
    /// Integrated gradients (arXiv 1611.02639, 1703.01365): (x - x0) times the average gradient on the straight path from the reference;
    /// averaged over several references.
    /// </summary>
    public static Attribution IntegratedGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, Target target,
        References<float> references = default, PathOptions? options = null) =>
        net.IntegratedGradients(x, 1, target, references, options)[0];

    /// <inheritdoc cref="IntegratedGradients(IIntegratedGradientsNetwork, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions IntegratedGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        References<float> references = default, PathOptions? options = null)
    {
        var made = Make(net, "IntegratedGradients", net.Signature.Inputs, count, targets, references, true,
            quadrature: (options ?? PathOptions.Default).Quadrature);
        Explain.IntegratedGradients(net, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// The gradients at points of the path from the reference (alpha = 0) to the input (alpha = 1), not multiplied by alpha
    /// (arXiv 1611.02639, section 2); one explanation for each point, whose Output is the target there.
    /// </summary>
    public static Attributions InteriorGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, Target target,
        ReadOnlySpan<double> alphas, References<float> references = default, Options? options = null) =>
        net.InteriorGradients(x, 1, target, alphas, references, options);

    /// <inheritdoc
    /// cref="InteriorGradients(IIntegratedGradientsNetwork, ReadOnlySpan{float}, Target, ReadOnlySpan{double}, References{float},
    /// Options)"/>
    public static Attributions InteriorGradients(this IIntegratedGradientsNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        ReadOnlySpan<double> alphas, References<float> references = default, Options? options = null)
    {
        var points = new PathPoints(alphas);
        var made = Make(net, "InteriorGradients", net.Signature.Inputs, count, targets, references, true, alphas: alphas);
        Explain.InteriorGradients(net, x, count, targets, references, points, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// Integrated gradients of a named layer, between its values at the reference and at the input (Captum's LayerIntegratedGradients).
    /// </summary>
    public static Attribution LayerIntegratedGradients(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x,
        Target target, References<float> references = default, PathOptions? options = null) =>
        net.LayerIntegratedGradients(layer, x, 1, target, references, options)[0];

    /// <inheritdoc
    /// cref="LayerIntegratedGradients(IIntegratedGradientsNetwork, string, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions LayerIntegratedGradients(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x,
        int count, Targets targets, References<float> references = default, PathOptions? options = null)
    {
        var made = Make(net, "LayerIntegratedGradients", LayerPorts(net, layer), count, targets, references, true,
            quadrature: (options ?? PathOptions.Default).Quadrature);
        Explain.LayerIntegratedGradients(net, layer, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>
    /// Conductance of a named layer's units (arXiv 1805.12233): along the path, the gradient at the layer times the layer's moves.
    /// </summary>
    public static Attribution Conductance(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        References<float> references = default, PathOptions? options = null) =>
        net.Conductance(layer, x, 1, target, references, options)[0];

    /// <inheritdoc cref="Conductance(IIntegratedGradientsNetwork, string, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions Conductance(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x, int count,
        Targets targets, References<float> references = default, PathOptions? options = null)
    {
        var made = Make(net, "Conductance", LayerPorts(net, layer), count, targets, references, true,
            quadrature: (options ?? PathOptions.Default).Quadrature);
        Explain.Conductance(net, layer, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>Internal influence (arXiv 1802.03788): the average over the path of the gradient at a named layer.</summary>
    public static Attribution InternalInfluence(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        References<float> references = default, PathOptions? options = null) =>
        net.InternalInfluence(layer, x, 1, target, references, options)[0];

    /// <inheritdoc
    /// cref="InternalInfluence(IIntegratedGradientsNetwork, string, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions InternalInfluence(this IIntegratedGradientsNetwork net, string layer, ReadOnlySpan<float> x, int count,
        Targets targets, References<float> references = default, PathOptions? options = null)
    {
        var made = Make(net, "InternalInfluence", LayerPorts(net, layer), count, targets, references, true,
            quadrature: (options ?? PathOptions.Default).Quadrature);
        Explain.InternalInfluence(net, layer, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }

    /// <summary>Conductance of one neuron of a named layer, split over the inputs (arXiv 1805.12233).</summary>
    public static Attribution NeuronConductance(this IIntegratedGradientsNetwork net, string layer, int unit, ReadOnlySpan<float> x,
        Target target, References<float> references = default, PathOptions? options = null) =>
        net.NeuronConductance(layer, unit, x, 1, target, references, options)[0];

    /// <inheritdoc
    /// cref="NeuronConductance(IIntegratedGradientsNetwork, string, int, ReadOnlySpan{float}, Target, References{float}, PathOptions)"/>
    public static Attributions NeuronConductance(this IIntegratedGradientsNetwork net, string layer, int unit, ReadOnlySpan<float> x,
        int count, Targets targets, References<float> references = default, PathOptions? options = null)
    {
        var made = Make(net, "NeuronConductance", net.Signature.Inputs, count, targets, references, true,
            quadrature: (options ?? PathOptions.Default).Quadrature);
        Explain.NeuronConductance(net, layer, unit, x, count, targets, references, made.Scores, made.Sums, options);
        return made;
    }
}
