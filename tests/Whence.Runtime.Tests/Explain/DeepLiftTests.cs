namespace Whence.Runtime.Tests.Explaining;

public class DeepLiftTests
{
    private readonly SmallNet<double> net = SmallNet<double>.Relu();
    private readonly double[] x = Inputs.Random<double>(1);
    private readonly double[] x0 = Inputs.Random<double>(1, 9);

    private static double[] Affine(double[] x) =>
        [.. Enumerable.Range(0, 4).Select(j => SmallNet<double>.B1[j] + Enumerable.Range(0, 5).Sum(i => SmallNet<double>.W1[j, i] * x[i]))];

    private sealed class All(int rows)
    {
        public readonly double[] Contributions = new double[rows * 5];
        public readonly double[] Positive = new double[rows * 5];
        public readonly double[] Negative = new double[rows * 5];
        public readonly double[] Multipliers = new double[rows * 5];
        public readonly double[] Hypothetical = new double[rows * 5];
        public readonly Completeness[] Sums = new Completeness[rows];

        public ScoreSpans<double> Spans =>
            new()
            {
                Scores = Contributions, Positive = Positive, Negative = Negative, Multipliers = Multipliers,
                Hypothetical = Hypothetical,
            };
    }

    private All Ask(Rule rule, References<double> references, Target? target = null)
    {
        var all = new All(1);
        SpanExplainers.DeepLift(net, x, 1, target ?? Target.Unit(1), rule, references, all.Spans with { Sums = all.Sums });
        return all;
    }

    [Fact]
    public void RescaleIsTheSecantTimesTheDifference()
    {
        double[] z = Affine(x), z0 = Affine(x0);
        var multipliers = Enumerable.Range(0, 5).Select(i => Enumerable.Range(0, 4).Sum(j =>
            SmallNet<double>.W2[1, j] * (Math.Max(z[j], 0) - Math.Max(z0[j], 0)) / (z[j] - z0[j]) * SmallNet<double>.W1[j, i])).ToArray();
        var all = Ask(Rule.Rescale, x0);
        Inputs.Close(multipliers, all.Multipliers, 1e-15);
        Inputs.Close([.. Enumerable.Range(0, 5).Select(i => multipliers[i] * (x[i] - x0[i]))], all.Contributions, 1e-15);
        Inputs.Close([.. Enumerable.Range(0, 5).Select(i => multipliers[i] * Math.Max(x[i] - x0[i], 0))], all.Positive, 1e-15);
        Inputs.Close([.. Enumerable.Range(0, 5).Select(i => multipliers[i] * Math.Min(x[i] - x0[i], 0))], all.Negative, 1e-15);
    }

