using System.Runtime.Intrinsics;
using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

/// <summary>The witnesses of single precision against that of double precision, and that against published values.</summary>
public sealed class MathTests
{
    private delegate double Exact(double x);

    private static readonly Dictionary<string, (Exact Exact, double MaxUlp)> Functions = new()
    {
        ["Exp"] = (DoubleMath.Exp, 1.5),
        ["Expm1"] = (DoubleMath.Expm1, 2),
        ["Log"] = (DoubleMath.Log, 1.5),
        ["Log1p"] = (DoubleMath.Log1p, 1.5),
        ["Tanh"] = (DoubleMath.Tanh, 3),
        ["Erf"] = (DoubleMath.Erf, 2),
        ["Erfc"] = (DoubleMath.Erfc, 4.5),
        ["Sqrt"] = (DoubleMath.Sqrt, 0.5),
        ["Abs"] = (DoubleMath.Abs, 0),
        ["Negate"] = (DoubleMath.Negate, 0),
    };

    private static readonly float[] Edges =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, 1.17549421e-38f, 1.17549435e-38f, 1e-20f, -1e-20f,
        1, -1, 0.5f, -0.5f, MathF.BitDecrement(-1), MathF.BitIncrement(-1), 88.72283f, 88.72284f, 89, -87.3f, -87.4f, -103.9f, -104.1f,
        5000, -5000, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryWidthIsWithinAFewUnitsInTheLastPlace(string name)
    {
        var (exact, maxUlp) = Functions[name];
        var worst = (Ulp: 0.0, X: 0f, Found: 0f, Width: "");
        foreach (var x in Numbers())
        {
            var expected = exact(x);
            foreach (var (width, found) in AtEveryWidth(name, x))
            {
                var ulp = Distance(expected, found);
                if (!(ulp <= worst.Ulp))
                    worst = (ulp, x, found, width);
            }
        }
        Assert.True(worst.Ulp <= maxUlp,
            $"{name}({worst.X:g9}) at {worst.Width} is {worst.Found:g9}, {worst.Ulp:f2} ulp from {exact(worst.X):g9}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSignOfZeroIsKept(string name)
    {
        var (exact, _) = Functions[name];
        if (exact(0) != 0)
            return;
        foreach (var x in new[] { 0f, -0f })
        {
            foreach (var (width, found) in AtEveryWidth(name, x))
                Assert.True(BitConverter.SingleToInt32Bits((float)exact(x)) == BitConverter.SingleToInt32Bits(found),
                    $"{name}({x}) at {width} is {found}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LanesDoNotDependOnTheirNeighbours(string name)
    {
        var random = new Random(1);
        var x = new float[16];
        for (var trial = 0; trial < 200; trial++)
        {
            for (var i = 0; i < x.Length; i++)
                x[i] = random.Next(4) == 0 ? Edges[random.Next(Edges.Length)] : (float)(random.NextDouble() * 20 - 10);
            var together = Apply<Vector512<float>, Vector512Math>(name, Vector512.Create(x));
            for (var i = 0; i < x.Length; i++)
            {
                var alone = Apply<Vector512<float>, Vector512Math>(name, Vector512.Create(x[i]));
                Assert.Equal(BitConverter.SingleToInt32Bits(alone[i]), BitConverter.SingleToInt32Bits(together[i]));
            }
        }
    }

    [Fact]
    public void TheLargerAndTheSmallerKeepNaN()
    {
        foreach (var a in Edges)
        {
            foreach (var b in Edges)
            {
                Check("Max", a, b, Math.Max(a, b), FloatMath.Max(a, b), Lane(Vector128Math.Max(Vector128.Create(a), Vector128.Create(b))),
                    Vector256Math.Max(Vector256.Create(a), Vector256.Create(b))[3],
                    Vector512Math.Max(Vector512.Create(a), Vector512.Create(b))[7]);
                Check("Min", a, b, Math.Min(a, b), FloatMath.Min(a, b), Lane(Vector128Math.Min(Vector128.Create(a), Vector128.Create(b))),
                    Vector256Math.Min(Vector256.Create(a), Vector256.Create(b))[3],
                    Vector512Math.Min(Vector512.Create(a), Vector512.Create(b))[7]);
            }
        }

        static float Lane(Vector128<float> v) => v[2];

        static void Check(string name, float a, float b, float expected, params float[] found)
        {
            foreach (var value in found)
                Assert.True(expected == value || float.IsNaN(expected) && float.IsNaN(value), $"{name}({a}, {b}) is {value}");
        }
    }

    [Fact]
    public void ConditionsAreFalseForNaN()
    {
        ConditionsHold<double, DoubleMath>(v => v);
        ConditionsHold<float, FloatMath>(v => v);
        ConditionsHold<Vector128<float>, Vector128Math>(v => v[1]);
        ConditionsHold<Vector256<float>, Vector256Math>(v => v[1]);
        ConditionsHold<Vector512<float>, Vector512Math>(v => v[1]);
    }

    [Fact]
    public void ArithmeticIsOrdinary()
    {
        ArithmeticHolds<double, DoubleMath>(v => v);
        ArithmeticHolds<float, FloatMath>(v => v);
        ArithmeticHolds<Vector128<float>, Vector128Math>(v => v[1]);
        ArithmeticHolds<Vector256<float>, Vector256Math>(v => v[1]);
        ArithmeticHolds<Vector512<float>, Vector512Math>(v => v[1]);
    }

    // The Taylor series in decimal arithmetic of 60 digits, rounded to doubles.
    [Theory]
    [InlineData(1e-300, 1.1283791670955126e-300)]
    [InlineData(0.1, 0.1124629160182849)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(0.84375, 0.7672256612323416)]
    [InlineData(1, 0.8427007929497149)]
    [InlineData(1.25, 0.9229001282564583)]
    [InlineData(2, 0.9953222650189527)]
    [InlineData(3, 0.9999779095030014)]
    [InlineData(5.5, 0.9999999999999927)]
    [InlineData(30, 1)]
    public void TheDoubleErrorFunctionAgreesWithItsSeries(double x, double expected)
    {
        Assert.InRange(DoubleMath.Erf(x) / expected, 1 - 4.5e-16, 1 + 4.5e-16);
        Assert.Equal(-DoubleMath.Erf(x), DoubleMath.Erf(-x));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0.47950012218695346232)]
    [InlineData(1, 0.15729920705028513066)]
    [InlineData(2, 0.0046777349810472658379)]
    [InlineData(3, 0.000022090496998585441373)]
    [InlineData(5, 1.5374597944280348502e-12)]
    [InlineData(10, 2.088487583762544757e-45)]
    [InlineData(26, 5.6631924088561428465e-296)]
    public void TheDoubleComplementAgreesWithTables(double x, double expected)
    {
        Assert.InRange(DoubleMath.Erfc(x) / expected, 1 - 1e-15, 1 + 1e-15);
        Assert.Equal(2 - expected, DoubleMath.Erfc(-x), 1e-15);
        Assert.Equal(0, DoubleMath.Erfc(40));
        Assert.True(double.IsNaN(DoubleMath.Erfc(double.NaN)));
    }

    [Fact]
    public void TheDoubleFunctionsAreExactNearZero()
    {
        for (var x = 1e-300; x < 0.7; x *= 1.37)
        {
            foreach (var a in new[] { x, -x })
            {
                Near(ExponentialSeries(a), DoubleMath.Expm1(a));
                Near(a, DoubleMath.Log1p(ExponentialSeries(a)));
            }
        }
        Assert.Equal(double.PositiveInfinity, DoubleMath.Expm1(double.PositiveInfinity));
        Assert.Equal(-1, DoubleMath.Expm1(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, DoubleMath.Log1p(double.PositiveInfinity));
        Assert.Equal(double.NegativeInfinity, DoubleMath.Log1p(-1));
        Assert.True(double.IsNaN(DoubleMath.Log1p(-1.5)));
        Assert.True(double.IsNaN(DoubleMath.Expm1(double.NaN))
            && double.IsNaN(DoubleMath.Log1p(double.NaN))
            && double.IsNaN(DoubleMath.Erf(double.NaN)));

        static double ExponentialSeries(double a)
        {
            var sum = 0.0;
            for (var k = 30; k >= 1; k--)
                sum = a / k * (1 + sum);
            return sum;
        }

        static void Near(double expected, double found) => Assert.InRange(found / expected, 1 - 1e-15, 1 + 1e-15);
    }

    private static void ConditionsHold<V, M>(Func<V, double> read) where M : struct, IMath<V>
    {
        var (then, otherwise) = (M.Constant(1), M.Constant(2));
        foreach (var test in Edges)
        {
            Assert.Equal(test > 0 ? 1 : 2, read(M.IfPositive(M.Constant(test), then, otherwise)));
            Assert.Equal(test == 0 ? 1 : 2, read(M.IfZero(M.Constant(test), then, otherwise)));
        }
    }

    private static void ArithmeticHolds<V, M>(Func<V, double> read) where M : struct, IMath<V>
    {
        var (a, b) = (M.Constant(6.25), M.Constant(-2.5));
        Assert.Equal(3.75, read(M.Add(a, b)));
        Assert.Equal(8.75, read(M.Subtract(a, b)));
        Assert.Equal(-15.625, read(M.Multiply(a, b)));
        Assert.Equal(-2.5, read(M.Divide(a, b)));
        Assert.Equal(-9.375, read(M.MultiplyAdd(a, b, a)));
        Assert.Equal(2.5, read(M.Negate(b)));
        Assert.Equal(2.5, read(M.Abs(b)));
        Assert.Equal(2.5, read(M.Sqrt(a)));
        Assert.Equal(6.25, read(M.Max(a, b)));
        Assert.Equal(-2.5, read(M.Min(a, b)));
    }

    /// <summary>Numbers of every magnitude and sign, denser where the functions bend.</summary>
    private static IEnumerable<float> Numbers()
    {
        foreach (var edge in Edges)
            yield return edge;
        for (long bits = 1; bits < 0x7F800000; bits += 65_003)
        {
            yield return BitConverter.Int32BitsToSingle((int)bits);
            yield return -BitConverter.Int32BitsToSingle((int)bits);
        }
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            yield return (float)(random.NextDouble() * 2 - 1);
            yield return (float)(random.NextDouble() * 10 - 5);
            yield return (float)(random.NextDouble() * 220 - 110);
        }
    }

    private static (string Width, float Value)[] AtEveryWidth(string name, float x) =>
    [
        ("1", Apply<float, FloatMath>(name, x)),
        ("4", Apply<Vector128<float>, Vector128Math>(name, Vector128.Create(x))[3]),
        ("8", Apply<Vector256<float>, Vector256Math>(name, Vector256.Create(x))[5]),
        ("16", Apply<Vector512<float>, Vector512Math>(name, Vector512.Create(x))[11]),
    ];

    private static V Apply<V, M>(string name, V x) where M : struct, IMath<V> => name switch
    {
        "Exp" => M.Exp(x),
        "Expm1" => M.Expm1(x),
        "Log" => M.Log(x),
        "Log1p" => M.Log1p(x),
        "Tanh" => M.Tanh(x),
        "Erf" => M.Erf(x),
        "Erfc" => M.Erfc(x),
        "Sqrt" => M.Sqrt(x),
        "Abs" => M.Abs(x),
        "Negate" => M.Negate(x),
        _ => throw new ArgumentException($"No function {name}.", nameof(name)),
    };

    /// <summary>In units in the last place of a float at the expected value; 0 when both are NaN or the same infinity.</summary>
    private static double Distance(double expected, float found)
    {
        if (double.IsNaN(expected) || float.IsNaN(found))
            return double.IsNaN(expected) && float.IsNaN(found) ? 0 : double.PositiveInfinity;
        if ((float)expected == found)
            return float.IsInfinity(found) ? 0 : Math.Abs(expected - found) / Unit(expected);
        return float.IsInfinity(found) || double.IsInfinity(expected)
            ? double.PositiveInfinity
            : Math.Abs(expected - found) / Unit(expected);
    }

    private static double Unit(double value) =>
        Math.ScaleB(1, Math.Max(-149, value == 0 ? -149 : Math.ILogB(value) - 23));
}
