namespace Whence.Runtime.Tests.Explaining;

public class GradientTests
{
    private readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private readonly double[] x = Inputs.Random<double>(1);

    private double Value(double[] at, int point, int unit)
    {
        var values = new double[net.Signature.Points[point].Shape.Size];
        net.Forward(at, point, values, 1);
        return values[unit];
    }

    private double[] Differences(Func<double[], double> f, double[] at)
    {
        var differences = new double[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            double[] up = [.. at], down = [.. at];
            up[i] += 1e-5;
            down[i] -= 1e-5;
            differences[i] = (f(up) - f(down)) / 2e-5;
        }
        return differences;
    }

    private double[] Gradient(Target target)
    {
        var scores = new double[SmallNet<double>.In];
        SpanExplainers.Gradient(net, x, 1, target, scores);
        return scores;
    }

    [Fact]
    public void IsTheDifferenceQuotientOfALogit() =>
        Inputs.Close(Differences(at => Value(at, SmallNet<double>.Logits, 1), x), Gradient(Target.Unit(1)), 1e-9);

    [Fact]
    public void IsTheDifferenceQuotientThroughTheOutput() =>
        Inputs.Close(Differences(at => Value(at, SmallNet<double>.Output, 1), x), Gradient(Target.Unit(1).OfOutput()), 1e-9);

    [Fact]
    public void IsTheDifferenceQuotientOfAnotherOutput()
    {
        var expected = Differences(at => Value(at, SmallNet<double>.Total, 0), x);
        Inputs.Close(expected, Gradient(Target.Unit(0).Of(1)), 1e-9);
        Inputs.Close(expected, Gradient(Target.Unit(0).Of("total")), 1e-9);
    }

    [Fact]
    public void IsTheDifferenceQuotientOfANeuron()
    {
        var expected = Differences(at => Value(at, SmallNet<double>.Layer, 2), x);
        Inputs.Close(expected, Gradient(Target.Layer("Hidden", 2)), 1e-9);
        Inputs.Close(expected, Gradient(Target.Layer("Hidden", 1, 0)), 1e-9);
    }

    [Fact]
    public void TargetsAreLinear()
    {
        double[] one = Gradient(Target.Unit(0)), two = Gradient(Target.Unit(1)), three = Gradient(Target.Unit(2));
        Inputs.Close([.. one.Zip(three, (a, b) => a - b)], Gradient(Target.Difference(0, 2)), 1e-15);
        Inputs.Close([.. Enumerable.Range(0, 5).Select(i => 0.5 * one[i] - 2 * two[i] + three[i])], Gradient(Target.Weights(0.5, -2, 1)),
            1e-15);
        Inputs.Close([.. Enumerable.Range(0, 5).Select(i => two[i] - (one[i] + two[i] + three[i]) / 3)],
            Gradient(Target.Unit(1).MeanCentred()), 1e-15);
        Inputs.Close(new double[5], Gradient(Target.Difference(1, 1)), 0);
    }

    [Fact]
    public void TimesInputMultipliesByTheDifference()
    {
        var gradient = Gradient(Target.Unit(2));
        var scores = new double[5];
        SpanExplainers.GradientTimesInput(net, x, 1, Target.Unit(2), default, scores);
        Inputs.Close([.. gradient.Zip(x, (g, v) => g * v)], scores, 1e-16);

        var references = Inputs.Random<double>(3, 5);
        SpanExplainers.GradientTimesInput(net, x, 1, Target.Unit(2), References.Several(references, 3), scores);
        Inputs.Close(
            [.. Enumerable.Range(0, 5).Select(i => gradient[i] * (x[i] - (references[i] + references[5 + i] + references[10 + i]) / 3))],
            scores, 1e-15);
    }

    [Fact]
    public void OutputIsTheTarget()
    {
        var sums = new Completeness[1];
        SpanExplainers.Gradient(net, x, 1, Target.Difference(0, 2), new() { Scores = new double[5], Sums = sums });
        Assert.Equal(Value(x, SmallNet<double>.Logits, 0) - Value(x, SmallNet<double>.Logits, 2), sums[0].Output, 1e-15);
        Assert.Null(sums[0].Gap);
        Assert.Null(sums[0].RelativeGap);
    }

    [Fact]
    public void LayerGradientsAreTheWeightsAboveTheLayer()
    {
        var scores = new double[4];
        SpanExplainers.LayerGradient(net, "Hidden", x, 1, Target.Unit(1), scores);
        Inputs.Close([-0.3, 0.9, 0.7, -1.1], scores, 1e-15);

        var hidden = new double[4];
        SpanExplainers.LayerActivation(net, "Hidden", x, 1, hidden);
        SpanExplainers.LayerGradientTimesActivation(net, "Hidden", x, 1, Target.Unit(1), scores);
        Inputs.Close([-0.3 * hidden[0], 0.9 * hidden[1], 0.7 * hidden[2], -1.1 * hidden[3]], scores, 1e-15);
    }

    [Fact]
    public void GradCamWeighsChannelsByTheirMeanGradient()
    {
        var hidden = new double[4];
        SpanExplainers.LayerActivation(net, "Hidden", x, 1, hidden);
        double[] expected = [0.3 * hidden[0] - 0.2 * hidden[2], 0.3 * hidden[1] - 0.2 * hidden[3]];
        var scores = new double[2];

        SpanExplainers.GradCam(net, "Hidden", x, 1, Target.Unit(1), scores);
        Inputs.Close(expected, scores, 1e-15);

        SpanExplainers.GradCam(net, "Hidden", x, 1, Target.Unit(1), scores, relu: true);
        Inputs.Close([.. expected.Select(score => Math.Max(score, 0))], scores, 1e-15);
        SpanExplainers.GradCam(net, "Hidden", x, 1, Target.Weights(0, -1, 0), scores, relu: true);
        Inputs.Close([.. expected.Select(score => Math.Max(-score, 0))], scores, 1e-15);
    }

    [Fact]
    public void GuidedMethodsMaskOnTheWayBack()
    {
        var relu = SmallNet<double>.Relu();
        var guided = new double[5];
        var deconvolved = new double[5];
        SpanExplainers.GuidedBackprop(relu, x, 1, Target.Unit(0), guided);
        SpanExplainers.DeconvNet(relu, x, 1, Target.Unit(0), deconvolved);

        var z = Enumerable.Range(0, 4)
            .Select(j => SmallNet<double>.B1[j] + Enumerable.Range(0, 5).Sum(i => SmallNet<double>.W1[j, i] * x[i]))
            .ToArray();
        double Back(int i, Func<int, bool> passes) => Enumerable.Range(0, 4)
            .Where(j => SmallNet<double>.W2[0, j] > 0 && passes(j))
            .Sum(j => SmallNet<double>.W2[0, j] * SmallNet<double>.W1[j, i]);
        Inputs.Close([.. Enumerable.Range(0, 5).Select(i => Back(i, j => z[j] > 0))], guided, 1e-15);
        Inputs.Close([.. Enumerable.Range(0, 5).Select(i => Back(i, _ => true))], deconvolved, 1e-15);

        SpanExplainers.GuidedBackpropTimesInput(relu, x, 1, Target.Unit(0), default, deconvolved);
        Inputs.Close([.. guided.Zip(x, (g, v) => g * v)], deconvolved, 1e-16);
    }
}
