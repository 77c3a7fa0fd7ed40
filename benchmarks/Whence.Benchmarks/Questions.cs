namespace Whence.Benchmarks;

/// <summary>The questions that are measured, put to one network about one batch, with the buffers of their answers.</summary>
public sealed class Questions
{
    public const string OfAblation = "ablation";
    public const string OfMutagenesis = "mutagenesis";

    private const int MostUnits = 10;

    private static readonly PathOptions exact = new() { Quadrature = Quadrature.Exact };

    private readonly Subject subject;
    private readonly int batch;
    private readonly float[] inputs;
    private readonly float[] outputs;
    private readonly float[] scores;
    private readonly Completeness[] sums;
    private readonly PreparedReferences<float> prepared;

    public Questions(Subject subject, int batch)
    {
        this.subject = subject;
        this.batch = batch;
        inputs = subject.Inputs(batch);
        outputs = new float[batch * subject.Net.Signature.OutputSize];
        scores = new float[inputs.Length];
        sums = new Completeness[batch];
        prepared = SpanExplainers.Prepare(subject.Net, new float[subject.Net.Signature.InputSize], Rule.Rescale);
    }

    /// <summary>
    /// What is compared, by the names that the peers' scripts have for it; they know no counterfactuals, which are compared with another
    /// build alone.
    /// </summary>
    public IEnumerable<(string Method, Action Ask)> Shared =>
    [
        ("forward", Forward), ("gradient", Gradient), ("ig50", IntegratedGradients), ("rescale", Rescale), ("revealcancel", RevealCancel),
        (OfAblation, Ablation), (OfMutagenesis, Mutagenesis),
    ];

    /// <summary>
    /// Whether a question is put to a network: counterfactuals where a call has hundreds of rows, not hundreds of thousands.
    /// </summary>
    public static bool IsAsked(string network, string method, int batch) => method switch
    {
        OfAblation => network == Subject.Tabular,
        OfMutagenesis => network == Subject.Genomics && batch == 1,
        _ => true,
    };

    /// <summary>
    /// The same about each of the first units of the output, in one call and in as many calls as there are units; by the names in
    /// <see cref="Shared"/>.
    /// </summary>
    public IEnumerable<(string Method, string Question, Action Together, Action Apart)> OfUnits()
    {
        Target[] units = [.. Enumerable.Range(0, Math.Min(MostUnits, subject.Net.Signature.OutputSize)).Select(unit => Target.Unit(unit))];
        var (all, completeness) = (new float[units.Length * scores.Length], new Completeness[units.Length * batch]);
        (string, string, Action, Action) Question(string method, string question, Asking ask) =>
            (method, $"{question}, {units.Length} units", () => ask(Targets.Each(units), new() { Scores = all, Sums = completeness }), () =>
            {
                for (var unit = 0; unit < units.Length; unit++)
                {
                    ask(units[unit], new()
                    {
                        Scores = all.AsSpan(unit * scores.Length, scores.Length), Sums = completeness.AsSpan(unit * batch, batch),
                    });
                }
            });
        yield return Question("gradient", "gradient", (targets, to) => SpanExplainers.Gradient(subject.Net, inputs, batch, targets, to));
        yield return Question("ig50", "ig50",
            (targets, to) => SpanExplainers.IntegratedGradients(subject.Net, inputs, batch, targets, default, to));
        yield return Question("rescale", "rescale",
            (targets, to) => SpanExplainers.DeepLift(subject.Net, inputs, batch, targets, Rule.Rescale, default, to));
        yield return Question("rescale", "rescale, prepared",
            (targets, to) => SpanExplainers.DeepLift(subject.Net, inputs, batch, targets, Rule.Rescale, prepared, to));
        yield return Question("revealcancel", "revealcancel",
            (targets, to) => SpanExplainers.DeepLift(subject.Net, inputs, batch, targets, Rule.RevealCancel, default, to));
    }

    private delegate void Asking(Targets targets, ScoreSpans<float> to);

    public void Forward() => SpanExplainers.Predict(subject.Net, inputs, outputs, batch);

    public void Gradient() => SpanExplainers.Gradient(subject.Net, inputs, batch, Target.Unit(0), new() { Scores = scores, Sums = sums });

    public void IntegratedGradients() =>
        SpanExplainers.IntegratedGradients(subject.Net, inputs, batch, Target.Unit(0), default, new() { Scores = scores, Sums = sums });

    /// <summary>The same integral from kink to kink; without kinks to follow, as in an LSTM, there is none.</summary>
    public void ExactIntegral() => SpanExplainers.IntegratedGradients(subject.Net, inputs, batch, Target.Unit(0), default,
        new() { Scores = scores, Sums = sums }, exact);

    public void Rescale() => DeepLift(Rule.Rescale, default);

    public void RevealCancel() => DeepLift(Rule.RevealCancel, default);

    /// <summary>Each element by itself taken away.</summary>
    public void Ablation() =>
        SpanExplainers.Ablation(subject.Net, null, inputs, batch, Target.Unit(0), default, new() { Scores = scores, Sums = sums });

    /// <summary>Every letter at every position.</summary>
    public void Mutagenesis() =>
        SpanExplainers.Mutagenesis(subject.Net, inputs, batch, Target.Unit(0), new() { Scores = scores, Sums = sums });

    /// <summary>Rescale whose reference went through the network before.</summary>
    public void RescalePrepared() => DeepLift(Rule.Rescale, prepared);

    private void DeepLift(Rule rule, References<float> references) =>
        SpanExplainers.DeepLift(subject.Net, inputs, batch, Target.Unit(0), rule, references, new() { Scores = scores, Sums = sums });
}
