using System.Runtime.CompilerServices;

namespace Whence;

/// <summary>
/// Functions of the form x g(x) with a gate g that goes to 0 at minus infinity and to 1 at infinity, sooner than x grows: there the product
/// has its limit, 0 or infinity, and so have its slope and its secants. Zero times infinity would be no number.
/// </summary>
internal static class Gated
{
    /// <summary>x g, and 0 where <paramref name="g"/> is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Value<V, M>(V x, V g) where M : struct, IMath<V> => M.IfZero(g, g, M.Multiply(x, g));

    /// <summary>x g' + g, and g where <paramref name="slope"/>, g', is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Slope<V, M>(V x, V g, V slope) where M : struct, IMath<V> => M.IfZero(slope, g, M.MultiplyAdd(x, slope, g));

    /// <summary>
    /// The secant of x g(x), given g's secant. The product rule with midpoints is exact, and the quotient loses fewer digits
    /// where x g(x) is small beside x - x0; in each lane the one with the smaller terms is taken, and the quotient from or to an infinity.
    /// </summary>
    /// <param name="x">The input.</param>
    /// <param name="x0">The reference.</param>
    /// <param name="y">x g(x).</param>
    /// <param name="y0">x0 g(x0).</param>
    /// <param name="g">g(x).</param>
    /// <param name="g0">g(x0).</param>
    /// <param name="secant">g's secant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Secant<V, M>(V x, V x0, V y, V y0, V g, V g0, V secant) where M : struct, IMath<V>
    {
        var half = M.Constant(0.5);
        var mean = M.Multiply(half, M.Add(g, g0));
        var moved = M.Multiply(M.MultiplyAdd(half, x, M.Multiply(half, x0)), secant);
        var d = M.Subtract(x, x0);
        // The sizes of the numbers whose rounding each way suffers; of an infinite d that of the product is none.
        var quotientTerms = M.Divide(M.Add(M.Abs(y), M.Abs(y0)), M.Abs(d));
        var productTerms = M.Add(M.Abs(mean), M.Abs(moved));
        return M.IfPositive(M.Subtract(quotientTerms, productTerms), M.Add(mean, moved),
            Secants.Quotient<V, M>(y, y0, x, x0, g0, M.Constant(1)));
    }
}
