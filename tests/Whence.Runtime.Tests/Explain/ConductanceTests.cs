namespace Whence.Runtime.Tests.Explaining;

/// <summary>Conductance runs over the whole path, whatever the points on it: the layer's moves sum to its difference.</summary>
public class ConductanceTests
{
    private readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private readonly double[] x = Inputs.Random<double>(1);
    private readonly double[] x0 = Inputs.Random<double>(1, 9);

    public static TheoryData<Quadrature> Quadratures => [.. Enum.GetValues<Quadrature>().Except([Quadrature.Exact])];

    private double[] At(double alpha) => [.. x0.Zip(x, (a, b) => a + alpha * (b - a))];

    private double[] LayerValue(double alpha)
    {
        var values = new double[4];
        SpanExplainers.LayerActivation(net, "Hidden", At(alpha), 1, values);
        return values;
    }

    private double[] GradientAt(double alpha, Target target)
    {
        var scores = new double[4];
        SpanExplainers.LayerGradient(net, "Hidden", At(alpha), 1, target, scores);
        return scores;
    }

    private (double[] Scores, Completeness Sums) Ask(Target target, PathOptions? options = null)
    {
        var (scores, sums) = (new double[4], new Completeness[1]);
        SpanExplainers.Conductance(net, "Hidden", x, 1, target, x0, new() { Scores = scores, Sums = sums }, options);
        return (scores, sums[0]);
    }

    // The output is linear in the layer, so that any loss is one of the path's ends.
    [Theory]
    [MemberData(nameof(Quadratures))]
    public void NoEndOfThePathIsLost(Quadrature quadrature)
    {
        foreach (var steps in new[] { 2, 3, 10, 50 })
        {
            foreach (var target in new[] { Target.Unit(1), Target.Difference(2, 0), Target.Unit(0).Of("total") })
            {
                var (scores, sums) = Ask(target, new PathOptions { Quadrature = quadrature, Steps = steps });
                Assert.NotEqual(0, sums.Output - sums.ReferenceOutput);
                Assert.Equal(0, sums.Gap!.Value, 1e-14);
                Assert.Equal(steps, sums.Steps);
                var gradient = GradientAt(0.3, target);
                Inputs.Close([.. gradient.Select((g, j) => g * (LayerValue(1)[j] - LayerValue(0)[j]))], scores, 1e-14);
            }
        }
    }

    [Fact]
    public void OneStepIsEnoughWhereTheOutputIsLinearInTheLayer()
    {
        foreach (var quadrature in new[] { Quadrature.Midpoint, Quadrature.Left, Quadrature.Right, Quadrature.GaussLegendre })
            Assert.Equal(0, Ask(Target.Unit(1), new PathOptions { Quadrature = quadrature, Steps = 1 }).Sums.Gap!.Value, 1e-14);
    }

    [Theory]
    [MemberData(nameof(Quadratures))]
    public void EachPieceHasTheGradientAtItsPoint(Quadrature quadrature)
    {
        var target = Target.Unit(1).OfOutput();
        var points = PathPoints.Of(quadrature, 7);
        var expected = new double[4];
        var cut = 0.0;
        for (var k = 0; k < 7; k++)
        {
            var next = cut + points.Weights[k];
            double[] gradient = GradientAt(points.Alphas[k], target), start = LayerValue(cut), end = LayerValue(next);
            for (var j = 0; j < 4; j++)
                expected[j] += gradient[j] * (end[j] - start[j]);
            cut = next;
        }
        Inputs.Close(expected, Ask(target, new PathOptions { Quadrature = quadrature, Steps = 7 }).Scores, 1e-14);
        // Points of one's own count alike in any order.
        var turned = new PathPoints([.. points.Alphas.ToArray().Reverse()], [.. points.Weights.ToArray().Reverse()]);
        Inputs.Close(expected, Ask(target, new PathOptions { Points = turned }).Scores, 1e-14);
    }

