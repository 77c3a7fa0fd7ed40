namespace Whence.Runtime.Tests.Explaining;

public class QuadratureTests
{
    public static TheoryData<Quadrature> All => [.. Enum.GetValues<Quadrature>().Except([Quadrature.Exact])];

    [Theory, MemberData(nameof(All))]
    public void WeightsSumToOne(Quadrature quadrature)
    {
        foreach (var steps in new[] { 2, 3, 4, 10, 50, 333, 1000, 6400 })
            Assert.Equal(1, PathPoints.Of(quadrature, steps).Weights.ToArray().Sum(), 1e-13);
    }

    [Fact]
    public void ThePointsAreThoseOfTheRules()
    {
        Inputs.Close([0.25, 0.5, 0.75, 1], PathPoints.Of(Quadrature.Right, 4).Alphas, 0);
        Inputs.Close([0, 0.25, 0.5, 0.75], PathPoints.Of(Quadrature.Left, 4).Alphas, 0);
        Inputs.Close([0.125, 0.375, 0.625, 0.875], PathPoints.Of(Quadrature.Midpoint, 4).Alphas, 0);
        Inputs.Close([0, 0.25, 0.5, 0.75, 1], PathPoints.Of(Quadrature.Trapezoid, 5).Alphas, 0);
        Inputs.Close([0.125, 0.25, 0.25, 0.25, 0.125], PathPoints.Of(Quadrature.Trapezoid, 5).Weights, 0);
    }

    [Fact]
    public void GaussLegendreIsThatOfTheTables()
    {
        var root = Math.Sqrt(0.6) / 2;
        Inputs.Close([0.5], PathPoints.Of(Quadrature.GaussLegendre, 1).Alphas, 0);
        Inputs.Close([1], PathPoints.Of(Quadrature.GaussLegendre, 1).Weights, 0);
        Inputs.Close([0.5 - Math.Sqrt(1 / 12.0), 0.5 + Math.Sqrt(1 / 12.0)], PathPoints.Of(Quadrature.GaussLegendre, 2).Alphas, 1e-15);
        Inputs.Close([0.5 - root, 0.5, 0.5 + root], PathPoints.Of(Quadrature.GaussLegendre, 3).Alphas, 1e-15);
        Inputs.Close([5 / 18.0, 4 / 9.0, 5 / 18.0], PathPoints.Of(Quadrature.GaussLegendre, 3).Weights, 1e-15);
        Inputs.Close(
            [0.2369268850561891 / 2, 0.4786286704993665 / 2, 0.5688888888888889 / 2, 0.4786286704993665 / 2, 0.2369268850561891 / 2],
            PathPoints.Of(Quadrature.GaussLegendre, 5).Weights, 1e-15);
        Inputs.Close([(1 - 0.9061798459386640) / 2, (1 - 0.5384693101056831) / 2, 0.5],
            PathPoints.Of(Quadrature.GaussLegendre, 5).Alphas[..3], 1e-15);
    }

    [Theory, InlineData(4), InlineData(20), InlineData(50), InlineData(51), InlineData(200)]
    public void GaussLegendreIntegratesPolynomialsUpToTwiceItsPoints(int steps)
    {
        var points = PathPoints.Of(Quadrature.GaussLegendre, steps);
        for (var degree = 0; degree < 2 * steps; degree++)
        {
            var sum = 0.0;
            for (var k = 0; k < steps; k++)
                sum += points.Weights[k] * Math.Pow(points.Alphas[k], degree);
            Assert.Equal(1.0 / (degree + 1), sum, 5e-15);
        }
    }

    [Fact]
    public void PointsAreComputedOnce() =>
        Assert.Same(PathPoints.Of(Quadrature.GaussLegendre, 77), PathPoints.Of(Quadrature.GaussLegendre, 77));

    // integrated_gradients_rules of deeplift.json: f = x^2 between 0 and 1 in 4 steps.
    [Theory]
    [InlineData(Quadrature.Right, 1.25), InlineData(Quadrature.Left, 0.75), InlineData(Quadrature.Midpoint, 1),
        InlineData(Quadrature.Trapezoid, 1), InlineData(Quadrature.GaussLegendre, 1)]
    public void IntegratesTheSquare(Quadrature quadrature, double expected)
    {
        var square = new FunctionNet(1, x => x[0] * x[0], x => [2 * x[0]]);
        var scores = new double[1];
        SpanExplainers.IntegratedGradients(square, [1.0], 1, Target.Unit(0), default, scores,
            options: new PathOptions { Quadrature = quadrature, Steps = 4 });
        Assert.Equal(expected, scores[0], 1e-15);
    }

    [Fact]
    public void TooFewStepsAreRefused()
    {
        Assert.Contains("at least 2 steps, but 1",
            Assert.Throws<ArgumentOutOfRangeException>("steps", () => PathPoints.Of(Quadrature.Trapezoid, 1)).Message);
        Assert.Contains("at least 1 step, but 0",
            Assert.Throws<ArgumentOutOfRangeException>("steps", () => PathPoints.Of(Quadrature.Right, 0)).Message);
        Assert.Throws<ArgumentException>("alphas", () => new PathPoints([]));
        Assert.Throws<ArgumentException>("weights", () => new PathPoints([0.5], [1, 2]));
        Assert.Throws<ArgumentException>("weights", () => new PathPoints([0.6, 0.5], [1]));
        Assert.Throws<ArgumentException>("alphas", () => new PathPoints([0.5, double.NaN]));
        Assert.Throws<ArgumentException>("weights", () => new PathPoints([0.5, 1], [1.0]));
    }
}
