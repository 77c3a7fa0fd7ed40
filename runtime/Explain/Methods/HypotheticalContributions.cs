namespace Whence;

// DeepLIFT again: the same backward passes, whose multipliers are read for every letter. By span they are ScoreSpans.Hypothetical.
public static partial class Explainers
{
    /// <summary>
    /// For one-hot inputs [channels, ...]: what each channel would contribute, were it the one present at its position (the DeepLIFT
    /// authors' code); averaged over several references.
    /// </summary>
    public static Attribution HypotheticalContributions(this IDeepLiftNetwork net, ReadOnlySpan<float> x, Target target,
        Rule rule = Rule.Inherit,
        References<float> references = default, ExplainOptions? options = null) =>
        net.HypotheticalContributions(x, 1, target, rule, references, options)[0];

    /// <inheritdoc
    /// cref="HypotheticalContributions(IDeepLiftNetwork, ReadOnlySpan{float}, Target, Rule, References{float}, ExplainOptions)"/>
    public static Attributions HypotheticalContributions(this IDeepLiftNetwork net, ReadOnlySpan<float> x, int count, Targets targets,
        Rule rule = Rule.Inherit, References<float> references = default, ExplainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        var recipe = new DeepLift(rule, references.Prepared?.Pass).Recipe(net.Signature) with { Name = "HypotheticalContributions" };
        var made = Make(net, recipe, x.Length, count, targets, references, parts: false);
        var scores = new ScoreSpans<float> { Scores = new float[made.Scores.Length], Hypothetical = made.Scores, Sums = made.Sums };
        SpanExplainers.DeepLift(net, x, count, targets, rule, references, scores, options);
        made.DropSums();
        return made;
    }
}
