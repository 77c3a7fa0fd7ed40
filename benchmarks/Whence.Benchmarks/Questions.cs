namespace Whence.Benchmarks;

/// <summary>The questions that are measured, put to one network about one batch, with the buffers of their answers.</summary>
public sealed class Questions
{
    public const string OfForward = "forward";
    public const string OfGradient = "gradient";
    public const string OfFiftySteps = "ig50";
    public const string OfTenSteps = "ig10";
    public const string OfExact = "exact";
    public const string OfRescale = "rescale";
    public const string OfPrepared = "prepared";
    public const string OfRevealCancel = "revealcancel";
    public const string OfAblation = "ablation";
    public const string OfMutagenesis = "mutagenesis";
    public const string OfOcclusion = "occlusion";

    private const int MostUnits = 10;

    private static readonly SlidingWindow window = new(1, 4, 4);

    private readonly PathOptions fifty;
    private readonly PathOptions ten;
    private readonly PathOptions exact;
    private readonly MutagenesisOptions mutations;
    private readonly ExplainOptions options;
    private readonly int threads;

    private readonly Subject subject;
    private readonly int batch;
    private readonly float[] inputs;
    private readonly float[] outputs;
    private readonly float[] scores;
    private readonly Completeness[] sums;
    private readonly PreparedReferences<float> prepared;

    public Questions(Subject subject, int batch) : this(subject, batch, 1)
    {
    }

    public Questions(Subject subject, int batch, int threads)
    {
        this.subject = subject;
        this.batch = batch;
        this.threads = threads;
        options = new() { Threads = threads };
        mutations = new() { Threads = threads };
        fifty = new() { Threads = threads };
        ten = new() { Threads = threads, Steps = 10 };
        exact = new() { Threads = threads, Quadrature = Quadrature.Exact };
        inputs = subject.Inputs(batch);
        outputs = new float[batch * subject.Net.Signature.OutputSize];
        scores = new float[inputs.Length];
        sums = new Completeness[batch];
        prepared = SpanExplainers.Prepare(subject.Net, new float[subject.Net.Signature.InputSize], Rule.Rescale);
    }

    /// <summary>The batch that is asked about.</summary>
    public float[] Inputs => inputs;

    /// <summary>What <see cref="Forward"/> answered last.</summary>
    public float[] Outputs => outputs;

    /// <summary>What any other question was answered last.</summary>
    public float[] Scores => scores;

    /// <summary>What is compared, by name.</summary>
    public IEnumerable<(string Method, Action Ask)> Shared =>
    [
        (OfForward, Forward), (OfGradient, Gradient), (OfFiftySteps, IntegratedGradients), (OfTenSteps, TenSteps), (OfExact, ExactIntegral),
        (OfRescale, Rescale), (OfPrepared, RescalePrepared), (OfRevealCancel, RevealCancel), (OfAblation, Ablation),
        (OfMutagenesis, Mutagenesis), (OfOcclusion, Occlusion),
    ];

    /// <summary>
    /// Whether a question is put to a network: counterfactuals where a call has hundreds of rows, not hundreds of thousands, and large
    /// networks' paths in ten steps.
    /// </summary>
    public static bool IsAsked(string network, string method, int batch) => method switch
    {
        OfForward => true,
        OfGradient => !Subject.IsLarge(network) || batch == 1,
        OfFiftySteps => !Subject.IsLarge(network),
        OfTenSteps => Subject.IsLarge(network) && batch == 1,
        OfExact => network == Subject.Tabular,
        OfRescale or OfRevealCancel or OfPrepared => !Subject.IsLarge(network) || batch == 1,
        OfAblation => network == Subject.Tabular,
        OfMutagenesis => network == Subject.Genomics && batch == 1,
        OfOcclusion => network == Subject.Mnist && batch == 1,
        _ => false,
    };

