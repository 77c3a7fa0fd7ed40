using Whence.Evaluate;
using Whence.Runtime.Tests.Explaining;

namespace Whence.Tests.Evaluate;

public class FaithfulnessTests
{
    private static readonly double[] weights = [2, -1, 0.5, 3];
    private static readonly FunctionNet linear = new(4, x => x.Zip(weights, (a, w) => a * w).Sum() + 7, _ => weights);
    private static readonly double[] x = [1, -2, 3, 0.5, 2, 2, 2, 2];
    private static readonly double[] reference = [0.5, 0.5, 0, 1];
    private static readonly Target target = Target.Unit(0);

    private static double[] Contributions => [.. x.Select((value, i) => weights[i % 4] * (value - reference[i % 4]))];

    [Fact]
    public void ScoresThatForetellEveryChangeHaveNoInfidelity()
    {
        Assert.All(Infidelity.OfContributions<double>(linear, x, 2, Contributions, target, reference),
            found => Assert.Equal(0, found, 1e-25));
        Assert.All(Infidelity.OfMultipliers<double>(linear, x, 2, [.. weights, .. weights], target, 0.3),
            found => Assert.Equal(0, found, 1e-25));
    }

    [Fact]
    public void InfidelityIsTheMeanSquareOfWhatIsMissed()
    {
        // A score too large by 1 is missed by 1 in the half of the changes that hold its element: 0.5 in the mean.
        var contributions = Contributions;
        contributions[2] += 1;
        var found = Infidelity.OfContributions<double>(linear, x, 2, contributions, target, reference, changes: new() { Samples = 20_000 });
        Assert.Equal(0.5, found[0], 0.02);
        Assert.Equal(0, found[1], 1e-25);
        // A multiplier too large by 1 is missed by the noise itself, whose mean square is 0.3^2.
        double[] multipliers = [.. weights, .. weights];
        multipliers[5] += 1;
        Assert.Equal(0.09, Infidelity.OfMultipliers<double>(linear, x, 2, multipliers, target, 0.3, new() { Samples = 20_000 })[1], 0.004);
    }

    [Fact]
    public void GroupsChangeAsOne()
    {
        // Within a group the scores may be shared out at will.
        var contributions = Contributions;
        (contributions[0], contributions[1]) = (contributions[0] + 5, contributions[1] - 5);
        var groups = new FeatureGroups([0, 0, 1, 1]);
        Assert.Equal(0, Infidelity.OfContributions<double>(linear, x, 2, contributions, target, reference, groups)[0], 1e-25);
        Assert.True(Infidelity.OfContributions<double>(linear, x, 2, contributions, target, reference)[0] > 1);
    }

    [Fact]
    public void OfALinearFunctionContributionsCorrelateFullyForEveryN()
    {
        foreach (var n in new[] { 1, 2, 3 })
            Assert.All(SensitivityN.Of<double>(linear, x, 2, Contributions, target, n, reference), found => Assert.Equal(1, found, 1e-12));
        Assert.All(SensitivityN.Of<double>(linear, x, 2, Contributions.Select(score => -score).ToArray(), target, 2, reference),
            found => Assert.Equal(-1, found, 1e-12));
        // With all groups there is one set and nothing to correlate.
        Assert.All(SensitivityN.Of<double>(linear, x, 2, Contributions, target, 4, reference), found => Assert.True(double.IsNaN(found)));
        Assert.Contains("1 to 4 groups", Assert.Throws<ArgumentOutOfRangeException>(
            () => SensitivityN.Of<double>(linear, x, 2, Contributions, target, 5, reference)).Message);
    }

    [Fact]
    public void ScoresThatSayNothingHaveALowerCorrelation()
    {
        var contributions = Contributions;
        (contributions[0], contributions[3]) = (contributions[3], contributions[0]);
        Assert.All(SensitivityN.Of<double>(linear, x, 2, contributions, target, 2, reference)[..1], found => Assert.True(found < 0.99));
    }

    [Fact]
    public void TheGradientOfALinearFunctionNeverMoves() =>
        Assert.All(MaxSensitivity.Of<double>(linear, x, 2, target,
            static (net, x, count, targets, scores) => SpanExplainers.Gradient(net, x, count, targets, scores)),
            found => Assert.Equal(0, found));

