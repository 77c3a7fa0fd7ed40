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
/// The network, the population that rows are compared with, and the scale of its inputs. Immutable: all requests share one.
/// </summary>
internal sealed class Assessor
{
    public static readonly IReadOnlyList<string> Answers = ["malignant", "benign"];

    private static readonly ExplainOptions complete = new() { RequireGap = 1e-4, Parts = false };

    private readonly double[] mean;
    private readonly double[] deviation;
    private readonly double[] typical;

    private Assessor(TumourNet network, Csv scaling, Csv population)
    {
        Network = network;
        Measurements = network.Signature.Inputs[0].Features;
        foreach (var file in new[] { scaling, population })
        {
            if (!file.Columns.SequenceEqual(Measurements))
                throw new InvalidDataException(
                    $"The network takes {string.Join(", ", Measurements)}, but a file has the columns {string.Join(", ", file.Columns)}.");
        }
        (mean, deviation) = (scaling.Rows[0], scaling.Rows[1]);
        typical = [.. Enumerable.Range(0, mean.Length).Select(i => population.Rows.Average(row => row[i]))];
        Population = network.Prepare([.. population.Rows.SelectMany(Scaled)], Rule.Rescale, population.Rows.Count);
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
        return new(TumourNet.Load(At("tumour.safetensors")), Csv.Read(At("scaling.csv")), Csv.Read(At("population.csv")));
    }

    /// <summary>What the network says of a row, and the measurements that say why.</summary>
    /// <exception cref="CompletenessException">The reasons do not add up, so they are not told.</exception>
    public Assessment Assess(double[] row, int reasons)
    {
        var x = Scaled(row);
        var answer = Answer(x);
        var why = Network.DeepLift(x, TargetOf(answer), Rule.Rescale, Population, complete);
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

    /// <summary>A row in the network's scale: in standard deviations from the training rows' mean.</summary>
    public float[] Scaled(double[] row) => [.. row.Select((value, i) => (float)((value - mean[i]) / deviation[i]))];
}
