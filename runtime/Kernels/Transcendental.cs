using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>
/// Functions of single precision, one text for every vector width. Tested, units in the last place from the exact value: the exponential
/// and both logarithms 1.5, the exponential less one and the error function 2, tanh 3, the complement of the error function 4.5.
/// The polynomials of the exponential and the logarithm are those of S. L. Moshier's Cephes library (expf, logf); those of the
/// error function are minimax fits made with Remez's algorithm.
/// </summary>
internal static class Transcendental
{
    public const int MantissaBits = 23;
    public const int ExponentBias = 127;
    public const int SqrtHalfBits = 0x3F3504F3;

    // log(2) in two parts; the first has nine bits, so that its product with an exponent is exact.
    private const double Log2High = 0.693359375;
    private const double Log2Low = -2.12194440054690583e-4;

    // Beyond these the exponential is 0 or infinity, with room to round to it.
    private const double Underflow = -104;
    private const double Overflow = 89;

    /// <summary>e^x; subnormal results are rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V, M>(V x) where M : struct, IBinary<V>
    {
        var tail = Tail<V, M>(Clamp<V, M>(x, Underflow, Overflow), out var n);
        // The power is applied in two factors, since neither 2^128 nor 2^-150 is a normal float.
        var half = M.Round(M.Multiply(n, M.Constant(0.5)));
        var y = M.Multiply(M.Add(tail, M.Constant(1)), M.PowerOfTwo(half));
        return M.Multiply(y, M.PowerOfTwo(M.Subtract(n, half)));
    }

    /// <summary>e^x - 1, of full relative accuracy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V, M>(V x) where M : struct, IBinary<V>
    {
        // Half of the result first: 2^128 is not a float.
        var tail = Tail<V, M>(Clamp<V, M>(x, -20, Overflow), out var n);
        var scale = M.PowerOfTwo(M.Subtract(n, M.Constant(1)));
        var half = M.MultiplyAdd(tail, scale, M.Subtract(scale, M.Constant(0.5)));
        return M.IfLess(M.Abs(x), M.Constant(1.0 / (1 << 25)), x, M.Add(half, half));
    }

    /// <summary>Natural logarithm; of 0 minus infinity, below 0 NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, M>(V x) where M : struct, IBinary<V>
    {
        var smallest = M.Constant(1.17549435e-38);
        var normal = M.IfLess(x, smallest, M.Multiply(x, M.Constant(1 << 23)), x);
        var n = M.Exponent(normal, out var mantissa);
        n = M.Subtract(n, M.IfLess(x, smallest, M.Constant(23), M.Constant(0)));
        return LogarithmDomain<V, M>(x, Logarithm<V, M>(n, M.Subtract(mantissa, M.Constant(1))));
    }

    /// <summary>log(1 + x), of full relative accuracy; at -1 minus infinity, below NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V, M>(V x) where M : struct, IBinary<V>
    {
        var one = M.Constant(1);
        var u = M.Add(one, x);
        // What the sum lost, exactly; it goes back in at the scale of the mantissa.
        var lost = M.IfLess(x, one, M.Subtract(x, M.Subtract(u, one)), M.Subtract(one, M.Subtract(u, x)));
        var n = M.Exponent(u, out var mantissa);
        var scale = M.PowerOfTwo(M.Negate(Clamp<V, M>(n, -64, 64)));
        var y = Logarithm<V, M>(n, M.MultiplyAdd(lost, scale, M.Subtract(mantissa, one)));
        return M.IfZero(x, x, LogarithmDomain<V, M>(u, y));
    }

    /// <summary>Hyperbolic tangent, of full relative accuracy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V, M>(V x) where M : struct, IBinary<V>
    {
        // tanh(x) = (e^2x - 1) / (e^2x + 1), and 1 in single precision beyond 9.02.
        var size = Clamp<V, M>(M.Abs(x), 0, 10);
        var twice = M.Add(size, size);
        var tail = Tail<V, M>(twice, out var n);
        var scale = M.PowerOfTwo(n);
        var y = M.MultiplyAdd(tail, scale, M.Subtract(scale, M.Constant(1)));
        y = M.Divide(y, M.Add(y, M.Constant(2)));
        return M.IfLess(size, M.Constant(1.0 / (1 << 13)), x, M.CopySign(y, x));
    }

    /// <summary>The error function, of full relative accuracy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V, M>(V x) where M : struct, IBinary<V>
    {
        // Below the cut an odd polynomial, above it 1 - e^-p with p a polynomial for -log(erfc); beyond 4 erf is 1.
        var size = Clamp<V, M>(M.Abs(x), 0, 4);
        var square = M.Multiply(x, x);
        var near = M.Constant(8.267458322226313e-05);
        near = M.MultiplyAdd(near, square, M.Constant(-0.0008118074463719948));
        near = M.MultiplyAdd(near, square, M.Constant(0.005198829746354328));
        near = M.MultiplyAdd(near, square, M.Constant(-0.026858497021807877));
        near = M.MultiplyAdd(near, square, M.Constant(0.11283678967282539));
        near = M.MultiplyAdd(near, square, M.Constant(-0.37612632637883325));
        near = M.MultiplyAdd(near, square, M.Constant(0.12837916652074588));
        near = M.MultiplyAdd(near, x, x);

        var power = M.Constant(-0.00021337494877717584);
        power = M.MultiplyAdd(power, size, M.Constant(0.003209905049020388));
        power = M.MultiplyAdd(power, size, M.Constant(-0.022873687151786688));
        power = M.MultiplyAdd(power, size, M.Constant(0.10523631003958053));
        power = M.MultiplyAdd(power, size, M.Constant(0.6357378212228864));
        power = M.MultiplyAdd(power, size, M.Constant(1.1285085506865513));
        var tail = Tail<V, M>(M.Negate(M.Multiply(power, size)), out var n);
        var scale = M.PowerOfTwo(n);
        var far = M.Subtract(M.Subtract(M.Constant(1), scale), M.Multiply(tail, scale));

        return M.IfLess(size, M.Constant(0.9375), near, M.CopySign(far, x));
    }

