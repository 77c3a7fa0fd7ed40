using System.Runtime.Intrinsics;
using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Operators;

/// <summary>An activation as a user would add it, with no secant of its own.</summary>
public class UserActivation
{
    private static readonly double[] anchors = [-7, -3, -1.2, -0.5, -1e-3, 0, 1e-3, 0.4, 1, 2.5, 6];
    private static readonly double[] distances = [1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.0157, 0.1, 1, 10];

    [Fact]
    public void Runs_in_the_eager_network()
    {
        Tensor x = new[] { -1.0, 0, 2 };
        Assert.Equal(-0.30340146137410895, x.Map<Mish>()[0], 1e-15);
        Assert.Equal(0, x.Map<Mish>()[1]);
        Assert.Equal(1.9439589595339946, x.Map<Mish>()[2], 1e-15);
    }

    [Fact]
    public void Has_the_slope_as_its_secant_at_the_reference()
    {
        var f = default(Mish);
        foreach (var x in anchors)
        {
            var y = f.Value<double, DoubleMath>(x);
            Assert.Equal(f.Slope<double, DoubleMath>(x, y), Secants.Of<Mish, double, DoubleMath>(f, x, x, y, y));
        }
    }

    [Fact]
    public void Has_a_secant_that_is_the_mean_of_its_slope()
    {
        foreach (var (x, x0) in Pairs())
        {
            var expected = MeanSlope(x, x0);
            Assert.Equal(expected, Secant<double, DoubleMath>(x, x0), 2e-13);
        }
    }

    [Fact]
    public void Has_that_secant_in_single_precision_and_at_every_width()
    {
        foreach (var (wide, wide0) in Pairs())
        {
            var (x, x0) = ((float)wide, (float)wide0);
            if (x == x0)
                continue;
            var expected = MeanSlope(x, x0);
            Assert.Equal(expected, Secant<float, FloatMath>(x, x0), 1.5e-5);
            Assert.Equal(expected, Secant<Vector128<float>, Vector128Math>(Vector128.Create(x), Vector128.Create(x0))[3], 1.5e-5);
            Assert.Equal(expected, Secant<Vector256<float>, Vector256Math>(Vector256.Create(x), Vector256.Create(x0))[7], 1.5e-5);
            Assert.Equal(expected, Secant<Vector512<float>, Vector512Math>(Vector512.Create(x), Vector512.Create(x0))[15], 1.5e-5);
        }
    }

    private static IEnumerable<(double X, double X0)> Pairs() =>
        from x0 in anchors from d in distances from x in new[] { x0 - d, x0 + d } select (x, x0);

    private static V Secant<V, M>(V x, V x0) where M : struct, IMath<V>
    {
        var f = default(Mish);
        return Secants.Of<Mish, V, M>(f, x, x0, f.Value<V, M>(x), f.Value<V, M>(x0));
    }

    // Simpson's rule, on steps so short that it is exact to double precision.
    private static double MeanSlope(double x, double x0)
    {
        var steps = 2 * (int)Math.Ceiling(Math.Abs(x - x0) * 1000 + 1);
        var (sum, step) = (0.0, (x - x0) / steps);
        for (var i = 0; i <= steps; i++)
            sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * Slope(x0 + i * step);
        return sum / (3 * steps);
    }

    private static double Slope(double x) => default(Mish).Slope<double, DoubleMath>(x, default(Mish).Value<double, DoubleMath>(x));

    /// <summary>Mish (Misra 2019): x tanh(softplus(x)).</summary>
    private readonly struct Mish : IElementwise
    {
        public V Value<V, M>(V x) where M : struct, IMath<V> =>
            M.Multiply(x, M.Tanh(default(Ops.Softplus).Value<V, M>(x)));

        public V Slope<V, M>(V x, V y) where M : struct, IMath<V>
        {
            var softplus = default(Ops.Softplus).Value<V, M>(x);
            var tanh = M.Tanh(softplus);
            var inner = M.Multiply(default(Ops.Tanh).Slope<V, M>(softplus, tanh), default(Ops.Sigmoid).Value<V, M>(x));
            return M.MultiplyAdd(x, inner, tanh);
        }
    }
}
