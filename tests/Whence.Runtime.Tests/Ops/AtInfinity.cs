using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Operators;

/// <summary>
/// At minus infinity and at infinity every elementwise function, its slope and its secants from or to a finite number are their limits, in
/// every arithmetic.
/// </summary>
public class AtInfinity
{
    private const double Infinity = double.PositiveInfinity;
    private const double SeluScale = 1.0507009873554804934193349852946, SeluAlpha = 1.6732632423543772848170429916717;

    /// <summary>
    /// The limits of f and f' at one end of the line. The secant's, of (f(x) - f(x0)) / (x - x0), is that of f' by l'Hopital's rule; of a
    /// bounded f both are 0.
    /// </summary>
    private sealed record Limit(double Value, double Slope);

    /// <param name="Function">A function.</param>
    /// <param name="Below">At minus infinity; null where it has no value there.</param>
    /// <param name="Above">At infinity.</param>
    private sealed record Case(IElementwise Function, Limit? Below, Limit Above);

    private static readonly Limit one = new(Infinity, 1), zero = new(0, 0);

    private static readonly Dictionary<string, Case> cases = new()
    {
        ["Abs"] = new(new Ops.Abs(), new(Infinity, -1), one),
        ["Clamp"] = new(new Ops.Clamp(-0.75, 0.625), new(-0.75, 0), new(0.625, 0)),
        ["Clamp from above alone"] = new(new Ops.Clamp(-Infinity, 6), new(-Infinity, 1), new(6, 0)),
        ["Clamp from below alone"] = new(new Ops.Clamp(-6, Infinity), new(-6, 0), one),
        ["Elu"] = new(new Ops.Elu(0.3), new(-0.3, 0), one),
        ["Erf"] = new(new Ops.Erf(), new(-1, 0), new(1, 0)),
        ["Exp"] = new(new Ops.Exp(), zero, new(Infinity, Infinity)),
        ["Gelu"] = new(new Ops.Gelu(), zero, one),
        ["GeluTanh"] = new(new Ops.GeluTanh(), zero, one),
        ["HardSigmoid"] = new(new Ops.HardSigmoid(), zero, new(1, 0)),
        ["HardSwish"] = new(new Ops.HardSwish(), zero, one),
        ["Identity"] = new(new Ops.Identity(), new(-Infinity, 1), one),
        ["LeakyRelu"] = new(new Ops.LeakyRelu(0.3), new(-Infinity, 0.3), one),
        ["LeakyRelu with the slope 0"] = new(new Ops.LeakyRelu(0), zero, one),
        ["LeakyRelu that rises below"] = new(new Ops.LeakyRelu(-0.5), new(Infinity, -0.5), one),
        ["Log"] = new(new Ops.Log(), null, new(Infinity, 0)),
        ["Pow"] = new(new Ops.Pow(0.3), null, new(Infinity, 0)),
        ["Pow, 1/2"] = new(new Ops.Pow(0.5), null, new(Infinity, 0)),
        ["Pow, 3/4"] = new(new Ops.Pow(0.75), null, new(Infinity, 0)),
        ["Pow, 0"] = new(new Ops.Pow(0), new(1, 0), new(1, 0)),
        ["Pow, 1"] = new(new Ops.Pow(1), new(-Infinity, 1), one),
        ["Pow, 1.7"] = new(new Ops.Pow(1.7), null, new(Infinity, Infinity)),
        ["Pow, 2"] = new(new Ops.Pow(2), new(Infinity, -Infinity), new(Infinity, Infinity)),
        ["Pow, 5/2"] = new(new Ops.Pow(2.5), null, new(Infinity, Infinity)),
        ["Pow, 3"] = new(new Ops.Pow(3), new(-Infinity, Infinity), new(Infinity, Infinity)),
        ["Pow, -1"] = new(new Ops.Pow(-1), zero, zero),
        ["Pow, -3"] = new(new Ops.Pow(-3), zero, zero),
        ["Pow, -1.3"] = new(new Ops.Pow(-1.3), null, zero),
        ["Reciprocal"] = new(new Ops.Reciprocal(), zero, zero),
        ["ReciprocalSqrt"] = new(new Ops.ReciprocalSqrt(), null, zero),
        ["Relu"] = new(new Ops.Relu(), zero, one),
        ["Selu"] = new(new Ops.Selu(), new(-SeluScale * SeluAlpha, 0), new(Infinity, SeluScale)),
        ["Sigmoid"] = new(new Ops.Sigmoid(), zero, new(1, 0)),
        ["Silu"] = new(new Ops.Silu(), zero, one),
        ["Softplus"] = new(new Ops.Softplus(), zero, one),
        ["Sqrt"] = new(new Ops.Sqrt(), null, new(Infinity, 0)),
        ["Square"] = new(new Ops.Square(), new(Infinity, -Infinity), new(Infinity, Infinity)),
        ["Tanh"] = new(new Ops.Tanh(), new(-1, 0), new(1, 0)),
    };

    public static TheoryData<string> Names => [.. cases.Keys];

    [Fact]
    public void EveryFunctionIsAsked() => Assert.Equal(
        typeof(Ops).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(IElementwise))).Select(type => type.Name).Order(),
        cases.Values.Select(one => one.Function.GetType().Name).Distinct().Order());

    [Theory, MemberData(nameof(Names))]
    public void ItIsTheLimit(string name)
    {
        var asked = cases[name];
        if (asked.Below is { } below)
            Check(asked.Function, -Infinity, below);
        Check(asked.Function, Infinity, asked.Above);
    }

    private static void Check(IElementwise function, double end, Limit limit)
    {
        Answers<double, DoubleMath>(function, end, limit, 1e-15);
        Answers<float, FloatMath>(function, end, limit, 1e-7);
        Answers<Vector128<float>, Vector128Math>(function, end, limit, 1e-7);
        Answers<Vector256<float>, Vector256Math>(function, end, limit, 1e-7);
        Answers<Vector512<float>, Vector512Math>(function, end, limit, 1e-7);
    }

    private static void Answers<V, M>(IElementwise f, double end, Limit limit, double tolerance)
        where V : struct
        where M : struct, IMath<V>
    {
        var x = M.Constant(end);
        var y = f.Value<V, M>(x);
        Near(limit.Value, y, tolerance, $"The value at {end}");
        Near(limit.Slope, f.Slope<V, M>(x, y), tolerance, $"The slope at {end}");
        foreach (var finite in new[] { 0.5, 4, 1e30, -0.5, -4, -1e30 })
        {
            var x0 = M.Constant(finite);
            var y0 = f.Value<V, M>(x0);
            // Of less than 0, where a function is asked about above 0 alone; and a value that is beyond what floats hold.
            if (!double.IsFinite(First(y0)))
                continue;
            Near(limit.Slope, ((ISecant)f).Secant<V, M>(x, x0, y, y0), tolerance, $"The secant from {finite} to {end}");
            Near(limit.Slope, ((ISecant)f).Secant<V, M>(x0, x, y0, y), tolerance, $"The secant from {end} to {finite}");
        }
    }

    private static double First<V>(V value) where V : struct =>
        value is double wide ? wide : Unsafe.As<V, float>(ref value);

    private static void Near<V>(double expected, V found, double tolerance, string what) where V : struct
    {
        var number = First(found);
        Assert.True(expected == number || Math.Abs(expected - number) <= tolerance * Math.Abs(expected),
            $"{what} is {number:r} over {typeof(V)}, not {expected:r}.");
    }
}
