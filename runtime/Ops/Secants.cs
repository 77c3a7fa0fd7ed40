using System.Runtime.CompilerServices;

namespace Whence;

/// <summary>
/// The secant of a function between the input and the reference, (f(x) - f(x0)) / (x - x0): DeepLIFT's Rescale multiplier
/// (arXiv 1704.02685, section 3.5.2), here without the loss of digits that the quotient suffers where x is near x0.
/// </summary>
public static class Secants
{
    /// <summary>
    /// The secant of a function without a closed form of its own: the quotient where |x - x0| > 2^-6 max(1, |x|), nearer the
    /// mean of the slope between the two by three-point Gauss-Legendre quadrature, and at x = x0 the slope.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The input.</param>
    /// <param name="x0">The reference.</param>
    /// <param name="y">f(x).</param>
    /// <param name="y0">f(x0).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<F, V, M>(F f, V x, V x0, V y, V y0)
        where F : struct, IElementwise
        where M : struct, IMath<V>
    {
        var d = M.Subtract(x, x0);
        var half = M.Multiply(M.Constant(0.5), d);
        var middle = M.Add(x0, half);
        var reach = M.Multiply(M.Constant(0.7745966692414834), half);
        var ends = M.Add(SlopeAt<F, V, M>(f, M.Subtract(middle, reach)), SlopeAt<F, V, M>(f, M.Add(middle, reach)));
        var mean = M.MultiplyAdd(M.Constant(5.0 / 18), ends, M.Multiply(M.Constant(8.0 / 18), SlopeAt<F, V, M>(f, middle)));
        var near = M.IfZero(d, f.Slope<V, M>(x0, y0), mean);
        var far = M.Subtract(M.Abs(d), M.Multiply(M.Constant(1.0 / 64), M.Max(M.Constant(1), M.Abs(x))));
        return M.IfPositive(far, Quotient<V, M>(y, y0, x, x0, near), near);
    }

    /// <summary>
    /// (y - y0) / (x - x0) of halves, which have the same quotient where the differences are beyond what the type holds; where x and x0
    /// have no difference, or one that only halving loses, <paramref name="slope"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Quotient<V, M>(V y, V y0, V x, V x0, V slope) where M : struct, IMath<V>
    {
        var half = M.Constant(0.5);
        var d = M.Subtract(M.Multiply(half, x), M.Multiply(half, x0));
        return M.IfZero(d, slope, M.Divide(M.Subtract(M.Multiply(half, y), M.Multiply(half, y0)), d));
    }

    /// <summary>
    /// The same, and <paramref name="far"/> where y - y0 is infinite: the secant's limit as x, or x0, grows beyond all bounds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Quotient<V, M>(V y, V y0, V x, V x0, V slope, V far) where M : struct, IMath<V>
    {
        var half = M.Constant(0.5);
        var d = M.Subtract(M.Multiply(half, x), M.Multiply(half, x0));
        var move = M.Subtract(M.Multiply(half, y), M.Multiply(half, y0));
        return M.IfZero(d, slope, M.IfZero(M.Subtract(move, move), M.Divide(move, d), far));
    }

    /// <summary>
    /// (1 - e^-a) / a for a >= 0, and 1 at 0: what is left of every difference of exponentials once the larger is taken out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Decay<V, M>(V a) where M : struct, IMath<V> =>
        M.IfZero(a, M.Constant(1), M.Divide(M.Negate(M.Expm1(M.Negate(a))), a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SlopeAt<F, V, M>(F f, V x)
        where F : struct, IElementwise
        where M : struct, IMath<V> => f.Slope<V, M>(x, f.Value<V, M>(x));
}
