namespace Whence.Runtime.Tests.Explaining;

/// <summary>What is built over any method.</summary>
public class NoiseTests
{
    private readonly SmallNet<double> net = SmallNet<double>.Tanh();
    private readonly double[] x = Inputs.Random<double>(3);

    // y = sum of x^3 / 3: the gradient is x^2, of which noise of deviation d makes x^2 + d^2, with variance 4 x^2 d^2 + 2 d^4.
    private static readonly FunctionNet Cubes = new(3, v => v.Sum(value => value * value * value / 3),
        v => [.. v.Select(value => value * value)]);

    [Fact]
    public void SmoothGradOfASquareGrowsByTheVariance()
    {
        var scores = new double[3];
        SpanExplainers.SmoothGrad<double>(Cubes, [1, -2, 3], 1, Target.Unit(0), scores,
            new NoiseOptions { Samples = 20000, Deviation = 0.5, Absolute = true });
        Inputs.Close([1.25, 4.25, 9.25], scores, 0.08);
    }

    [Fact]
    public void VarGradIsTheVariance()
    {
        var scores = new double[3];
        SpanExplainers.VarGrad<double>(Cubes, [1, -2, 3], 1, Target.Unit(0), scores,
            new NoiseOptions { Samples = 20000, Deviation = 0.5, Absolute = true });
        Inputs.Close([1.125, 4.125, 9.125], scores, 0.3);
    }

    [Fact]
    public void TheDeviationIsAShareOfTheRange()
    {
        var (share, absolute) = (new double[3], new double[3]);
        SpanExplainers.SmoothGrad<double>(Cubes, [1, -2, 3], 1, Target.Unit(0), share, new NoiseOptions { Deviation = 0.1 });
        SpanExplainers.SmoothGrad<double>(Cubes, [1, -2, 3], 1, Target.Unit(0), absolute,
            new NoiseOptions { Deviation = 0.5, Absolute = true });
        Inputs.Close(absolute, share, 1e-12);
    }

    [Fact]
    public void WithoutNoiseItIsTheMethodItself()
    {
        var (plain, smooth, variance) = (new double[5], new double[5], new double[5]);
        Explanation<double> method = static (net, x, count, targets, scores) =>
            SpanExplainers.DeepLift(net, x, count, targets, Rule.RevealCancel, default, scores);
        method(net, x.AsSpan(0, 5), 1, Target.Unit(1), plain);
        SpanExplainers.SmoothGrad(net, x.AsSpan(0, 5), 1, Target.Unit(1), smooth, new NoiseOptions { Deviation = 0, Samples = 9 }, method);
        SpanExplainers.VarGrad(net, x.AsSpan(0, 5), 1, Target.Unit(1), variance, new NoiseOptions { Deviation = 0, Samples = 9 }, method);
        Inputs.Close(plain, smooth, 1e-15);
        Assert.All(variance, value => Assert.Equal(0, value));
    }

    [Fact]
    public void AnInputsNoiseDependsOnNothingButTheSeed()
    {
        var options = new NoiseOptions { Samples = 13, Seed = 4 };
        var (batch, one, other) = (new double[30], new double[10], new double[10]);
        SpanExplainers.SmoothGrad<double>(net, x, 3, Targets.Each([Target.Unit(1), Target.Unit(2)]), batch, options);
        for (var input = 0; input < 3; input++)
        {
            SpanExplainers.SmoothGrad<double>(SmallNet<double>.Tanh(64), x.AsSpan(input * 5, 5), 1,
                Targets.Each([Target.Unit(1), Target.Unit(2)]),
                one, options);
            Assert.Equal(one, batch[(input * 5)..(input * 5 + 5)].Concat(batch[(15 + input * 5)..(20 + input * 5)]));
        }
        SpanExplainers.SmoothGrad<double>(net, x.AsSpan(10, 5), 1, Targets.Each([Target.Unit(1), Target.Unit(2)]), other,
            options with { Seed = 5 });
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void NothingIsAllocatedAfterTheFirstCalls()
    {
        var scores = new double[15];
        void Call()
        {
            SpanExplainers.SmoothGrad<double>(net, x, 3, Target.Unit(1), scores);
            SpanExplainers.ScoreAlong(net, x, 3, Target.Unit(1), default, PathPoints.Of(Quadrature.Left, 5), scores);
            SpanExplainers.GradientAlong<double>(net, x, 3, Target.Unit(1), default, PathPoints.Of(Quadrature.Left, 5), scores);
            SpanExplainers.LayerAlong<double>(net, "Hidden", x, 3, default, PathPoints.Of(Quadrature.Left, 5), scores, default);
        }
        Assert.Equal(0, Allocated.By(Call));
    }

    [Fact]
    public void WrongNoiseIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("options",
            () => SpanExplainers.SmoothGrad<double>(net, x, 3, Target.Unit(1), new double[15], new NoiseOptions { Samples = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("options",
            () =>
                SpanExplainers.SmoothGrad<double>(net, x, 3, Target.Unit(1), new double[15], new NoiseOptions { Deviation = double.NaN }));
        Assert.Throws<ArgumentException>("scores", () => SpanExplainers.SmoothGrad<double>(net, x, 3, Target.Unit(1), new double[14]));
    }

    [Fact]
    public void ObjectsCarryTheOutput()
    {
        var compiled = new CompiledNet(SmallNet<float>.Tanh());
        float[] single = [.. x.Take(5).Select(value => (float)value)];
        var smooth = compiled.SmoothGrad(single, Target.Unit(1));
        Assert.Equal(compiled.Gradient(single, Target.Unit(1)).Output, smooth.Output, 6);
        Assert.Null(smooth.Gap);
        Assert.Equal("SmoothGrad", smooth.Method);
        Assert.NotEqual(0, smooth.Completeness.Sum);
        Assert.All(compiled.VarGrad(single, Target.Unit(1)).Scores.ToArray(), score => Assert.True(score > 0));
    }
}