    [Fact]
    public void MaxSensitivityComesNearItsBoundAndIsNeverAboveIt()
    {
        // The gradient of the squares' sum moves by twice what the input moves: at most 2 radius sqrt(2).
        var squares = new FunctionNet(2, at => at[0] * at[0] + at[1] * at[1], at => [2 * at[0], 2 * at[1]]);
        Explanation<double> gradient = static (net, x, count, targets, scores) => SpanExplainers.Gradient(net, x, count, targets, scores);
        var bound = 2 * 0.1 * Math.Sqrt(2);
        var found = MaxSensitivity.Of<double>(squares, [3, 4], 1, target, gradient, 0.1, changes: new() { Samples = 500 })[0];
        Assert.InRange(found, 0.85 * bound, bound);
        Assert.Equal(found / 10,
            MaxSensitivity.Of<double>(squares, [3, 4], 1, target, gradient, 0.1, relative: true, new() { Samples = 500 })[0], 1e-15);
        Assert.Contains("radius",
            Assert.Throws<ArgumentOutOfRangeException>(() => MaxSensitivity.Of<double>(squares, [3, 4], 1, target, gradient, 0)).Message);
    }

    [Fact]
    public void AnInputsMeasuresDoNotDependOnItsBatchAndDoOnTheSeed()
    {
        var net = SmallNet<double>.Tanh();
        var rows = Inputs.Random<double>(3);
        var scores = Inputs.Random<double>(3, seed: 2);
        var changes = new DrawnChanges { Samples = 300, Seed = 5 };
        var third = rows.AsSpan(10).ToArray();
        var (all, one) = (Measures(rows, scores, 3, changes), Measures(third, scores.AsSpan(10).ToArray(), 1, changes));
        Assert.Equal(all.Select(measure => measure[2]), one.Select(measure => measure[0]));
        Assert.All(one.Zip(Measures(third, scores.AsSpan(10).ToArray(), 1, changes with { Seed = 6 })),
            pair => Assert.NotEqual(pair.First, pair.Second));

        List<double[]> Measures(double[] x, double[] given, int count, DrawnChanges drawn) =>
        [
            Infidelity.OfContributions<double>(net, x, count, given, target, changes: drawn),
            Infidelity.OfMultipliers<double>(net, x, count, given, target, 0.2, drawn),
            SensitivityN.Of<double>(net, x, count, given, target, 2, changes: drawn),
            MaxSensitivity.Of<double>(net, x, count, target,
                static (net, x, count, targets, scores) => SpanExplainers.Gradient(net, x, count, targets, scores), changes: drawn),
        ];
    }

    [Fact]
    public void BoxMassIsTheShareOfTheScoresInTheBoxes()
    {
        // Two channels of 2 x 3.
        float[] scores = [1, -1, 0, 2, 0, 0, 0, 1, 0, -2, 0, 3];
        var shape = new Shape(2, 2, 3);
        Assert.Equal(0.3, BoxMass.Of<float>(scores, shape, new PixelBox(0, 0, 2, 1)), 1e-12);
        Assert.Equal(0.5, BoxMass.Of<float>(scores, shape, new PixelBox(0, 0, 1, 2)), 1e-12);
        Assert.Equal(0.7, BoxMass.Of<float>(scores, shape, new PixelBox(0, 0, 1, 2), new PixelBox(0, 0, 2, 1)), 1e-12);
        Assert.Equal(0.3, BoxMass.Of<float>(scores, shape, new PixelBox(2, 1, int.MaxValue, int.MaxValue)), 1e-12);
        Assert.True(double.IsNaN(BoxMass.Of<float>(new float[12], shape, new PixelBox(0, 0, 1, 1))));
        Assert.Contains("at least one box", Assert.Throws<ArgumentException>(() => BoxMass.Of<float>(scores, shape)).Message);
        Assert.Contains("scores has 12",
            Assert.Throws<ArgumentException>(() => BoxMass.Of<float>(scores, new Shape(12), new PixelBox(0, 0, 1, 1))).Message);
    }
}
