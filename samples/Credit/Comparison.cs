using Whence;

namespace Credit;

/// <summary>How a method's three first reasons do, over many rows.</summary>
/// <param name="Method">The method.</param>
/// <param name="LargestGap">The largest relative gap of a row.</param>
/// <param name="SameFirst">On which share of the rows the first reason is that of Shapley values.</param>
/// <param name="Shared">How many of the three are among Shapley values' three, on average.</param>
/// <param name="Lost">What the answer's log-odds lose without the three, replaced by those of each row of the population; on
/// average.</param>
internal sealed record Line(string Method, double? LargestGap, double SameFirst, double Shared, double Lost);

/// <summary>Ways to find reasons, side by side, with Shapley values over random orders as the measure.</summary>
internal static class Comparison
{
    private const int Reasons = 3;

    private delegate Attribution Method(TumourNet net, float[] x, Target target, PreparedReferences<float> population);

    private static readonly (string Name, Method Ask)[] methods =
    [
        ("ShapleySampling", (net, x, target, population) => net.ShapleySampling(x, target, population)),
        ("DeepLift (DeepSHAP)", (net, x, target, population) => net.DeepLift(x, target, Rule.Rescale, population)),
        ("ExpectedGradients", (net, x, target, population) => net.ExpectedGradients(x, target, population)),
        ("GradientTimesInput", (net, x, target, population) => net.GradientTimesInput(x, target, population)),
    ];

    /// <summary>The lines of the table for these rows.</summary>
    public static IReadOnlyList<Line> Measure(Assessor assessor, IReadOnlyList<double[]> rows)
    {
        var answers = rows.Select(row => Answers(assessor, Assessor.Row(row))).ToList();
        return [.. methods.Select((method, i) => new Line(
            method.Name,
            answers.Max(row => row[i].Why.RelativeGap),
            answers.Average(row => row[i].Top[0] == row[0].Top[0] ? 1 : 0),
            answers.Average(row => row[i].Top.Intersect(row[0].Top).Count()),
            answers.Average(row => row[i].Lost)))];
    }

    private static (Attribution Why, int[] Top, double Lost)[] Answers(Assessor assessor, float[] x)
    {
        var target = Assessor.TargetOf(assessor.Answer(x));
        return Array.ConvertAll(methods, method =>
        {
            var why = method.Ask(assessor.Network, x, target, assessor.Population);
            int[] top = [.. Ordered(why)];
            var taken = new FeatureGroups([.. Enumerable.Range(0, x.Length).Select(i => top.Contains(i) ? 0 : -1)]);
            return (why, top, (double)assessor.Network.Ablation(x, target, assessor.Population, taken).Scores[0]);
        });
    }

    // Reasons for the answer: the largest contributions, not the largest magnitudes.
    private static IEnumerable<int> Ordered(Attribution why)
    {
        var scores = why.Scores.ToArray();
        return Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Take(Reasons);
    }
}
