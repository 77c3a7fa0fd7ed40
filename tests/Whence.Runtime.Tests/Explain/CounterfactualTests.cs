namespace Whence.Runtime.Tests.Explaining;

/// <summary>Occlusion, ablation, Shapley values and mutagenesis, against their definitions written out.</summary>
public class CounterfactualTests
{
    private static readonly double[] Ones = [1, 1, 1, 1];

    // x0 x1 + 2 x2 - x3: players 0 and 1 share a product.
    private static readonly FunctionNet Product = new(4, x => x[0] * x[1] + 2 * x[2] - x[3], _ => new double[4]);

    private readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private readonly double[] x = Inputs.Random<double>(1);
    private readonly double[] reference = Inputs.Random<double>(1, 2);

    private double Value(Func<int, bool> present)
    {
        var y = new double[3];
        net.Forward([.. x.Select((value, i) => present(i) ? value : reference[i])], SmallNet<double>.Logits, y, 1);
        return y[1];
    }

    private double ShapleyValue(int player, int[] groups, int players)
    {
        var sum = 0.0;
        for (var coalition = 0; coalition < 1 << players; coalition++)
        {
            if ((coalition >> player & 1) != 0)
                continue;
            var size = Enumerable.Range(0, players).Count(i => (coalition >> i & 1) != 0);
            var weight = Factorial(size) * Factorial(players - size - 1) / Factorial(players);
            sum += weight * (Value(i => groups[i] < 0 || ((coalition | 1 << player) >> groups[i] & 1) != 0)
                - Value(i => groups[i] < 0 || (coalition >> groups[i] & 1) != 0));
        }
        return sum;
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    [Fact]
    public void ShapleyValuesAreTheWeightedMeanOverCoalitions()
    {
        int[] groups = [0, 1, 2, 3, 4];
        var scores = new double[5];
        SpanExplainers.ShapleyValues<double>(net, null, x, 1, Target.Unit(1), reference, scores);
        Inputs.Close([.. groups.Select(player => ShapleyValue(player, groups, 5))], scores, 1e-14);
    }

    [Fact]
    public void GroupsJoinAsOneAndWhatBelongsToNoneStays()
    {
        int[] groups = [1, 0, 0, -1, 1];
        var scores = new double[2];
        SpanExplainers.ShapleyValues<double>(net, new FeatureGroups(groups), x, 1, Target.Unit(1), reference, scores);
        Inputs.Close([ShapleyValue(0, groups, 2), ShapleyValue(1, groups, 2)], scores, 1e-14);
        SpanExplainers.Ablation<double>(net, new FeatureGroups(groups), x, 1, Target.Unit(1), reference, scores);
        Inputs.Close([Value(_ => true) - Value(i => groups[i] != 0), Value(_ => true) - Value(i => groups[i] != 1)], scores, 1e-15);
    }

    [Fact]
    public void AProductIsSharedEvenly()
    {
        var scores = new double[4];
        SpanExplainers.ShapleyValues<double>(Product, null, [3, 5, 7, 11], 1, Target.Unit(0), default, scores);
        Inputs.Close([7.5, 7.5, 14, -11], scores, 1e-12);
    }

    [Fact]
    public void KernelShapOverEveryCoalitionGivesShapleyValues()
    {
        var (exact, kernel) = (new double[5], new double[5]);
        SpanExplainers.ShapleyValues<double>(net, null, x, 1, Target.Unit(1), reference, exact);
        SpanExplainers.KernelShap<double>(net, null, x, 1, Target.Unit(1), reference, kernel, new SamplingOptions { Samples = 30 });
        Inputs.Close(exact, kernel, 1e-13);
    }

    [Fact]
    public void KernelShapOfALinearFunctionIsExactFromFewCoalitions()
    {
        var linear = new FunctionNet(30, v => v.Select((value, i) => (i - 9) * value).Sum(), _ => new double[30]);
        var scores = new double[30];
        SpanExplainers.KernelShap<double>(linear, null, [.. Enumerable.Repeat(2.0, 30)], 1, Target.Unit(0), default, scores,
            new SamplingOptions { Samples = 100, Seed = 5 });
        Inputs.Close([.. Enumerable.Range(0, 30).Select(i => 2.0 * (i - 9))], scores, 1e-10);
    }

    [Fact]
    public void KernelShapSaysWhenItsCoalitionsAreTooFew()
    {
        var sum = new FunctionNet(30, v => v.Sum(), _ => new double[30]);
        var failure = Assert.Throws<ArgumentException>(() => SpanExplainers.KernelShap<double>(sum, null, new double[30], 1, Target.Unit(0),
            default, new double[30], new SamplingOptions { Samples = 20 }));
        Assert.Contains("20 random coalitions do not determine the scores of 30 players", failure.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SampledShapleyValuesComeCloserWithMoreDraws(bool kernel)
    {
        var (exact, sampled) = (new double[8], new double[8]);
        var bent = new FunctionNet(8, v => Math.Tanh(v[0] + v[1] * v[2] - v[3]) + v[4] * v[5] * v[6] - Math.Exp(-v[7] * v[0]),
            _ => new double[8], 64);
        double[] far = [1, -2, 0.5, 0.3, 1.5, -1, 2, 0.7];
        SpanExplainers.ShapleyValues<double>(bent, null, far, 1, Target.Unit(0), default, exact);
        double Worst(int samples, ulong seed)
        {
            var options = new SamplingOptions { Samples = samples, Seed = seed };
            if (kernel)
                SpanExplainers.KernelShap<double>(bent, null, far, 1, Target.Unit(0), default, sampled, options);
            else
                SpanExplainers.ShapleySampling<double>(bent, null, far, 1, Target.Unit(0), default, sampled, options);
            return Enumerable.Range(0, 8).Max(i => Math.Abs(sampled[i] - exact[i]));
        }
        double Mean(int samples) => Enumerable.Range(0, 20).Average(seed => Worst(samples, (ulong)seed));
        // From 254 on, the kernel takes every coalition of eight players.
        var (few, many) = kernel ? (60, 250) : (4, 400);
        Assert.InRange(Mean(many), 1e-12, Mean(few) / 1.5);
    }

    [Fact]
    public void SampledShapleyValuesAreCompleteWhateverTheDraws()
    {
        var (scores, sums) = (new double[5], new Completeness[1]);
        SpanExplainers.ShapleySampling<double>(net, null, x, 1, Target.Unit(1), References.Several(Inputs.Random<double>(3, 4), 3),
            new() { Scores = scores, Sums = sums }, new SamplingOptions { Samples = 1, Seed = 7 });
        Assert.InRange(sums[0].RelativeGap!.Value, 0, 1e-14);
        SpanExplainers.KernelShap<double>(net, null, x, 1, Target.Unit(1), References.Several(Inputs.Random<double>(3, 4), 3),
            new() { Scores = scores, Sums = sums }, new SamplingOptions { Samples = 16, Seed = 7 });
        Assert.InRange(sums[0].RelativeGap!.Value, 0, 1e-14);
    }

    [Fact]
    public void OnePlayerGetsTheWholeChange()
    {
        var whole = new FeatureGroups(new int[5]);
        var expected = Value(_ => true) - Value(_ => false);
        var scores = new double[1];
        SpanExplainers.ShapleyValues<double>(net, whole, x, 1, Target.Unit(1), reference, scores);
        Assert.Equal(expected, scores[0], 14);
        SpanExplainers.ShapleySampling<double>(net, whole, x, 1, Target.Unit(1), reference, scores);
        Assert.Equal(expected, scores[0], 14);
        SpanExplainers.KernelShap<double>(net, whole, x, 1, Target.Unit(1), reference, scores);
        Assert.Equal(expected, scores[0], 14);
    }

    [Fact]
    public void SeveralReferencesAreAveraged()
    {
        var references = Inputs.Random<double>(3, 9);
        var (scores, one, sum) = (new double[5], new double[5], new double[5]);
        SpanExplainers.KernelShap<double>(net, null, x, 1, Target.Unit(1), References.Several(references, 3), scores);
        for (var r = 0; r < 3; r++)
        {
            SpanExplainers.KernelShap<double>(net, null, x, 1, Target.Unit(1), references.AsSpan(r * 5, 5).ToArray(), one);
            for (var i = 0; i < 5; i++)
                sum[i] += one[i] / 3;
        }
        Inputs.Close(sum, scores, 1e-14);
    }

    [Fact]
    public void OverlappingWindowsAreAveragedAndTheLastIsCutOff()
    {
        var weighted = new FunctionNet(5, v => v[0] + 10 * v[1] + 100 * v[2] + 1000 * v[3] + 10000 * v[4], _ => new double[5]);
        var scores = new double[5];
        SpanExplainers.Occlusion<double>(weighted, new SlidingWindow([3], [2]), [1, 1, 1, 1, 1], 1, Target.Unit(0), default, scores);
        // Windows 0..2 and 2..4.
        Inputs.Close([111, 111, (111 + 11100) / 2.0, 11100, 11100], scores, 1e-9);
        SpanExplainers.Occlusion<double>(weighted, new SlidingWindow([4], [3]), [1, 1, 1, 1, 1], 1, Target.Unit(0), default, scores);
        // Windows 0..3 and 3..6, of which 3..4 are there.
        Inputs.Close([1111, 1111, 1111, (1111 + 11000) / 2.0, 11000], scores, 1e-9);
        SpanExplainers.Occlusion<double>(weighted, new SlidingWindow(9), [1, 1, 1, 1, 1], 1, Target.Unit(0), default, scores);
        Inputs.Close([11111, 11111, 11111, 11111, 11111], scores, 1e-9);
    }

    [Fact]
    public void AWindowHasASizeForEachAxis()
    {
        var thrown = Assert.Throws<ArgumentException>("window", () => SpanExplainers.Occlusion<double>(net,
            new SlidingWindow([1, 1, 1, 1], null, "extra"), x, 1, Target.Unit(1), reference, new double[5]));
        Assert.Contains("for each axis of extra", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("which has 2 axes, but has 4 sizes", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWindowSlidesOverEveryAxisOfItsOwnInputAlone()
    {
        var scores = new double[5];
        SpanExplainers.Occlusion<double>(net, new SlidingWindow(2, 1), x, 1, Target.Unit(1), reference, scores);
        var (left, right) = (Value(_ => true) - Value(i => i is not (0 or 2)), Value(_ => true) - Value(i => i is not (1 or 3)));
        Inputs.Close([left, right, left, right, 0], scores, 1e-15);
        SpanExplainers.Occlusion<double>(net, new SlidingWindow([1, 1], null, "extra"), x, 1, Target.Unit(1), reference, scores);
        Inputs.Close([0, 0, 0, 0, Value(_ => true) - Value(i => i != 4)], scores, 1e-15);
    }

    [Fact]
    public void MutantsHaveOneLetterChanged()
    {
        // Two letters by two positions: the first position is letter 1, the second letter 0.
        double[] letters = [0, 1, 1, 0, 0.5];
        var scores = new double[5];
        double Change(params double[] mutant)
        {
            var (y, y0) = (new double[3], new double[3]);
            net.Forward(mutant, SmallNet<double>.Logits, y, 1);
            net.Forward(letters, SmallNet<double>.Logits, y0, 1);
            return y[1] - y0[1];
        }
        SpanExplainers.Mutagenesis<double>(net, letters, 1, Target.Unit(1), scores);
        var (first, second) = (Change(1, 1, 0, 0, 0.5), Change(0, 0, 1, 1, 0.5));
        Inputs.Close([first, 0, 0, second, 0], scores, 1e-15);
        SpanExplainers.Mutagenesis<double>(net, letters, 1, Target.Unit(1), scores, new MutagenesisOptions { Centred = true });
        Inputs.Close([first / 2, -second / 2, -first / 2, second / 2, 0], scores, 1e-15);
    }

    [Fact]
    public void LettersMayRunOnEitherAxis()
    {
        double[] letters = [0, 1, 1, 0, 0.5];
        var scores = new double[5];
        SpanExplainers.Mutagenesis<double>(net, letters, 1, Target.Unit(1), scores, new MutagenesisOptions { Letters = 1 });
        var mutant = new double[3];
        net.Forward([1, 0, 1, 0, 0.5], SmallNet<double>.Logits, mutant, 1);
        var here = new double[3];
        net.Forward(letters, SmallNet<double>.Logits, here, 1);
        Assert.Equal(mutant[1] - here[1], scores[0], 14);
        Assert.Equal(0, scores[1]);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        var scores = new double[5];
        Assert.Contains("size for each axis of sequence", Assert.Throws<ArgumentException>(
            () => SpanExplainers.Occlusion<double>(net, new SlidingWindow(2), x, 1, Target.Unit(1), default, scores)).Message);
        Assert.Contains("\"other\"", Assert.Throws<ArgumentException>(
            () => SpanExplainers.Occlusion<double>(net, new SlidingWindow([1, 1], null, "other"), x, 1, Target.Unit(1), default,
                scores)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("strides", () => new SlidingWindow([2], [3]));
        Assert.Throws<ArgumentOutOfRangeException>("sizes", () => new SlidingWindow(0));
        Assert.Throws<ArgumentException>("strides", () => new SlidingWindow([2, 2], [1]));
        Assert.Contains("5 input elements", Assert.Throws<ArgumentException>(
            () => SpanExplainers.Ablation<double>(net, new FeatureGroups(Ones.Select(_ => 0).ToArray()), x, 1, Target.Unit(1), default,
                scores)).Message);
        Assert.Throws<ArgumentException>("groupOf", () => new FeatureGroups([0, 2]));
        Assert.Throws<ArgumentException>("groupOf", () => new FeatureGroups([-1, -1]));
        Assert.Throws<ArgumentException>("groupOf", () => new FeatureGroups([0, -2]));
        var large = new FunctionNet(21, v => v.Sum(), _ => new double[21]);
        Assert.Contains("at most 20 groups", Assert.Throws<ArgumentException>(
            () => SpanExplainers.ShapleyValues<double>(large, null, new double[21], 1, Target.Unit(0), default, new double[21])).Message);
        Assert.Throws<ArgumentOutOfRangeException>("options", () => SpanExplainers.ShapleySampling<double>(net, null, x, 1, Target.Unit(1),
            default, scores, new SamplingOptions { Samples = 0 }));
        Assert.Contains("no letters on axis 2", Assert.Throws<ArgumentOutOfRangeException>(
            () => SpanExplainers.Mutagenesis<double>(net, x, 1, Target.Unit(1), scores, new MutagenesisOptions { Letters = 2 })).Message);
    }

    [Fact]
    public void ExpectedGradientsAverageIntegratedGradientsOverThePopulation()
    {
        var population = Inputs.Random<double>(4, 9);
        var (expected, scores, sums) = (new double[5], new double[5], new Completeness[1]);
        SpanExplainers.IntegratedGradients<double>(net, x, 1, Target.Unit(1), References.Several(population, 4), expected);
        SpanExplainers.ExpectedGradients<double>(net, x, 1, Target.Unit(1), References.Several(population, 4),
            new() { Scores = scores, Sums = sums },
            new SamplingOptions { Samples = 20000, Seed = 1 });
        // The draws' standard error is about 1 / sqrt(20000) of scores of about 1.
        Inputs.Close(expected, scores, 0.03);
        Assert.InRange(Math.Abs(sums[0].Gap!.Value), 1e-9, 0.05);
        Assert.Equal(20000, sums[0].Steps);
    }

    [Fact]
    public void GroupsOfAnAxisAndOfInputsAreTheirIndices()
    {
        Assert.Equal([0, 1, 2, 0, 1, 2], Enumerable.Range(0, 6).Select(i => FeatureGroups.OfAxis(new Shape(2, 3), 1)[i]));
        Assert.Equal([0, 0, 0, 1, 1, 1], Enumerable.Range(0, 6).Select(i => FeatureGroups.OfAxis(new Shape(2, 3), 0)[i]));
        Assert.Equal([0, 0, 0, 0, 1], Enumerable.Range(0, 5).Select(i => FeatureGroups.OfInputs(net.Signature)[i]));
    }

    [Fact]
    public void ObjectsHoldOneScoreForEachGroup()
    {
        var compiled = new CompiledNet(SmallNet<float>.Tanh());
        float[] single = [.. x.Select(value => (float)value)];
        var grouped = compiled.ShapleyValues(single, Target.Unit(1), groups: new FeatureGroups([0, 0, 1, 1, 1]));
        Assert.Equal(2, grouped.Scores.Length);
        Assert.Equal("groups", grouped.Tensors[0].Name);
        Assert.InRange(grouped.RelativeGap!.Value, 0, 1e-6);
        var each = compiled.Ablation(single, Target.Unit(1));
        Assert.Null(each.Gap);
        Assert.Equal([each.Scores[0] + (double)each.Scores[4], each.Scores[1] + (double)each.Scores[2]],
            each.SumBy(new FeatureGroups([0, 1, 1, -1, 0])));
        Assert.Throws<ArgumentException>("groups", () => each.SumBy(new FeatureGroups([0, 1])));
    }
}
