namespace Whence.Runtime.Tests.Explaining;

/// <summary>Numbers along the path from a reference to an input.</summary>
public class SweepTests
{
    private static readonly PathPoints Points = new([0, 0.25, 1, 1.5]);

    private readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private readonly double[] x = Inputs.Random<double>(2);
    private readonly double[] references = Inputs.Random<double>(2, 5);

    private double[] At(int input, double alpha) =>
        [.. Enumerable.Range(input * 5, 5).Select(i => references[i] + alpha * (x[i] - references[i]))];

    private double[] Value(double[] at, int point)
    {
        var values = new double[net.Signature.Points[point].Shape.Size];
        net.Forward(at, point, values, 1);
        return values;
    }

    [Fact]
    public void TheScoreAlongThePathIsTheTargetThere()
    {
        var values = new double[8];
        SpanExplainers.ScoreAlong(net, x, 2, Target.Unit(2).OfOutput(), References.PerInput(references), Points, values);
        for (var input = 0; input < 2; input++)
            Inputs.Close([.. Points.Alphas.ToArray().Select(alpha => Value(At(input, alpha), SmallNet<double>.Output)[2])],
                values.AsSpan(input * 4, 4), 1e-14);
    }

    [Fact]
    public void TheGradientAlongThePathIsItsMeanMagnitude()
    {
        var (values, gradient) = (new double[16], new double[5]);
        Target[] targets = [Target.Unit(0), Target.Difference(2, 1)];
        SpanExplainers.GradientAlong<double>(net, x, 2, Targets.Each(targets), References.PerInput(references), Points, values);
        for (var i = 0; i < 16; i++)
        {
            SpanExplainers.Gradient(net, At(i / 4 % 2, Points.Alphas[i % 4]), 1, targets[i / 8], gradient);
            Assert.Equal(gradient.Average(Math.Abs), values[i], 13);
        }
    }

    [Fact]
    public void ALayersDistancesAreTakenFromItsValuesAtTheInput()
    {
        var (euclidean, cosine) = (new double[8], new double[8]);
        SpanExplainers.LayerAlong<double>(net, "Hidden", x, 2, References.PerInput(references), Points, euclidean, cosine);
        for (var i = 0; i < 8; i++)
        {
            var (a, b) = (Value(At(i / 4, Points.Alphas[i % 4]), SmallNet<double>.Layer), Value(At(i / 4, 1), SmallNet<double>.Layer));
            Assert.Equal(Math.Sqrt(a.Zip(b, (p, q) => (p - q) * (p - q)).Sum()), euclidean[i], 13);
            double Dot(double[] p, double[] q) => p.Zip(q, (s, t) => s * t).Sum();
            Assert.Equal(1 - Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b)), cosine[i], 13);
        }
        Assert.Equal(0, euclidean[2]);
        Assert.Equal(0, cosine[2]);
    }

    [Fact]
    public void CurvesHoldWhatIsPlotted()
    {
        var compiled = new CompiledNet(SmallNet<float>.Tanh());
        float[] single = [.. x.Take(5).Select(value => (float)value)];
        double[] alphas = [0, 0.5, 1];
        var score = compiled.ScoreAlong(single, Target.Unit(1), alphas);
        Assert.Equal(alphas, score.Alphas);
        Assert.Equal(compiled.Gradient(single, Target.Unit(1)).Output, score.Values[2], 6);
        var gradient = compiled.GradientAlong(single, Target.Unit(1), alphas);
        Assert.Equal(1, gradient.Normalised().Values.Max());
        Assert.Equal(gradient.Values[0] / gradient.Values.Max(), gradient.Normalised().Values[0]);
        var layer = compiled.LayerAlong("Hidden", single, alphas);
        Assert.Equal((0, 0), (layer.Euclidean.Values[2], layer.Cosine.Values[2]));
        Assert.True(layer.Euclidean.Values[0] > layer.Euclidean.Values[1]);
        Assert.Contains("Hidden", layer.Cosine.Name);
    }

    [Fact]
    public void AZeroCurveStaysAsItIs()
    {
        var flat = new PathCurve("flat", [0, 1], [0, 0]);
        Assert.Same(flat, flat.Normalised());
    }
}
