namespace Whence;

public static partial class Explainers
{
    /// <summary>
    /// Makes the forward pass of a reference (or several, [each, InputSize]) once; give the result as the references of any later call with
    /// this rule.
    /// </summary>
    public static Prepared<float> Prepare(this IDeepLiftNetwork net, ReadOnlySpan<float> references, Rule rule = Rule.Inherit,
        int each = 1) =>
        Explain.Prepare(net, references, rule, each);

    /// <summary>
    /// DeepLIFT (arXiv 1704.02685): what each element of the input adds to the target's difference from its value at the reference;
    /// averaged over several references (DeepSHAP). Without a rule Rescale, if compiled.
    /// </summary>
    public static Attribution DeepLift(this IDeepLiftNetwork net, ReadOnlySpan<float> x, Target target, Rule rule = Rule.Inherit,
        References<float> references = default, Options? options = null) =>
        net.DeepLift(x, 1, target, rule, references, options)[0];

    /// <inheritdoc cref="DeepLift(IDeepLiftNetwork, ReadOnlySpan{float}, Target, Rule, References{float}, Options)"/>
    public static Attributions DeepLift(this IDeepLiftNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        Rule rule = Rule.Inherit, References<float> references = default, Options? options = null)
    {
        var flow = Explain.FlowOf(net.Signature, rule, references.Prepared?.Flow);
        var made = Make(net, "DeepLift", net.Signature.Inputs, count, targets, references, true, options?.Parts ?? true, RuleOf(flow));
        Explain.DeepLift(net, x, count, targets, rule, references, Into(made), made.Sums, options);
        return made;
    }

    /// <summary>DeepLIFT's contributions of the units of a named layer.</summary>
    public static Attribution LayerDeepLift(this IDeepLiftNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        Rule rule = Rule.Inherit, References<float> references = default, Options? options = null) =>
        net.LayerDeepLift(layer, x, 1, target, rule, references, options)[0];

    /// <inheritdoc cref="LayerDeepLift(IDeepLiftNetwork, string, ReadOnlySpan{float}, Target, Rule, References{float}, Options)"/>
    public static Attributions LayerDeepLift(this IDeepLiftNetwork net, string layer, ReadOnlySpan<float> x, int count, Targets targets,
        Rule rule = Rule.Inherit, References<float> references = default, Options? options = null)
    {
        var flow = Explain.FlowOf(net.Signature, rule, references.Prepared?.Flow);
        var made = Make(net, "LayerDeepLift", LayerPorts(net, layer), count, targets, references, true, options?.Parts ?? true,
            RuleOf(flow));
        Explain.LayerDeepLift(net, layer, x, count, targets, rule, references, Into(made), made.Sums, options);
        return made;
    }

    /// <summary>
    /// For one-hot inputs [channels, ...]: what each channel would contribute, were it the one present at its position; averaged over
    /// several references.
    /// </summary>
    public static Attribution HypotheticalContributions(this IDeepLiftNetwork net, ReadOnlySpan<float> x, Target target,
        Rule rule = Rule.Inherit, References<float> references = default, Options? options = null) =>
        net.HypotheticalContributions(x, 1, target, rule, references, options)[0];

    /// <inheritdoc cref="HypotheticalContributions(IDeepLiftNetwork, ReadOnlySpan{float}, Target, Rule, References{float}, Options)"/>
    public static Attributions HypotheticalContributions(this IDeepLiftNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        Rule rule = Rule.Inherit, References<float> references = default, Options? options = null)
    {
        var flow = Explain.FlowOf(net.Signature, rule, references.Prepared?.Flow);
        var made = Make(net, "HypotheticalContributions", net.Signature.Inputs, count, targets, references, true, false, RuleOf(flow));
        var scores = new DeepLiftScores<float> { Contributions = new float[made.Scores.Length], Hypothetical = made.Scores };
        Explain.DeepLift(net, x, count, targets, rule, references, scores, made.Sums, options);
        made.DropSums();
        return made;
    }
}