    [Theory]
    [InlineData(Quadrature.Midpoint, 2)]
    [InlineData(Quadrature.Trapezoid, 2)]
    [InlineData(Quadrature.GaussLegendre, 2)]
    [InlineData(Quadrature.Left, 1)]
    [InlineData(Quadrature.Right, 1)]
    public void TheErrorFallsWithTheStepsAsItShould(Quadrature quadrature, int order)
    {
        var target = Target.Unit(1).OfOutput();
        var truth = Ask(target, new PathOptions { Steps = 20000 }).Scores;
        double Error(int steps) =>
            Ask(target, new PathOptions { Quadrature = quadrature, Steps = steps }).Scores.Zip(truth, (a, b) => Math.Abs(a - b)).Sum();
        Assert.InRange(Error(40) / Error(80), 0.9 * Math.Pow(2, order), double.PositiveInfinity);
        Assert.InRange(Error(80), 0, order == 2 ? 1e-4 : 1e-2);
    }

    [Fact]
    public void NeuronConductancesSumToTheSameOfEachUnit()
    {
        var target = Target.Unit(1).OfOutput();
        var options = new PathOptions { Steps = 4000 };
        var conductance = Ask(target, options).Scores;
        for (var unit = 0; unit < 4; unit++)
        {
            var scores = new double[5];
            SpanExplainers.NeuronConductance(net, "Hidden", unit, x, 1, target, x0, scores, options: options);
            Assert.Equal(conductance[unit], scores.Sum(), 1e-7);
        }
    }

    [Fact]
    public void CaptumsSumLosesTheEndsAndItsGapShowsIt()
    {
        var options = new PathOptions { Steps = 10, ConductanceSum = ConductanceSum.Captum };
        var (scores, sums) = Ask(Target.Unit(1), options);
        Assert.Equal(sums.Output - sums.ReferenceOutput - scores.Sum(), sums.Gap!.Value, 1e-15);
        Assert.InRange(sums.RelativeGap!.Value, 1e-3, 1);
        Assert.Throws<CompletenessException>(() => Ask(Target.Unit(1), options with { RequireGap = 1e-3 }));
        // From end to end nothing is lost.
        Assert.Equal(0, Ask(Target.Unit(1), options with { Quadrature = Quadrature.Trapezoid }).Sums.Gap!.Value, 1e-14);
    }

    [Fact]
    public void DoublingMeetsItsTolerance()
    {
        foreach (var quadrature in Enum.GetValues<Quadrature>().Except([Quadrature.Exact]))
        {
            var target = Target.Unit(1).OfOutput();
            var (scores, sums) = Ask(target, new PathOptions { Quadrature = quadrature, Steps = 2, Tolerance = 1e-4, MaxSteps = 1 << 16 });
            Assert.True(sums.Converged);
            Assert.InRange(sums.RelativeGap!.Value, 0, 1e-4);
            Inputs.Close(Ask(target, new PathOptions { Quadrature = quadrature, Steps = sums.Steps }).Scores, scores, 0);
        }
    }

    // Chunks of 7 rows end amid paths.
    [Fact]
    public void ManyAnswersAreEachAsItWouldBeAlone()
    {
        var (xs, references) = (Inputs.Random<double>(6, 3), Inputs.Random<double>(12, 4));
        foreach (var steps in new[] { 2, 3, 7, 8, 15 })
        {
            var (together, alone) = (new double[24], new double[4]);
            var options = new PathOptions { Steps = steps };
            SpanExplainers.Conductance(net, "Hidden", xs, 6, Target.Unit(1), References.SeveralPerInput(references, 2), together,
                options: options);
            for (var n = 0; n < 6; n++)
            {
                SpanExplainers.Conductance(net, "Hidden", xs.AsSpan(5 * n, 5), 1, Target.Unit(1),
                    References.Several(references.AsSpan(10 * n, 10), 2), alone, options: options);
                Assert.Equal(alone, together[(4 * n)..(4 * n + 4)]);
            }
        }
    }
}
