using static Whence.Nn;

namespace Whence.Trials.Tests;

/// <summary>The lengths of some vectors, which are infinitely steep where a vector is zero.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.LrpEpsilon)]
public sealed partial class Lengths
{
    public Tensor Forward([Shape(3, 2)] Tensor p) => Sum(Sqrt(Sum(Square(p), 1)), 0, keep: true);
}

/// <summary>A logarithm, which has no value below zero.</summary>
[Network(Explain = Methods.IntegratedGradients | Methods.DeepLift)]
public sealed partial class Logarithm
{
    public Tensor Forward([Shape(3)] Tensor x) => Log(x);
}

/// <summary>A logarithm whose infinity at 0 the same loop takes for 0.</summary>
[Network(Explain = Methods.DeepLift)]
public sealed partial class Bounded
{
    public Tensor Forward([Shape(1)] Tensor x) => Relu(Log(x));
}

/// <summary>Infinite slopes, and values that are not, through the doors that users come in by.</summary>
public class SteepTests
{
    private static readonly float[] p = [3, 4, 1, 0, 0, 0];
    private static readonly float[] lengths = [1.8f, 3.2f, 1, 0, 0, 0];

    [Fact]
    public void AVectorOfZerosHasScoresOfExactlyZero()
    {
        var net = Lengths.Load(Weights.Random(1));
        Near(net.DeepLift(p, Target.Unit(0)));
        Near(net.DeepLift(p, Target.Unit(0), Rule.RevealCancel));
        foreach (var quadrature in Enum.GetValues<Quadrature>().Except([Quadrature.Exact]))
        {
            // At the reference itself all is 0, and so is the gradient: the rules with a point there lack what that point stands for.
            var tolerance = quadrature is Quadrature.Left or Quadrature.Trapezoid ? 0.02 : 1e-5;
            Near(net.IntegratedGradients(p, Target.Unit(0), options: new PathOptions { Quadrature = quadrature, Steps = 100 }), tolerance);
        }
        Near(net.GradientTimesInput(p, Target.Unit(0)));
        Near(net.LrpEpsilon(p, Target.Unit(0)));
    }

    private static void Near(Attribution why, double tolerance = 1e-5)
    {
        for (var i = 0; i < lengths.Length; i++)
            Assert.Equal(lengths[i], why.Scores[i], lengths[i] == 0 ? 0 : (float)(tolerance * lengths[i]));
        Assert.True(why.RelativeGap is null || why.RelativeGap <= tolerance);
    }

    /// <summary>The infinity at the reference is taken for 0 by what follows in the same loop.</summary>
    [Fact]
    public void AnInfinityWithinALoopIsNamed()
    {
        var error = Assert.Throws<NonFiniteException>(() => Bounded.Load(Weights.Random(1)).DeepLift(new float[] { 4 }, Target.Unit(0)));
        Assert.Equal("Log(x)", error.Layer);
        Assert.Contains("Log(x) at element [0] is the first whose value is not finite (minus infinity) for reference of input 0",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictRefusesWhatIsNotFinite()
    {
        var net = Logarithm.Load(Weights.Random(1));
        float[] rows = [1, 2, 3, 4, -5, 6];
        var y = new float[6];
        var error = Assert.Throws<NonFiniteException>(() => net.Predict(rows, y, 2));
        Assert.Equal(1, error.Input);
        Assert.Equal("Log(x)", error.Layer);
        Assert.Equal([1], error.Fault!.Index);
        Assert.Throws<NonFiniteException>(() => net.Predict(rows.AsSpan(3)));
        Assert.Throws<NonFiniteException>(
            () => net.DeepLift(rows.AsSpan(3), Target.Unit(1), references: References.One(rows.AsSpan(0, 3))));
        net.PredictUnchecked(rows, y, 2);
        Assert.True(float.IsNaN(y[4]) && y.Count(float.IsFinite) == 5);
        Assert.Equal(y[3..], net.PredictUnchecked(rows.AsSpan(3)));
    }

    [Fact]
    public void NeitherFormOfPredictAllocates()
    {
        var net = Logarithm.Load(Weights.Random(1));
        float[] x = [1, 2, 3];
        var y = new float[3];
        Assert.Equal(0, Allocated.By(() =>
        {
            net.Predict(x, y, 1);
            net.PredictUnchecked(x, y, 1);
        }));
    }
}