    [Fact]
    public void ContributionsSumToTheDifference()
    {
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            foreach (var target in new[] { Target.Unit(1), Target.Unit(1).OfOutput(), Target.Weights(1, -2, 0.5), Target.Unit(0).Of(1) })
            {
                var all = Ask(rule, x0, target);
                Assert.NotEqual(0, all.Sums[0].Output - all.Sums[0].ReferenceOutput);
                Assert.Equal(0, all.Sums[0].Gap!.Value, 1e-14);
                Assert.Equal(all.Contributions.Sum(), all.Sums[0].Sum, 1e-15);
                Assert.Equal(all.Contributions.Sum(Math.Abs), all.Sums[0].Magnitude, 1e-15);
                Inputs.Close([.. all.Positive.Zip(all.Negative, (p, n) => p + n)], all.Contributions, 1e-15);
            }
        }
        Assert.NotEqual(Ask(Rule.Rescale, x0).Contributions, Ask(Rule.RevealCancel, x0).Contributions);
    }

    [Fact]
    public void LayersContributionsSumToTheDifference()
    {
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            double[] contributions = new double[4], positive = new double[4], negative = new double[4];
            var sums = new Completeness[1];
            SpanExplainers.LayerDeepLift(net, "Hidden", x, 1, Target.Unit(1), rule, x0,
                new() { Scores = contributions, Positive = positive, Negative = negative, Sums = sums });
            double[] z = Affine(x), z0 = Affine(x0);
            Inputs.Close([.. Enumerable.Range(0, 4).Select(j => SmallNet<double>.W2[1, j] * (Math.Max(z[j], 0) - Math.Max(z0[j], 0)))],
                contributions, 1e-15);
            Inputs.Close([.. positive.Zip(negative, (p, n) => p + n)], contributions, 1e-15);
            Assert.Contains(positive, value => value != 0);
            Assert.Equal(0, sums[0].Gap!.Value, 1e-14);
        }
    }

    [Fact]
    public void SeveralReferencesAreAveraged()
    {
        var references = Inputs.Random<double>(20, 4);
        var mean = new All(1);
        var referenceOutput = 0.0;
        for (var r = 0; r < 20; r++)
        {
            var one = Ask(Rule.RevealCancel, references.AsSpan(r * 5, 5).ToArray());
            for (var i = 0; i < 5; i++)
            {
                mean.Contributions[i] += one.Contributions[i] / 20;
                mean.Positive[i] += one.Positive[i] / 20;
                mean.Negative[i] += one.Negative[i] / 20;
                mean.Multipliers[i] += one.Multipliers[i] / 20;
                mean.Hypothetical[i] += one.Hypothetical[i] / 20;
            }
            referenceOutput += one.Sums[0].ReferenceOutput / 20;
        }
        foreach (var all in new[] { Ask(Rule.RevealCancel, References.Several(references, 20)),
            Ask(Rule.RevealCancel, References.SeveralPerInput(references, 20)),
            Ask(Rule.RevealCancel, SpanExplainers.Prepare(net, references, Rule.RevealCancel, 20)) })
        {
            Inputs.Close(mean.Contributions, all.Contributions, 1e-15);
            Inputs.Close(mean.Positive, all.Positive, 1e-15);
            Inputs.Close(mean.Negative, all.Negative, 1e-15);
            Inputs.Close(mean.Multipliers, all.Multipliers, 1e-15);
            Inputs.Close(mean.Hypothetical, all.Hypothetical, 1e-15);
            Assert.Equal(referenceOutput, all.Sums[0].ReferenceOutput, 1e-15);
            Assert.Equal(0, all.Sums[0].Gap!.Value, 1e-14);
        }
    }

    [Fact]
    public void EachInputMeetsItsOwnReferencesAndTarget()
    {
        var xs = Inputs.Random<double>(9, 2);
        var references = Inputs.Random<double>(27, 3);
        Target[] targets = [.. Enumerable.Range(0, 9)
            .Select(n => n < 4 ? Target.Unit(n % 3) : n == 6 ? Target.Layer("Hidden", 1) : Target.Unit(n % 3).OfOutput())];
        var together = new All(9);
        SpanExplainers.DeepLift(net, xs, 9, Targets.PerInput(targets), Rule.RevealCancel, References.SeveralPerInput(references, 3),
            together.Spans with { Sums = together.Sums });
        for (var n = 0; n < 9; n++)
        {
            var alone = new All(1);
            SpanExplainers.DeepLift(net, xs.AsSpan(n * 5, 5), 1, targets[n], Rule.RevealCancel,
                References.Several(references.AsSpan(n * 15, 15), 3), alone.Spans with { Sums = alone.Sums });
            Assert.Equal(alone.Contributions, together.Contributions.AsSpan(n * 5, 5).ToArray());
            Assert.Equal(alone.Multipliers, together.Multipliers.AsSpan(n * 5, 5).ToArray());
            Assert.Equal(alone.Sums[0], together.Sums[n]);
        }
    }

    [Fact]
    public void EveryTargetOfEveryInputTargetsOutermost()
    {
        var xs = Inputs.Random<double>(4, 2);
        var scores = new double[3 * 4 * 5];
        SpanExplainers.DeepLift(net, xs, 4, Targets.Each([Target.Unit(0), Target.Unit(1).OfOutput(), Target.Unit(2)]), Rule.Rescale, x0,
            scores);
        var alone = new double[4 * 5];
        SpanExplainers.DeepLift(net, xs, 4, Target.Unit(1).OfOutput(), Rule.Rescale, x0, alone);
        Assert.Equal(alone, scores.AsSpan(20, 20).ToArray());
    }

    [Fact]
    public void PreparedReferencesChangeNoBit()
    {
        var references = Inputs.Random<double>(9, 4);
        var prepared = SpanExplainers.Prepare(net, references, Rule.RevealCancel, 9);
        foreach (var target in new[] { Target.Unit(2), Target.Unit(2).OfOutput(), Target.Unit(0).Of("total"), Target.Layer("Hidden", 3) })
        {
            var given = Ask(Rule.RevealCancel, References.Several(references, 9), target);
            var made = Ask(Rule.RevealCancel, prepared, target);
            Assert.Equal(given.Contributions, made.Contributions);
            Assert.Equal(given.Sums, made.Sums);
        }
        var sums = new Completeness[1];
        SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(2), prepared, new() { Scores = new double[5], Sums = sums });
        Assert.NotEqual(0, sums[0].ReferenceOutput);
    }

    [Fact]
    public void HypotheticalContributionsOfWhatIsThereAreTheContributions()
    {
        double[] oneHot = [0, 1, 1, 0, 1];
        double[] background = [0.3, 0.4, 0.7, 0.6, 0.5];
        var all = new All(1);
        SpanExplainers.DeepLift(net, oneHot, 1, Target.Unit(1), Rule.Rescale, background, all.Spans);
        for (var position = 0; position < 2; position++)
        {
            double first = all.Multipliers[position], second = all.Multipliers[2 + position];
            var expected = background[position] * first + background[2 + position] * second;
            Assert.Equal(first - expected, all.Hypothetical[position], 1e-15);
            Assert.Equal(second - expected, all.Hypothetical[2 + position], 1e-15);
            var present = oneHot[position] == 1 ? position : 2 + position;
            Assert.Equal(all.Contributions[position] + all.Contributions[2 + position], all.Hypothetical[present], 1e-15);
        }
    }

    [Fact]
    public void InheritTakesRescaleElseWhatIsCompiled()
    {
        Assert.Equal(Ask(Rule.Rescale, x0).Contributions, Ask(Rule.Inherit, x0).Contributions);
        Assert.Equal(Ask(Rule.RevealCancel, x0).Contributions,
            Ask(Rule.Inherit, SpanExplainers.Prepare(net, x0, Rule.RevealCancel)).Contributions);
        var only = SmallNet<double>.Relu(7, Pass.Gradient, Pass.RevealCancel);
        var scores = new double[5];
        SpanExplainers.DeepLift(only, x, 1, Target.Unit(1), Rule.Inherit, x0, scores);
        Assert.Equal(Ask(Rule.RevealCancel, x0).Contributions, scores);
    }

    [Fact]
    public void GuidedBackpropRescalePromisesNoSum()
    {
        var scores = new double[5];
        var sums = new Completeness[1];
        SpanExplainers.GuidedBackpropRescale(net, x, 1, Target.Unit(1), x0, new() { Scores = scores, Sums = sums });
        double[] z = Affine(x), z0 = Affine(x0);
        Inputs.Close([.. Enumerable.Range(0, 5)
            .Select(i => (x[i] - x0[i]) * Enumerable.Range(0, 4).Where(j => SmallNet<double>.W2[1, j] > 0).Sum(j =>
                SmallNet<double>.W2[1, j] * (Math.Max(z[j], 0) - Math.Max(z0[j], 0)) / (z[j] - z0[j]) * SmallNet<double>.W1[j, i]))],
            scores, 1e-15);
        Assert.Null(sums[0].Gap);
    }
}
