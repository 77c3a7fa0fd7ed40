using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Operators;

/// <summary>What is true of every elementwise function of the library, found by reflection, over every arithmetic.</summary>
public class ElementwiseLaws
{
    // Distances from the reference, from far below to far above the spacing of floats.
    private static readonly double[] distances = [1e-9, 1e-7, 3e-6, 1e-4, 1e-3, 0.01, 1.0 / 64, 0.02, 0.1, 0.3, 0.9, 1.1, 2, 5, 11, 40, 100,
        1000];
    private static readonly double[] anchors = [0, 1e-6, -1e-6, 1e-3, -1e-3, 0.1, -0.1, 0.7, -0.7, 1, -1, 2.3, -2.3, 5, -5, 9, -9, 16, -16,
        30, -30, 70, -70, 300, -300];

    public static TheoryData<string> Functions =>
        [.. typeof(Ops).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(IElementwise))).Select(type => type.Name)];

    [Theory, MemberData(nameof(Functions))]
    public void Has_a_method_of_its_name_in_Nn(string name)
    {
        // What a kernel applies when nothing follows it; nobody writes it in Forward.
        if (name == nameof(Ops.Identity))
            return;
        var method = typeof(Nn).GetMethod(name)!;
        var attribute = method.GetCustomAttributes().Single(a => a.GetType().Name.StartsWith("Elementwise", StringComparison.Ordinal));
        var type = typeof(Ops).GetNestedType(name)!;
        Assert.Equal(type, attribute.GetType().GetGenericArguments()[0]);
        Assert.Equal(Constants(type), method.GetParameters().Length - 1);
    }

    [Theory, MemberData(nameof(Functions))]
    public void Slope_is_the_limit_of_difference_quotients(string name) => Run(name, nameof(SlopeOf));

    [Theory, MemberData(nameof(Functions))]
    public void Secant_is_the_mean_of_the_slope(string name) => Run(name, nameof(SecantOfDoubles));

    [Theory, MemberData(nameof(Functions))]
    public void Secant_at_the_reference_is_the_slope_there(string name) => Run(name, nameof(SecantAtReference));

    [Theory, MemberData(nameof(Functions))]
    public void Secant_times_the_distance_is_the_difference(string name) => Run(name, nameof(SecantTimesDistance));

    [Theory, MemberData(nameof(Functions))]
    public void Single_precision_and_every_vector_width_agree_with_double(string name) => Run(name, nameof(EveryWidth));

    [Theory, MemberData(nameof(Functions))]
    public void Nothing_is_lost_to_infinity_up_to_5000(string name) => Run(name, nameof(FarOut));

    [Theory, MemberData(nameof(Functions))]
    public void Default_secant_agrees_too(string name) => Run(name, nameof(DefaultSecant));

    private static int Constants(Type type) =>
        type.GetConstructors().Select(constructor => constructor.GetParameters().Length).DefaultIfEmpty(0).Max();

    private static void Run(string name, string law)
    {
        var type = typeof(Ops).GetNestedType(name)!;
        var f = Activator.CreateInstance(type,
            type == typeof(Ops.Clamp) ? [-0.75, 0.625] : [.. Enumerable.Repeat<object>(0.3, Constants(type))])!;
        try
        {
            typeof(ElementwiseLaws).GetMethod(law, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [f]);
        }
        catch (TargetInvocationException e)
        {
            throw new Xunit.Sdk.XunitException(e.InnerException!.Message, e.InnerException);
        }
    }

    private static void SlopeOf<F>(F f) where F : struct, IElementwise
    {
        foreach (var x in Points<F>().Where(x => Math.Abs(x) is > 1e-2 and < 20))
        {
            var h = 1e-3 * Math.Min(1, Math.Abs(x));
            // Richardson's extrapolation of central differences.
            double Central(double step) => (Value(f, x + step) - Value(f, x - step)) / (2 * step);
            var quotient = (4 * Central(h / 2) - Central(h)) / 3;
            Near(quotient, Slope(f, x), 1e-9 * (1 + Math.Abs(quotient)), $"slope at {x}");
        }
    }

    private static void SecantOfDoubles<F>(F f) where F : struct, ISecant
    {
        foreach (var (x, x0) in Pairs<F>())
        {
            var expected = MeanSlope(f, x, x0);
            Near(expected, Secant(f, x, x0), 2e-13 * Scale(f, expected), $"secant from {x0:r} to {x:r}");
        }
    }

    private static void SecantAtReference<F>(F f) where F : struct, ISecant
    {
        foreach (var x0 in Points<F>())
        {
            var (single, slope) = ((float)x0, Slope(f, x0));
            Near(slope, Secant(f, x0, x0), 1e-15 * Scale(f, slope), $"secant at {x0:r}");
            Near(Single<F>.Slope(f, single), Single<F>.Secant(f, single, single), 3e-7 * Scale(f, slope),
                $"secant in single precision at {x0:r}");
        }
    }

    private static void SecantTimesDistance<F>(F f) where F : struct, ISecant
    {
        foreach (var (x, x0) in Pairs<F>())
        {
            var (y, y0) = (Value(f, x), Value(f, x0));
            Near(y - y0, Secant(f, x, x0) * (x - x0), 4e-16 * (Scale(f, y) + Scale(f, y0)) + 4e-15 * Math.Abs(y - y0),
                $"difference from {x0:r} to {x:r}");
        }
    }

    private static void EveryWidth<F>(F f) where F : struct, ISecant
    {
        foreach (var (wideX, wideX0) in Pairs<F>())
        {
            var (x, x0) = ((float)wideX, (float)wideX0);
            if (Math.Abs(Value(f, x)) > 1e37 || Math.Abs(Value(f, x0)) > 1e37)
                continue;
            var (value, slope, secant) = (Value(f, x), Slope(f, x), MeanSlope(f, x, x0));
            var tolerance = 6e-7 * Scale(f, secant) + 1e-37;
            Near(value, Single<F>.Value(f, x), 4e-7 * Scale(f, value) + 1e-37, $"value at {x:r}");
            Near(slope, Single<F>.Slope(f, x), 6e-7 * Scale(f, slope) + 1e-37, $"slope at {x:r}");
            Near(secant, Single<F>.Secant(f, x, x0), tolerance, $"secant from {x0:r} to {x:r}");
            Near(secant, Lanes<F, Vector128<float>, Vector128Math>(f, Vector128.Create(x), Vector128.Create(x0)), tolerance,
                $"secant over 128 bits from {x0:r} to {x:r}");
            Near(secant, Lanes<F, Vector256<float>, Vector256Math>(f, Vector256.Create(x), Vector256.Create(x0)), tolerance,
                $"secant over 256 bits from {x0:r} to {x:r}");
            Near(secant, Lanes<F, Vector512<float>, Vector512Math>(f, Vector512.Create(x), Vector512.Create(x0)), tolerance,
                $"secant over 512 bits from {x0:r} to {x:r}");
        }
    }

    private static void FarOut<F>(F f) where F : struct, ISecant
    {
        double[] far = [0, 1e-30, 1, -1, 50, -50, 88, -88, 90, -90, 104, -104, 710, -710, 1000, -1000, 5000, -5000];
        var positive = IsPositive<F>() && typeof(F) != typeof(Ops.Reciprocal);
        var pole = IsPositive<F>();
        foreach (var x in far.Where(x => (!positive || x > 0) && (!pole || Math.Abs(x) > 1e-20)))
        {
            foreach (var x0 in far.Where(x0 => (!positive || x0 > 0) && (!pole || x0 * x > 0 && Math.Abs(x0) > 1e-20)))
            {
                var (secant, slope) = (Single<F>.Secant(f, (float)x, (float)x0), Single<F>.Slope(f, (float)x));
                var overflows = typeof(F) == typeof(Ops.Exp) && Math.Max(x, x0) > 88;
                Assert.True(overflows ? !float.IsNaN(secant) : float.IsFinite(secant), $"The secant from {x0} to {x} is {secant}.");
                Assert.True(overflows ? !float.IsNaN(slope) : float.IsFinite(slope), $"The slope at {x} is {slope}.");
            }
        }
    }

    private static void DefaultSecant<F>(F f) where F : struct, ISecant
    {
        foreach (var (x, x0) in Pairs<F>().Where(pair => Math.Abs(pair.X) < 3 && Math.Abs(pair.X0) < 3 && pair.X * pair.X0 > 0))
        {
            var (single, single0) = ((float)x, (float)x0);
            var expected = MeanSlope(f, single, single0);
            var reach = Math.Min(Math.Abs(x), Math.Abs(x0));
            // Where the function bends within 1/64, as near a pole, the default has no claim to be exact.
            if (IsPositive<F>() && reach < 0.5)
                continue;
            var found = Secants.Of<F, float, FloatMath>(f, single, single0, Single<F>.Value(f, single), Single<F>.Value(f, single0));
            Near(expected, found, 3e-5 * Math.Max(1, Math.Abs(expected)), $"default secant from {x0:r} to {x:r}");
        }
    }

    private static double Value<F>(F f, double x) where F : struct, IElementwise => f.Value<double, DoubleMath>(x);

    private static double Slope<F>(F f, double x) where F : struct, IElementwise => f.Slope<double, DoubleMath>(x, Value(f, x));

    private static double Secant<F>(F f, double x, double x0)
        where F : struct, ISecant => f.Secant<double, DoubleMath>(x, x0, Value(f, x), Value(f, x0));

    private static float Lanes<F, V, M>(F f, V x, V x0)
        where F : struct, ISecant
        where V : struct
        where M : struct, IMath<V>
    {
        var secant = f.Secant<V, M>(x, x0, f.Value<V, M>(x), f.Value<V, M>(x0));
        ref var first = ref Unsafe.As<V, float>(ref secant);
        for (var lane = 1; lane < Unsafe.SizeOf<V>() / sizeof(float); lane++)
            Assert.Equal(first, Unsafe.Add(ref first, lane));
        return first;
    }

    // Functions that are not monotone have a secant of 0 somewhere: there the error is measured against their steepest slope. So is that of
    // Erf, whose slope is exp(-x^2): x^2 is rounded, by more the larger it is.
    private static double Scale<F>(F f, double expected) where F : struct, IElementwise =>
        f is Ops.Silu or Ops.Gelu or Ops.GeluTanh or Ops.HardSwish or Ops.Erf or Ops.Abs or Ops.Square
            ? Math.Max(Math.Abs(expected), 1)
            : Math.Abs(expected);

    // Functions that are asked about above 0 alone, where they have a value or no pole.
    private static bool IsPositive<F>() =>
        default(F) is Ops.Log or Ops.Reciprocal or Ops.Sqrt or Ops.ReciprocalSqrt or Ops.Pow;

    private static IEnumerable<double> Points<F>() => IsPositive<F>()
        ? anchors.Where(x => x > 0)
        : anchors;

    private static IEnumerable<(double X, double X0)> Pairs<F>()
    {
        var pole = IsPositive<F>();
        foreach (var x0 in Points<F>())
        {
            foreach (var d in distances)
            {
                foreach (var x in new[] { x0 + d, x0 - d })
                {
                    if ((!pole || x > 0) && (typeof(F) != typeof(Ops.Exp) || Math.Abs(x) < 700) && x != x0)
                        yield return (x, x0);
                }
            }
        }
    }

    // The mean of the slope between two points, by ten-point Gauss-Legendre on panels short enough for the function: split
    // where kinks are, at most half a unit wide where exponentials live, and a fraction of x where a pole at 0 rules.
    private static double MeanSlope<F>(F f, double x, double x0) where F : struct, IElementwise
    {
        var (low, high) = (Math.Min(x, x0), Math.Max(x, x0));
        if (low == high)
            return Slope(f, x0);
        var pole = IsPositive<F>();
        var sum = 0.0;
        var from = low;
        while (from < high)
        {
            var width = pole ? 0.25 * from : Math.Max(0.5, (Math.Abs(from) - 750) / 4);
            var to = Math.Min(high, from + width);
            foreach (var kink in Kinks(f).Where(kink => from < kink && to > kink))
                to = kink;
            sum += Panel(f, from, to);
            from = to;
        }
        return sum / (high - low);
    }

    // In descending order: the next one above is taken last.
    private static double[] Kinks<F>(F f) => f is Ops.Clamp ? [0.625, -0.75] : f is Ops.HardSigmoid or Ops.HardSwish ? [3, -3] : [0];

    private static double Panel<F>(F f, double from, double to) where F : struct, IElementwise
    {
        double[] nodes = [0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717];
        double[] weights = [0.2955242247147529, 0.2692667193099963, 0.2190863625159820, 0.1494513491505806, 0.0666713443086881];
        var (middle, half) = ((from + to) / 2, (to - from) / 2);
        var sum = 0.0;
        for (var i = 0; i < nodes.Length; i++)
            sum += weights[i] * (Slope(f, middle - half * nodes[i]) + Slope(f, middle + half * nodes[i]));
        return sum * half;
    }

    private static void Near(double expected, double found, double tolerance, string what) =>
        Assert.True(expected == found || Math.Abs(expected - found) <= tolerance,
            $"{what}: expected {expected:r}, found {found:r}, relative error {Math.Abs(expected - found) / Math.Abs(expected):e1}");

    private static class Single<F> where F : struct, ISecant
    {
        public static float Value(F f, float x) => f.Value<float, FloatMath>(x);

        public static float Slope(F f, float x) => f.Slope<float, FloatMath>(x, Value(f, x));

        public static float Secant(F f, float x, float x0) => f.Secant<float, FloatMath>(x, x0, Value(f, x), Value(f, x0));
    }
}
