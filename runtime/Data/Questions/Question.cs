namespace Whence.Data;

/// <summary>
/// A way to score rows, [count, InputSize] each, over spans: any method of <see cref="SpanExplainers"/>, as a static lambda.
/// </summary>
public delegate void Scoring(INetwork net, ReadOnlySpan<float> x, int count, Targets targets, ScoreSpans<float> scores);

/// <summary>What is asked about every row of a file: a method, its options, and a target. Immutable.</summary>
public sealed class Question
{
    private readonly Scoring scoring;

    /// <summary>Any method about any target.</summary>
    /// <param name="method">Its name, for manifests and messages.</param>
    /// <param name="target">What is explained; null for the unit of the first output that is largest at each row.</param>
    /// <param name="scoring">Fills the scores, [count, InputSize], and their sums.</param>
    public Question(string method, Target? target, Scoring scoring)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(scoring);
        (Method, Target, this.scoring) = (method, target, scoring);
    }

    /// <summary>The method's name.</summary>
    public string Method { get; }

    /// <summary>What is explained; null where each row has its own: its largest output.</summary>
    public Target? Target { get; }

    /// <summary>Whether each row has a target of its own.</summary>
    public bool IsPerRow => Target is null;

    /// <summary>Whether scores are already one for each group of <see cref="ScoreLayout.Groups"/>, [count, Width].</summary>
    internal bool IsGrouped { get; init; }

    /// <summary>DeepLIFT (arXiv 1704.02685) by a rule, against zeros or one or several references, averaged.</summary>
    /// <param name="target">What is explained; null for each row's largest output.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="references">[each, InputSize]; null for zeros.</param>
    /// <param name="each">How many references.</param>
    /// <param name="options">Threads and the like.</param>
    public static Question DeepLift(Target? target, Rule rule = Rule.Inherit, float[]? references = null, int each = 1,
        ExplainOptions? options = null) => new("deeplift", target, (net, x, count, targets, scores) =>
            SpanExplainers.DeepLift(net, x, count, targets, rule, Against(references, each), scores, options));

    /// <summary>Integrated gradients (arXiv 1611.02639).</summary>
    /// <inheritdoc cref="DeepLift"/>
    public static Question IntegratedGradients(Target? target, float[]? references = null, int each = 1, PathOptions? options = null) =>
        new("integrated-gradients", target, (net, x, count, targets, scores) =>
            SpanExplainers.IntegratedGradients(net, x, count, targets, Against(references, each), scores, options));

    internal static References<float> Against(float[]? references, int each) =>
        references is null ? default : References.Several(references, each);

    internal void Score(INetwork net, ReadOnlySpan<float> x, int count, Targets targets, ScoreSpans<float> scores) =>
        scoring(net, x, count, targets, scores);
}