    /// <summary>1 - erf(x), of full relative accuracy where it is small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erfc<V, M>(V x) where M : struct, IBinary<V>
    {
        // e^(x^2) erfc(x) (x + 2) is smooth: a polynomial in x / (x + 2). Beyond 10.1 nothing is left. What rounding x^2 took goes back in,
        // since the exponential would make much of it: x^2 = c^2 + (x - c) (x + c), where c has few bits, so that its square is exact, with
        // fused products and without.
        var size = Clamp<V, M>(M.Abs(x), 0, 10.2);
        var square = M.Multiply(size, size);
        var coarse = M.Multiply(M.Round(M.Multiply(size, M.Constant(64))), M.Constant(1.0 / 64));
        var lost = M.MultiplyAdd(M.Subtract(size, coarse), M.Add(size, coarse), M.MultiplyAdd(coarse, coarse, M.Negate(square)));
        var share = M.Divide(M.Constant(1), M.Add(size, M.Constant(2)));
        var s = M.Multiply(size, share);
        var p = M.Constant(0.065695038772441321);
        p = M.MultiplyAdd(p, s, M.Constant(-0.30828944051022862));
        p = M.MultiplyAdd(p, s, M.Constant(0.49772768112840011));
        p = M.MultiplyAdd(p, s, M.Constant(-0.30712656294016264));
        p = M.MultiplyAdd(p, s, M.Constant(0.16157090321893967));
        p = M.MultiplyAdd(p, s, M.Constant(-0.23884240151764983));
        p = M.MultiplyAdd(p, s, M.Constant(-0.18842692363917722));
        p = M.MultiplyAdd(p, s, M.Constant(0.4223591312783782));
        p = M.MultiplyAdd(p, s, M.Constant(0.97302342774174538));
        p = M.MultiplyAdd(p, s, M.Constant(-2.5135178623585641));
        p = M.MultiplyAdd(p, s, M.Constant(2.0000000041300926));
        var scaled = M.Multiply(p, share);
        scaled = M.Subtract(scaled, M.Multiply(scaled, lost));
        var tail = M.Multiply(Exp<V, M>(M.Negate(square)), scaled);
        return M.IfLess(x, M.Constant(0), M.Subtract(M.Constant(2), tail), tail);
    }

    /// <summary>x = n log(2) + r with |r| at most log(2) / 2; returns e^r - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tail<V, M>(V x, out V n) where M : struct, IBinary<V>
    {
        n = M.Round(M.Multiply(x, M.Constant(1.4426950408889634)));
        var r = M.MultiplyAdd(n, M.Constant(-Log2High), x);
        r = M.MultiplyAdd(n, M.Constant(-Log2Low), r);
        var p = M.Constant(1.9875691500e-4);
        p = M.MultiplyAdd(p, r, M.Constant(1.3981999507e-3));
        p = M.MultiplyAdd(p, r, M.Constant(8.3334519073e-3));
        p = M.MultiplyAdd(p, r, M.Constant(4.1665795894e-2));
        p = M.MultiplyAdd(p, r, M.Constant(1.6666665459e-1));
        p = M.MultiplyAdd(p, r, M.Constant(5.0000001201e-1));
        return M.MultiplyAdd(p, M.Multiply(r, r), r);
    }

    /// <summary>n log(2) + log(1 + f), for f within [sqrt(1/2) - 1, sqrt(2) - 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Logarithm<V, M>(V n, V f) where M : struct, IBinary<V>
    {
        var p = M.Constant(7.0376836292e-2);
        p = M.MultiplyAdd(p, f, M.Constant(-1.1514610310e-1));
        p = M.MultiplyAdd(p, f, M.Constant(1.1676998740e-1));
        p = M.MultiplyAdd(p, f, M.Constant(-1.2420140846e-1));
        p = M.MultiplyAdd(p, f, M.Constant(1.4249322787e-1));
        p = M.MultiplyAdd(p, f, M.Constant(-1.6668057665e-1));
        p = M.MultiplyAdd(p, f, M.Constant(2.0000714765e-1));
        p = M.MultiplyAdd(p, f, M.Constant(-2.4999993993e-1));
        p = M.MultiplyAdd(p, f, M.Constant(3.3333331174e-1));
        var square = M.Multiply(f, f);
        var y = M.Multiply(M.Multiply(p, f), square);
        y = M.MultiplyAdd(n, M.Constant(Log2Low), y);
        y = M.MultiplyAdd(square, M.Constant(-0.5), y);
        return M.MultiplyAdd(n, M.Constant(Log2High), M.Add(f, y));
    }

    /// <summary>y where x is positive and finite, else what the logarithm is at x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogarithmDomain<V, M>(V x, V y) where M : struct, IBinary<V>
    {
        y = M.IfLess(x, M.Constant(double.PositiveInfinity), y, x);
        return M.IfPositive(x, y, M.IfZero(x, M.Constant(double.NegativeInfinity), M.Constant(double.NaN)));
    }

    /// <summary>x within [low, high]; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Clamp<V, M>(V x, double low, double high) where M : struct, IBinary<V> =>
        M.Max(M.Min(x, M.Constant(high)), M.Constant(low));
}
