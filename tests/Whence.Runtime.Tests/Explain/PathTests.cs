namespace Whence.Runtime.Tests.Explaining;

public class PathTests
{
    private readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private readonly double[] x = Inputs.Random<double>(1);
    private readonly double[] x0 = Inputs.Random<double>(1, 9);

    private static readonly PathOptions Gauss = new() { Quadrature = Quadrature.GaussLegendre, Steps = 40 };

    private double[] At(double alpha) => [.. x0.Zip(x, (a, b) => a + alpha * (b - a))];

    private double[] LayerValue(double[] at)
    {
        var values = new double[4];
        SpanExplainers.LayerActivation(net, "Hidden", at, 1, values);
        return values;
    }

    private double[] GradientAt(double[] at, Target target)
    {
        var scores = new double[5];
        SpanExplainers.Gradient(net, at, 1, target, scores);
        return scores;
    }

    private double[] LayerGradientAt(double[] at, Target target)
    {
        var scores = new double[4];
        SpanExplainers.LayerGradient(net, "Hidden", at, 1, target, scores);
        return scores;
    }

    // interior_gradients_saturating_unit of deeplift.json.
    [Fact]
    public void InteriorGradientsOfASaturatingUnit()
    {
        var unit = new FunctionNet(1, v => 1 - Math.Max(1 - v[0], 0), v => [v[0] < 1 ? 1 : 0]);
        var scores = new double[6];
        var sums = new Completeness[6];
        SpanExplainers.InteriorGradients(unit, [2.0], 1, Target.Unit(0), default, new PathPoints([0.1, 0.2, 0.4, 0.6, 0.8, 1.0]),
            new() { Scores = scores, Sums = sums });
        Inputs.Close([1, 1, 1, 0, 0, 0], scores, 0);
        Inputs.Close([0.2, 0.4, 0.8, 1, 1, 1], [.. sums.Select(sum => sum.Output)], 1e-15);

        var gradient = new double[1];
        SpanExplainers.GradientTimesInput(unit, [2.0], 1, Target.Unit(0), default, gradient);
        Inputs.Close([0], gradient, 0);
        SpanExplainers.IntegratedGradients(unit, [2.0], 1, Target.Unit(0), default, gradient);
        Inputs.Close([1], gradient, 1e-15);
    }

