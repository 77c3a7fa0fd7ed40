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
/// Asks the network, one row at a time, and tells its answers in words. Immutable: all may share one.
/// </summary>
internal sealed class Assessor
{
    public static readonly IReadOnlyList<string> Answers = ["malignant", "benign"];

    /// <summary>The name of the weights' file.</summary>
    public const string WeightsFile = "tumour.safetensors";

    /// <summary>Reasons that miss more of the change of the log-odds than this, relatively, are not told.</summary>
    public const double GapTolerance = 1e-4;

    private static readonly ExplainOptions complete = new() { RequireGap = GapTolerance, Parts = false };

    private readonly Population people;

    private Assessor(TumourNet network, Population people)
    {
        people.RequireFor(network);
        (Network, this.people) = (network, people);
        Population = network.Prepare(people.Rows, Rule.Rescale, people.Count);
    }

    public TumourNet Network { get; }

    /// <summary>The names of the measurements, in the order of a row: as the network declares them.</summary>
    public IReadOnlyList<string> Measurements => people.Measurements;

    /// <summary>The 100 training rows, their forward pass made once.</summary>
    public PreparedReferences<float> Population { get; }

    /// <summary>Reads the network and its data.</summary>
    /// <exception cref="InvalidDataException">A file has other columns than the network, or in another order.</exception>
    public static Assessor Load(string folder) =>
        new(TumourNet.Load(Path.Combine(folder, WeightsFile)), Credit.Population.Read(folder));

    /// <summary>What the network says of a row, and the measurements that say why.</summary>
    /// <exception cref="CompletenessException">The reasons do not add up, so they are not told.</exception>
    public Assessment Assess(double[] row, int reasons)
    {
        var x = Row(row);
        var answer = Answer(x);
        return Tell(people, row, answer, Explain(x, TargetOf(answer)), reasons);
    }

    /// <summary>An explanation of a row's answer in words.</summary>
    public static Assessment Tell(Population people, double[] row, int answer, Attribution why, int reasons)
    {
        var top = why.Top(reasons);
        return new Assessment(
            Answers[answer], 1 / (1 + Math.Exp(-why.Output)), why.Output, why.ReferenceOutput!.Value,
            [.. top.Select(one => new Reason(one.Feature!, row[one.Unit], people.Typical[one.Unit], one.Score))],
            why.Completeness.Sum - top.Sum(one => (double)one.Score), why.Gap!.Value);
    }

    /// <summary>The unit with the larger logit.</summary>
    public int Answer(float[] x) => Larger(Network.Predict(x));

    /// <summary>Of the two logits the larger.</summary>
    public static int Larger(float[] logits) => logits is [var malignant, var benign] && malignant >= benign ? 0 : 1;

    /// <summary>Why this answer and not the other.</summary>
    public static Target TargetOf(int answer) => Target.Difference(answer, 1 - answer);

    /// <summary>DeepSHAP against the population.</summary>
    /// <exception cref="CompletenessException">The scores do not add up.</exception>
    public Attribution Explain(float[] x, Target target) => Network.DeepLift(x, target, Rule.Rescale, Population, complete);

    /// <summary>A row as the network takes it: as it was measured, since the network scales it itself.</summary>
    public static float[] Row(double[] row) => Array.ConvertAll(row, value => (float)value);
}
