using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>
/// Products of multipliers where a slope may be infinite. What does not move, and what nothing depends on, contributes 0 however steep the
/// function.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Steep
{
    /// <summary>m s, and 0 where either is 0, whatever the other is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Times<V, M>(V m, V s) where M : struct, IMath<V> => M.IfZero(m, m, M.IfZero(s, s, M.Multiply(m, s)));

    /// <summary>
    /// A secant from x0 to x as it is, but 0 where x is x0 and the slope there is infinite or has no value: nothing moves there, whose
    /// share could be asked for. NaN where x - x0 is infinite, whose share of a finite difference has no value.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Secant<V, M>(V secant, V x, V x0) where M : struct, IMath<V>
    {
        // s - s is 0 for every finite s; so is it, once bounded, for equal infinities.
        var alike = M.IfZero(M.Subtract(secant, secant), secant, M.Constant(0));
        var apart = M.Add(secant, M.Multiply(M.Constant(0), M.Subtract(x, x0)));
        return M.IfZero(M.Subtract(Bounded<V, M>(x), Bounded<V, M>(x0)), alike, apart);
    }

    /// <summary>x - x0, and 0 between equal infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Difference<V, M>(V x, V x0) where M : struct, IMath<V> =>
        M.IfZero(M.Subtract(Bounded<V, M>(x), Bounded<V, M>(x0)), M.Constant(0), M.Subtract(x, x0));

    /// <summary>m where it is finite, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finite<V, M>(V m) where M : struct, IMath<V> => M.IfZero(M.Subtract(m, m), m, M.Constant(0));

    /// <summary>1 where m is infinite or not a number, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Infinite<V, M>(V m) where M : struct, IMath<V> => M.IfZero(M.Subtract(m, m), M.Constant(0), M.Constant(1));

    /// <summary>
    /// What comes back through a product: <paramref name="finite"/>, what its finite multipliers give, where <paramref name="reached"/>,
    /// the sizes of the weights to its infinite ones, is 0; elsewhere infinite.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Joined<V, M>(V finite, V reached) where M : struct, IMath<V> =>
        M.IfZero(reached, finite, M.Constant(double.PositiveInfinity));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bounded<V, M>(V x) where M : struct, IMath<V> =>
        M.Max(M.Min(x, M.Constant(float.MaxValue)), M.Constant(-float.MaxValue));
}
