namespace Whence;

using System.Numerics;
using Whence.Authoring;

/// <summary>A network compiled with at least one of DeepLIFT's rules.</summary>
public interface IDeepLiftNetwork : INetwork;

/// <summary>
/// DeepLIFT (arXiv 1704.02685): what each element of the input, or each unit of a layer, adds to the target's difference from its value at
/// the reference: multipliers times the two parts of the difference. Averaged over several references it is DeepSHAP (arXiv 1705.07874).
/// </summary>
/// <param name="rule">The rule.</param>
/// <param name="prepared">The pass that references were prepared for, if they were.</param>
/// <param name="layer">The layer; null for the inputs.</param>
internal readonly struct DeepLift(Rule rule, Pass? prepared, string? layer = null) : IMethod
{
    public Recipe Recipe(Signature net) => new()
    {
        Name = layer is null ? "DeepLift" : "LayerDeepLift", To = layer is null ? -1 : Check.Layer(net, layer, nameof(layer)),
        Pass = PassOf(net, rule, prepared), Fold = Fold.Contributions, Compares = true, IsComplete = true,
        Remedy = layer is null ? Remedy.Rule : Remedy.RuleOrLayer,
    };

    public void Place(int row, ref RowSpec spec)
    {
    }

    /// <summary>
    /// The pass of a rule; <see cref="Rule.Inherit"/> means the prepared references' one, else Rescale if compiled, else what is.
    /// </summary>
    internal static Pass PassOf(Signature signature, Rule rule, Pass? prepared)
    {
        var pass = rule switch
        {
            Rule.Rescale => Pass.Rescale,
            Rule.RevealCancel => Pass.RevealCancel,
            Rule.Genomics => Pass.Genomics,
            Rule.Inherit => prepared ?? Compiled(signature),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, $"There is no rule {rule}."),
        };
        if (prepared is { } made && made != pass)
        {
            throw new ArgumentException(
                $"The references were prepared for {made}, but the rule asked for is {rule}; call Prepare with that rule.", nameof(rule));
        }
        return pass;
    }

    private static Pass Compiled(Signature signature)
    {
        var found = Pass.Rescale;
        for (var i = signature.Passes.Count - 1; i >= 0; i--)
        {
            if (signature.Passes[i] == Pass.Rescale)
                return Pass.Rescale;
            if (signature.Passes[i] is Pass.RevealCancel or Pass.Genomics)
                found = signature.Passes[i];
        }
        return found;
    }
}

public static partial class SpanExplainers
{
    /// <summary>
    /// DeepLIFT (arXiv 1704.02685): what each element of the input adds to the target's difference from its value at the reference.
    /// Over several references the contributions (and their parts, and the multipliers) are averaged, as DeepSHAP does.
    /// </summary>
    public static void DeepLift<T>(IModel<T> net, ReadOnlySpan<T> x, int count, Targets targets, Rule rule, References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        if (!scores.Hypothetical.IsEmpty)
            Check.Channels(net.Signature);
        With(net, new DeepLift(rule, references.Prepared?.Pass), x, count, targets, references, scores, options);
    }

    /// <summary>DeepLIFT's contributions of the units of a named layer.</summary>
    public static void LayerDeepLift<T>(IModel<T> net, string layer, ReadOnlySpan<T> x, int count, Targets targets, Rule rule,
        References<T> references,
        ScoreSpans<T> scores, ExplainOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        Check.Layer(net.Signature, layer, nameof(layer));
        if (!scores.Hypothetical.IsEmpty)
        {
            throw new ArgumentException(
                $"Hypothetical contributions are of the network's inputs, not of layer {layer}; leave them empty.", nameof(scores));
        }
        With(net, new DeepLift(rule, references.Prepared?.Pass, layer), x, count, targets, references, scores, options);
    }

    /// <summary>
    /// Makes the forward pass of references [each, InputSize] once, for any number of later calls with this rule. A caller is told which
    /// share of it is done, up to 1, after each chunk of references.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled, between two chunks of references.</exception>
    public static PreparedReferences<T> Prepare<T>(IModel<T> net, ReadOnlySpan<T> references, Rule rule = Rule.Inherit, int each = 1,
        CancellationToken cancellation = default, IProgress<double>? progress = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(net);
        var pass = Whence.DeepLift.PassOf(net.Signature, rule, null);
        Check.Pass(net.Signature, pass, nameof(rule));
        Check.References(net, References.Several<T>(references, each), 1, false);
        return new PreparedReferences<T>(net, pass, references.ToArray(), each, cancellation, progress);
    }
}

public static partial class Explainers
{
    /// <summary>
    /// Makes the forward pass of a reference (or several, [each, InputSize]) once; give the result as the references of any later call with
    /// this rule.
    /// </summary>
    public static PreparedReferences<float> Prepare(this IDeepLiftNetwork net, ReadOnlySpan<float> references, Rule rule = Rule.Inherit,
        int each = 1, CancellationToken cancellation = default, IProgress<double>? progress = null) =>
        SpanExplainers.Prepare(net, references, rule, each, cancellation, progress);

    /// <summary>
    /// DeepLIFT (arXiv 1704.02685): what each element of the input adds to the target's difference from its value at the reference;
    /// averaged over several references (DeepSHAP). Without a rule Rescale, if compiled.
    /// </summary>
    public static Attribution DeepLift(this IDeepLiftNetwork net, ReadOnlySpan<float> x, Target target, Rule rule = Rule.Inherit,
        References<float> references = default, ExplainOptions? options = null) => net.DeepLift(x, 1, target, rule, references, options)[0];

    /// <inheritdoc cref="DeepLift(IDeepLiftNetwork, ReadOnlySpan{float}, Target, Rule, References{float}, ExplainOptions)"/>
    public static Attributions DeepLift(this IDeepLiftNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        Rule rule = Rule.Inherit,
        References<float> references = default, ExplainOptions? options = null) =>
        net.Explain(new DeepLift(rule, references.Prepared?.Pass), x, count, targets, references, options);

    /// <summary>DeepLIFT's contributions of the units of a named layer.</summary>
    public static Attribution LayerDeepLift(this IDeepLiftNetwork net, string layer, ReadOnlySpan<float> x, Target target,
        Rule rule = Rule.Inherit,
        References<float> references = default, ExplainOptions? options = null) =>
        net.LayerDeepLift(layer, x, 1, target, rule, references, options)[0];

    /// <inheritdoc cref="LayerDeepLift(IDeepLiftNetwork, string, ReadOnlySpan{float}, Target, Rule, References{float}, ExplainOptions)"/>
    public static Attributions LayerDeepLift(this IDeepLiftNetwork net, string layer, ReadOnlySpan<float> x, int count, Targets targets,
        Rule rule = Rule.Inherit, References<float> references = default, ExplainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return net.Explain(new DeepLift(rule, references.Prepared?.Pass, layer), x, count, targets, references, options);
    }
}