    /// <summary>
    /// The same about each of the first units of the output, in one call and in as many calls as there are units; by the names in
    /// <see cref="Shared"/>.
    /// </summary>
    public IEnumerable<(string Method, Action Together, Action Apart)> OfUnits()
    {
        Target[] units = [.. Enumerable.Range(0, Math.Min(MostUnits, subject.Net.Signature.OutputSize)).Select(unit => Target.Unit(unit))];
        var (all, completeness) = (new float[units.Length * scores.Length], new Completeness[units.Length * batch]);
        (string, Action, Action) Question(string method, Asking ask) =>
            (method, () => ask(Targets.Each(units), new() { Scores = all, Sums = completeness }), () =>
            {
                for (var unit = 0; unit < units.Length; unit++)
                {
                    ask(units[unit], new()
                    {
                        Scores = all.AsSpan(unit * scores.Length, scores.Length), Sums = completeness.AsSpan(unit * batch, batch),
                    });
                }
            });
        yield return Question(OfGradient, (targets, to) => SpanExplainers.Gradient(subject.Net, inputs, batch, targets, to, options));
        yield return Question(OfFiftySteps, (targets, to) =>
            SpanExplainers.IntegratedGradients(subject.Net, inputs, batch, targets, default, to, fifty));
        yield return Question(OfRescale, (targets, to) =>
            SpanExplainers.DeepLift(subject.Net, inputs, batch, targets, Rule.Rescale, default, to, options));
        yield return Question(OfPrepared, (targets, to) =>
            SpanExplainers.DeepLift(subject.Net, inputs, batch, targets, Rule.Rescale, prepared, to, options));
        yield return Question(OfRevealCancel, (targets, to) =>
            SpanExplainers.DeepLift(subject.Net, inputs, batch, targets, Rule.RevealCancel, default, to, options));
    }

    private delegate void Asking(Targets targets, ScoreSpans<float> to);

    /// <summary>
    /// The inputs that a counterfactual question is about as a peer without one must ask: the example, then each changed; and how many.
    /// </summary>
    public float[] Counterfactuals(string method)
    {
        var size = inputs.Length;
        var rows = new List<float>(inputs);
        if (method == OfMutagenesis)
        {
            var length = size / 4;
            for (var i = 0; i < size; i++)
            {
                if (inputs[i] != 0)
                    continue;
                var row = inputs.ToArray();
                for (var letter = 0; letter < 4; letter++)
                    row[letter * length + i % length] = letter == i / length ? 1 : 0;
                rows.AddRange(row);
            }
            return [.. rows];
        }
        const int Side = 28, Window = 4;
        for (var place = 0; place < (Side - Window + 1) * (Side - Window + 1); place++)
        {
            var row = inputs.ToArray();
            for (var i = 0; i < Window; i++)
                row.AsSpan((place / (Side - Window + 1) + i) * Side + place % (Side - Window + 1), Window).Clear();
            rows.AddRange(row);
        }
        return [.. rows];
    }

    public void Forward() => SpanExplainers.Predict(subject.Net, inputs, outputs, batch, threads);

    public void Gradient() =>
        SpanExplainers.Gradient(subject.Net, inputs, batch, Target.Unit(0), new() { Scores = scores, Sums = sums }, options);

    public void IntegratedGradients() => Integral(fifty);

    public void TenSteps() => Integral(ten);

    /// <summary>The same integral from kink to kink; without kinks to follow, as in an LSTM, there is none.</summary>
    public void ExactIntegral() => Integral(exact);

    public void Rescale() => DeepLift(Rule.Rescale, default);

    public void RevealCancel() => DeepLift(Rule.RevealCancel, default);

    /// <summary>Each element by itself taken away.</summary>
    public void Ablation() =>
        SpanExplainers.Ablation(subject.Net, null, inputs, batch, Target.Unit(0), default, new() { Scores = scores, Sums = sums }, options);

    /// <summary>Every letter at every position.</summary>
    public void Mutagenesis() =>
        SpanExplainers.Mutagenesis(subject.Net, inputs, batch, Target.Unit(0), new() { Scores = scores, Sums = sums },
            mutations);

    /// <summary>Every square of 4 x 4 pixels taken away.</summary>
    public void Occlusion() => SpanExplainers.Occlusion(subject.Net, window, inputs, batch, Target.Unit(0), default,
        new() { Scores = scores, Sums = sums }, options);

    /// <summary>Rescale whose reference went through the network before.</summary>
    public void RescalePrepared() => DeepLift(Rule.Rescale, prepared);

    private void Integral(PathOptions path) => SpanExplainers.IntegratedGradients(subject.Net, inputs, batch, Target.Unit(0), default,
        new() { Scores = scores, Sums = sums }, path);

    private void DeepLift(Rule rule, References<float> references) => SpanExplainers.DeepLift(subject.Net, inputs, batch, Target.Unit(0),
        rule, references, new() { Scores = scores, Sums = sums }, options);
}
