using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>What a softmax's share near 1 leaves of 1, where 1 - share would be no more than its rounding.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Shares
{
    // Beyond it Langevin's function is taken by exponentials; nearer 0 they cancel.
    private const double Near = 0.25;

    // The function's power series, x/3 - x^3/45 + ..., highest power first.
    private const double Power11 = -1382.0 / 638512875;
    private const double Power9 = 2.0 / 93555;
    private const double Power7 = -1.0 / 4725;
    private const double Power5 = 2.0 / 945;
    private const double Power3 = -1.0 / 45;
    private const double Power1 = 1.0 / 3;

    /// <summary>
    /// 1 less the secant share of z, (exp(z) - exp(z0)) / (z - z0) over (exp(lse) - exp(lse0)) / (lse - lse0), where both shares are at
    /// least 3/4. With u = log(1 - q), the share's logarithm, it is 1 - exp(((1 + c) u + (1 - c) u0) / 2), c being the mean of Langevin's
    /// function coth(t) - 1 / t from (lse - lse0) / 2 to (z - z0) / 2: a sum of numbers of one sign.
    /// </summary>
    /// <param name="q">What the share at x leaves of 1.</param>
    /// <param name="q0">What the reference's share leaves of 1.</param>
    /// <param name="move">lse - lse0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Left<V, M>(V q, V q0, V move) where M : struct, IMath<V>
    {
        // The function is odd: of the two the one with the larger lse is u.
        var u = M.Log1p(M.Negate(M.IfPositive(move, q, q0)));
        var u0 = M.Log1p(M.Negate(M.IfPositive(move, q0, q)));
        var half = M.Constant(0.5);
        var reach = M.Multiply(M.Constant(0.25), M.Subtract(u, u0));
        var middle = M.MultiplyAdd(half, M.Abs(move), reach);
        // Three-point Gauss-Legendre: |u - u0| is at most log(4/3), over which the function is all but a parabola.
        var off = M.Multiply(M.Constant(0.7745966692414834), reach);
        var ends = M.Add(Lag<V, M>(M.Subtract(middle, off)), Lag<V, M>(M.Add(middle, off)));
        var lag = M.MultiplyAdd(M.Constant(5.0 / 18), ends, M.Multiply(M.Constant(8.0 / 18), Lag<V, M>(middle)));
        var log = M.Multiply(half, M.MultiplyAdd(M.Subtract(M.Constant(2), lag), u, M.Multiply(lag, u0)));
        return M.Negate(M.Expm1(log));
    }

    /// <summary>1 - coth(x) + 1 / x: what Langevin's function lacks of its limit; x is not below -<see cref="Near"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Lag<V, M>(V x) where M : struct, IMath<V>
    {
        var far = M.Subtract(M.Divide(M.Constant(1), x), M.Divide(M.Constant(2), M.Expm1(M.Add(x, x))));
        var square = M.Multiply(x, x);
        var sum = M.MultiplyAdd(M.Constant(Power11), square, M.Constant(Power9));
        sum = M.MultiplyAdd(sum, square, M.Constant(Power7));
        sum = M.MultiplyAdd(sum, square, M.Constant(Power5));
        sum = M.MultiplyAdd(sum, square, M.Constant(Power3));
        sum = M.MultiplyAdd(sum, square, M.Constant(Power1));
        return M.IfPositive(M.Subtract(x, M.Constant(Near)), far, M.Subtract(M.Constant(1), M.Multiply(sum, x)));
    }
}