    [Fact]
    public void IntegratedGradientsAreTheWeightedInteriorOnes()
    {
        foreach (var quadrature in Enum.GetValues<Quadrature>().Except([Quadrature.Exact]))
        {
            var points = PathPoints.Of(quadrature, 9);
            var expected = new double[5];
            for (var k = 0; k < 9; k++)
            {
                var gradient = GradientAt(At(points.Alphas[k]), Target.Unit(1));
                for (var i = 0; i < 5; i++)
                    expected[i] += points.Weights[k] * gradient[i] * (x[i] - x0[i]);
            }
            var scores = new double[5];
            SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(1), x0, scores,
                options: new PathOptions { Quadrature = quadrature, Steps = 9 });
            Inputs.Close(expected, scores, 1e-14);
            SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(1), x0, scores,
                options: new PathOptions { Points = new PathPoints(points.Alphas, points.Weights) });
            Inputs.Close(expected, scores, 1e-14);
        }
    }

    [Fact]
    public void IntegratedGradientsSumToTheDifference()
    {
        foreach (var target in new[] { Target.Unit(1), Target.Unit(1).OfOutput(), Target.Difference(2, 0).MeanCentred(),
            Target.Layer("Hidden", 3), Target.Unit(0).Of("total") })
        {
            var sums = new Completeness[1];
            SpanExplainers.IntegratedGradients(net, x, 1, target, x0, new() { Scores = new double[5], Sums = sums }, Gauss);
            Assert.NotEqual(0, sums[0].Output - sums[0].ReferenceOutput);
            Assert.Equal(0, sums[0].Gap!.Value, 1e-13);
            Assert.Equal(40, sums[0].Steps);
            Assert.Null(sums[0].Converged);
        }
    }

    [Fact]
    public void SeveralReferencesAreAveraged()
    {
        var references = Inputs.Random<double>(3, 4);
        var expected = new double[5];
        var scores = new double[5];
        double referenceOutput = 0;
        var sums = new Completeness[1];
        for (var r = 0; r < 3; r++)
        {
            SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(1), references.AsSpan(r * 5, 5).ToArray(),
                new() { Scores = scores, Sums = sums }, Gauss);
            expected = [.. expected.Zip(scores, (a, b) => a + b / 3)];
            referenceOutput += sums[0].ReferenceOutput / 3;
        }
        SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(1), References.Several(references, 3),
            new() { Scores = scores, Sums = sums }, Gauss);
        Inputs.Close(expected, scores, 1e-15);
        Assert.Equal(referenceOutput, sums[0].ReferenceOutput, 1e-15);
        Assert.Equal(0, sums[0].Gap!.Value, 1e-13);
    }

    [Fact]
    public void CaptumsConductanceIsTheGradientTimesTheNextMove()
    {
        var points = PathPoints.Of(Quadrature.Midpoint, 13);
        var expected = new double[4];
        for (var k = 0; k < 12; k++)
        {
            double[] here = LayerValue(At(points.Alphas[k])), next = LayerValue(At(points.Alphas[k + 1])),
                gradient = LayerGradientAt(At(points.Alphas[k]), Target.Unit(1).OfOutput());
            for (var j = 0; j < 4; j++)
                expected[j] += gradient[j] * (next[j] - here[j]);
        }
        var scores = new double[4];
        var sums = new Completeness[1];
        SpanExplainers.Conductance(net, "Hidden", x, 1, Target.Unit(1).OfOutput(), x0, new() { Scores = scores, Sums = sums },
            new PathOptions { Steps = 12, ConductanceSum = ConductanceSum.Captum });
        Inputs.Close(expected, scores, 1e-15);
        Assert.Equal(12, sums[0].Steps);
        Assert.NotNull(sums[0].Gap);
    }

    [Fact]
    public void InternalInfluenceIsTheAverageGradient()
    {
        var points = PathPoints.Of(Quadrature.GaussLegendre, 8);
        var expected = new double[4];
        for (var k = 0; k < 8; k++)
            expected =
                [.. expected.Zip(LayerGradientAt(At(points.Alphas[k]), Target.Unit(1).OfOutput()), (a, g) => a + points.Weights[k] * g)];
        var scores = new double[4];
        var sums = new Completeness[1];
        SpanExplainers.InternalInfluence(net, "Hidden", x, 1, Target.Unit(1).OfOutput(), x0, new() { Scores = scores, Sums = sums },
            new PathOptions { Quadrature = Quadrature.GaussLegendre, Steps = 8 });
        Inputs.Close(expected, scores, 1e-15);
        Assert.Null(sums[0].Gap);
    }

    [Fact]
    public void LayerIntegratedGradientsRunBetweenTheLayersValues()
    {
        double[] h = LayerValue(x), h0 = LayerValue(x0);
        var points = PathPoints.Of(Quadrature.Right, 11);
        var expected = new double[4];
        for (var k = 0; k < 11; k++)
        {
            var y = SmallNet<double>.B2[1];
            for (var j = 0; j < 4; j++)
                y += SmallNet<double>.W2[1, j] * (h0[j] + points.Alphas[k] * (h[j] - h0[j]));
            var s = SmallNet<double>.Sigmoid(y);
            for (var j = 0; j < 4; j++)
                expected[j] += s * (1 - s) * SmallNet<double>.W2[1, j] * (h[j] - h0[j]) / 11;
        }
        var scores = new double[4];
        SpanExplainers.LayerIntegratedGradients(net, "Hidden", x, 1, Target.Unit(1).OfOutput(), x0, scores,
            options: new PathOptions { Quadrature = Quadrature.Right, Steps = 11 });
        Inputs.Close(expected, scores, 1e-15);

        var sums = new Completeness[1];
        SpanExplainers.LayerIntegratedGradients(net, "Hidden", x, 1, Target.Unit(1).OfOutput(), x0, new() { Scores = scores, Sums = sums },
            Gauss);
        Assert.Equal(0, sums[0].Gap!.Value, 1e-13);
    }

    [Fact]
    public void NeuronConductancesSumToTheIntegratedGradients()
    {
        var total = new double[5];
        var scores = new double[5];
        for (var unit = 0; unit < 4; unit++)
        {
            SpanExplainers.NeuronConductance(net, "Hidden", unit, x, 1, Target.Unit(1).OfOutput(), x0, scores, options: Gauss);
            total = [.. total.Zip(scores, (a, b) => a + b)];
        }
        SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(1).OfOutput(), x0, scores, options: Gauss);
        Inputs.Close(scores, total, 1e-14);
    }

    [Fact]
    public void DoublingStopsWhereBothGapAndChangeAreSmall()
    {
        var options = new PathOptions { Quadrature = Quadrature.Right, Steps = 4, Tolerance = 1e-3, MaxSteps = 4096 };
        var xs = Inputs.Random<double>(6, 2);
        xs.AsSpan(0, 5).Clear();
        double[] scores = new double[30], before = new double[5], after = new double[5];
        var sums = new Completeness[6];
        SpanExplainers.IntegratedGradients(net, xs, 6, Target.Unit(1), default, new() { Scores = scores, Sums = sums }, options);

        Assert.All(sums, sum => Assert.True(sum.Converged));
        Assert.Equal(8, sums[0].Steps);
        Assert.True(sums.Select(sum => sum.Steps).Distinct().Count() > 1);
        for (var n = 1; n < 6; n++)
        {
            var steps = sums[n].Steps;
            Assert.InRange(sums[n].RelativeGap!.Value, 0, 1e-3);
            SpanExplainers.IntegratedGradients(net, xs.AsSpan(n * 5, 5), 1, Target.Unit(1), default, after,
                options: options with { Steps = steps, Tolerance = null });
            Assert.Equal(after, scores.AsSpan(n * 5, 5).ToArray());
            var half = new Completeness[1];
            SpanExplainers.IntegratedGradients(net, xs.AsSpan(n * 5, 5), 1, Target.Unit(1), default, new() { Scores = before, Sums = half },
                options with { Steps = steps / 2, Tolerance = null });
            double Change(double[] a, double[] b) => a.Zip(b, (u, v) => Math.Abs(u - v)).Sum();
            Assert.True(Change(before, after) / (sums[n].Magnitude + Math.Abs(sums[n].Output - sums[n].ReferenceOutput)) <= 1e-3);
            if (steps == 8)
                continue;
            var quarter = new double[5];
            SpanExplainers.IntegratedGradients(net, xs.AsSpan(n * 5, 5), 1, Target.Unit(1), default, quarter,
                options: options with { Steps = steps / 4, Tolerance = null });
            Assert.True(half[0].RelativeGap > 1e-3
                || Change(quarter, before) / (half[0].Magnitude + Math.Abs(half[0].Output - half[0].ReferenceOutput)) > 1e-3);
        }
    }

    [Fact]
    public void DoublingThatDoesNotConvergeSaysSo()
    {
        var sums = new Completeness[1];
        SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(1), x0, new() { Scores = new double[5], Sums = sums },
            new PathOptions { Quadrature = Quadrature.Right, Steps = 3, Tolerance = 1e-9, MaxSteps = 50 });
        Assert.False(sums[0].Converged);
        Assert.Equal(48, sums[0].Steps);
    }
}
