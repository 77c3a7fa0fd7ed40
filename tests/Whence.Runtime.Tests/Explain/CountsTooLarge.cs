using Whence.Evaluate;

namespace Whence.Runtime.Tests.Explaining;

/// <summary>Counts whose products no array holds are refused by a sentence that names the argument, before anything is computed.</summary>
public class CountsTooLarge
{
    private readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private readonly double[] x = Inputs.Random<double>(1);
    private readonly double[] scores = new double[5];

    private static void Refused(string argument, string[] says, Action ask)
    {
        var error = Assert.ThrowsAny<ArgumentException>(ask);
        Assert.Equal(argument, error.ParamName);
        Assert.All(says, part => Assert.Contains(part, error.Message));
    }

    [Theory, InlineData(Quadrature.Midpoint), InlineData(Quadrature.Right), InlineData(Quadrature.Left), InlineData(Quadrature.Trapezoid),
        InlineData(Quadrature.GaussLegendre), InlineData(Quadrature.Exact)]
    public void Steps(Quadrature quadrature)
    {
        var options = new PathOptions { Steps = int.MaxValue, Quadrature = quadrature };
        var most = quadrature == Quadrature.GaussLegendre ? "8192" : "16777216";
        Refused("options", ["PathOptions.Steps", most, quadrature.ToString(), "2147483647"],
            () => SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(0), default, scores, options));
        if (quadrature != Quadrature.Exact)
            Refused("steps", [most, "2147483647"], () => PathPoints.Of(quadrature, int.MaxValue));
        Refused("options", ["PathOptions.Steps"], () => SpanExplainers.Conductance(net, "Hidden", x, 1, Target.Unit(0), default,
            new double[4], options with { ConductanceSum = ConductanceSum.Captum }));
    }

    [Fact]
    public void GaussLegendreHasAsManyPointsAsAreOfUse()
    {
        var points = PathPoints.Of(Quadrature.GaussLegendre, 8192);
        Assert.Equal(1, points.Weights.ToArray().Sum(), 12);
        Refused("steps", ["8192", "midpoints", "8193"], () => PathPoints.Of(Quadrature.GaussLegendre, 8193));
        SpanExplainers.Conductance(net, "Hidden", x, 1, Target.Unit(0), default, new double[4],
            new PathOptions { Steps = 8192, Quadrature = Quadrature.GaussLegendre, ConductanceSum = ConductanceSum.Captum });
    }

    [Fact]
    public void DoublingEndsAtTheMostPoints()
    {
        var sums = new Completeness[1];
        SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(0), default, new ScoreSpans<double> { Scores = scores, Sums = sums },
            new PathOptions { Steps = 2500, Quadrature = Quadrature.GaussLegendre, Tolerance = 1e-300, MaxSteps = int.MaxValue });
        Assert.Equal(5000, sums[0].Steps);
        Assert.False(sums[0].Converged);
    }

    [Fact]
    public void Samples()
    {
        var options = new SamplingOptions { Samples = int.MaxValue };
        Refused("options", ["SamplingOptions.Samples", "67108864", "2147483647"],
            () => SpanExplainers.ShapleySampling(net, null, x, 1, Target.Unit(0), default, scores, options));
        Refused("options", ["SamplingOptions.Samples"],
            () => SpanExplainers.KernelShap(net, null, x, 1, Target.Unit(0), default, scores, options));
        Refused("options", ["SamplingOptions.Samples"],
            () => SpanExplainers.ExpectedGradients(net, x, 1, Target.Unit(0), default, scores, options));
        Refused("options", ["ShapleySampling would ask 240000001 rows", "67108864"],
            () => SpanExplainers.ShapleySampling(net, null, x, 1, Target.Unit(0), default, scores, options with { Samples = 60_000_000 }));
        Refused("options", ["NoiseOptions.Samples", "67108864", "2147483647"],
            () => SpanExplainers.SmoothGrad(net, x, 1, Target.Unit(0), scores, new NoiseOptions { Samples = int.MaxValue }));
    }

    [Fact]
    public void RowsOfOnesOwn() => Refused("method", ["at most 67108864 rows"],
        () => SpanExplainers.With(net, new Ask(int.MaxValue), x, 1, Target.Unit(0), default, scores));

    [Fact]
    public void PointsOfManyTargets()
    {
        var targets = new Target[50_000];
        var points = PathPoints.Of(Quadrature.Midpoint, 20_000);
        Refused("points", ["20000 points for 50000 targets", "5000000000 elements"],
            () => SpanExplainers.GradientAlong(net, x, 1, Targets.Each(targets), default, points, new double[1]));
    }

    [Fact]
    public void Shuffles() => Refused("each", ["1000000000 shuffles", "4000000000 elements"],
        () => ReferenceRows.Shuffled<float>([1, 0, 0, 1], 1, new Shape(2, 2), 1_000_000_000));

    [Fact]
    public void RemovalOfManyAtATime()
    {
        var curve = Removal.Delete(net, x, 1, scores, Target.Unit(0), default, new RemovalOptions { Each = int.MaxValue });
        Assert.Equal(2, curve.Values(0).Count);
    }

    private readonly struct Ask(int rows) : Authoring.IMethod
    {
        public Authoring.Recipe Recipe(Signature net) => new() { Name = "Ask", Rows = rows, Fold = Authoring.Fold.WeightedSum };

        public void Place(int row, ref Authoring.RowSpec spec)
        {
        }
    }
}
