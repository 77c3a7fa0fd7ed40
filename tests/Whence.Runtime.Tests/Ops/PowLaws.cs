using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Operators;

/// <summary>What is true of powers, exponent by exponent: each is computed in one of several ways.</summary>
public class PowLaws
{
    private static readonly double[] points = [1e-3, 0.02, 0.3, 0.7, 1, 1.0001, 1.5, 2.5, 9, 40, 500];

    public static TheoryData<double> Exponents =>
        [0, 1, 2, 3, 4, 5, 7, -1, -2, -3, 0.5, -0.5, 0.25, 0.75, -0.75, 1.25, 1.5, 2.5, -1.5, 16, -16, 1.7, -0.6, 3.1, -2.3, 10.01];

    [Theory, MemberData(nameof(Exponents))]
    public void Values_are_those_of_the_library(double exponent)
    {
        foreach (var x in points)
            Near(Math.Pow(x, exponent), Value(exponent, x), 4e-15, $"{x} to {exponent}");
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(5), InlineData(-1), InlineData(-3), InlineData(17)]
    public void Whole_exponents_take_negative_bases(double exponent)
    {
        foreach (var x in points)
        {
            Near(Math.Pow(-x, exponent), Value(exponent, -x), 4e-15, $"-{x} to {exponent}");
            var secant = Secant(exponent, -x, 0.9);
            Near(Value(exponent, -x) - Value(exponent, 0.9), secant * (-x - 0.9), 1e-13, $"difference from 0.9 to -{x}",
                Math.Abs(Value(exponent, -x)) + Math.Abs(Value(exponent, 0.9)));
        }
    }

    [Theory, MemberData(nameof(Exponents))]
    public void Secants_are_quotients_far_away_and_slopes_near(double exponent)
    {
        foreach (var x0 in points)
        {
            foreach (var x in points.Where(x => Math.Abs(x / x0 - 1) > 0.2))
                Near((Value(exponent, x) - Value(exponent, x0)) / (x - x0), Secant(exponent, x, x0), 1e-13, $"secant from {x0} to {x}");
            foreach (var d in new[] { 1e-6, 1e-9, 1e-12, 0 })
            {
                // The mean of both slopes is the secant but for the third derivative.
                var x = x0 * (1 + d);
                var mean = 0.5 * (Slope(exponent, x) + Slope(exponent, x0));
                Near(mean, Secant(exponent, x, x0), 1e-13 + 100 * d * d, $"secant from {x0} by {d}");
            }
        }
    }

    [Theory, MemberData(nameof(Exponents))]
    public void Single_precision_agrees(double exponent)
    {
        var f = new Ops.Pow(exponent);
        foreach (var x0 in points.Select(x => (float)x))
        {
            foreach (var x in points.Select(x => (float)(x * 1.01))
                .Where(x => Math.Abs(Math.Log(x)) * Math.Abs(exponent) < 80 && Math.Abs(Math.Log(x0)) * Math.Abs(exponent) < 40))
            {
                float At(float at) => f.Value<float, FloatMath>(at);
                Near(Value(exponent, x), At(x), 3e-6, $"{x} to {exponent}");
                Near(Slope(exponent, x), f.Slope<float, FloatMath>(x, At(x)), 3e-6, $"slope at {x}");
                Near(Secant(exponent, x, x0), f.Secant<float, FloatMath>(x, x0, At(x), At(x0)), 6e-6, $"secant from {x0} to {x}");
            }
        }
    }

    [Theory]
    [InlineData(0.75, 0), InlineData(1.25, 0), InlineData(1.5, 0), InlineData(1.7, 0), InlineData(3, 0), InlineData(0, 1), InlineData(1, 0)]
    public void Powers_of_zero_have_values_and_secants(double exponent, double value)
    {
        Assert.Equal(value, Value(exponent, 0));
        Near(Value(exponent, 2) - value, 2 * Secant(exponent, 2, 0), 1e-14, "from 0 to 2");
        Near(value - Value(exponent, 2), -2 * Secant(exponent, 0, 2), 1e-14, "from 2 to 0");
        if (exponent != 1)
            Assert.Equal(exponent is > 0 and < 1 ? double.PositiveInfinity : 0, Secant(exponent, 0, 0));
    }

    private static double Value(double exponent, double x) => new Ops.Pow(exponent).Value<double, DoubleMath>(x);

    private static double Slope(double exponent, double x) => new Ops.Pow(exponent).Slope<double, DoubleMath>(x, Value(exponent, x));

    private static double Secant(double exponent, double x, double x0) =>
        new Ops.Pow(exponent).Secant<double, DoubleMath>(x, x0, Value(exponent, x), Value(exponent, x0));

    private static void Near(double expected, double found, double tolerance, string what, double scale = 0) =>
        Assert.True(Math.Abs(expected - found) <= tolerance * Math.Max(scale, Math.Abs(expected)),
            $"{what}: expected {expected:r}, found {found:r}");
}
