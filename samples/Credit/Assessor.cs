using Whence;

namespace Credit;

/// <summary>One of the measurements that speak most for an answer, or against it.</summary>
/// <param name="Measurement">Its name.</param>
/// <param name="Value">What was sent.</param>
/// <param name="Typical">The population's mean.</param>
/// <param name="Contribution">What it adds to the answer's log-odds; negative if it speaks against it.</param>
internal sealed record Reason(string Measurement, double Value, double Typical, double Contribution);

/// <summary>An answer and its reasons, which add up: PopulationLogOdds + reasons + Others = LogOdds, but for Gap.</summary>
/// <param name="Answer">"malignant" or "benign".</param>
/// <param name="Probability">The network's softmax for it.</param>
/// <param name="LogOdds">The answer's logit less the other's.</param>
/// <param name="PopulationLogOdds">The same, averaged over the population that the row is compared with.</param>
/// <param name="Reasons">The measurements of the largest contributions, the largest first.</param>
/// <param name="Others">What all other measurements add together.</param>
/// <param name="Gap">What the contributions lack of the change of the log-odds: rounding.</param>
internal sealed record Assessment(string Answer, double Probability, double LogOdds, double PopulationLogOdds,
    IReadOnlyList<Reason> Reasons, double Others, double Gap);

/// <summary>
/// The network, and the population that rows are compared with. Immutable: all requests share one.
/// </summary>
internal sealed class Assessor
{
    public static readonly IReadOnlyList<string> Answers = ["malignant", "benign"];

    private static readonly ExplainOptions complete = new() { RequireGap = 1e-4, Parts = false };

    private readonly double[] typical;

    private Assessor(TumourNet network, Csv population)
    {
        Network = network;
        Measurements = network.Signature.Inputs[0].Features;
        if (!population.Columns.SequenceEqual(Measurements))
            throw new InvalidDataException($"The network takes {string.Join(", ", Measurements)}, but the population has the columns "
                + $"{string.Join(", ", population.Columns)}.");
        typical = [.. Enumerable.Range(0, Measurements.Count).Select(i => population.Rows.Average(row => row[i]))];
        Population = network.Prepare([.. population.Rows.SelectMany(Row)], Rule.Rescale, population.Rows.Count);
    }

    public TumourNet Network { get; }

    /// <summary>The names of the measurements, in the order of a row: as the network declares them.</summary>
    public IReadOnlyList<string> Measurements { get; }

    /// <summary>The 100 training rows, their forward pass made once.</summary>
    public PreparedReferences<float> Population { get; }

    /// <summary>Reads the network and its data.</summary>
    /// <exception cref="InvalidDataException">A file has other columns than the network, or in another order.</exception>
    public static Assessor Load(string folder)
    {
        string At(string file) => Path.Combine(folder, file);
        return new(TumourNet.Load(At("tumour.safetensors")), Csv.Read(At("population.csv")));
    }

    /// <summary>What the network says of a row, and the measurements that say why.</summary>
    /// <exception cref="CompletenessException">The reasons do not add up, so they are not told.</exception>
    public Assessment Assess(double[] row, int reasons)
    {
        var x = Row(row);
        var answer = Answer(x);
        var why = Explain(x, TargetOf(answer));
        var top = why.Top(reasons);
        return new Assessment(
            Answers[answer], 1 / (1 + Math.Exp(-why.Output)), why.Output, why.ReferenceOutput!.Value,
            [.. top.Select(one => new Reason(one.Feature!, row[one.Unit], typical[one.Unit], one.Score))],
            why.Completeness.Sum - top.Sum(one => (double)one.Score), why.Gap!.Value);
    }

    /// <summary>The unit with the larger logit.</summary>
    public int Answer(float[] x) => Network.Predict(x) is [var malignant, var benign] && malignant >= benign ? 0 : 1;

    /// <summary>Why this answer and not the other.</summary>
    public static Target TargetOf(int answer) => Target.Difference(answer, 1 - answer);

    /// <summary>DeepSHAP against the population.</summary>
    /// <exception cref="CompletenessException">The scores do not add up.</exception>
    public Attribution Explain(float[] x, Target target) => Network.DeepLift(x, target, Rule.Rescale, Population, complete);

    /// <summary>A row as the network takes it: as it was measured, since the network scales it itself.</summary>
    public static float[] Row(double[] row) => Array.ConvertAll(row, value => (float)value);
}
