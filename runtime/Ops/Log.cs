using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Log"/>
    [Elementwise<Ops.Log>]
    public static Tensor Log(Tensor x) => x.Map<Ops.Log>();
}

public static partial class Ops
{
    /// <summary>Natural logarithm; NaN below 0.</summary>
    [ElementwiseTraits(Arithmetic = true, Partial = true)]
    public readonly struct Log : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Log(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Divide(M.Constant(1), x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            // Relative to the smaller of the two, so that log1p never comes near its pole at -1.
            var d = M.Abs(M.Subtract(x, x0));
            var ratio = M.Divide(d, M.Min(x, x0));
            var far = M.Divide(M.Abs(M.Subtract(y, y0)), d);
            var secant = M.IfPositive(M.Subtract(ratio, M.Constant(1e30)), far, M.Divide(M.Log1p(ratio), d));
            // Grows less than x: from or to infinity 0.
            secant = M.IfZero(M.Subtract(d, d), secant, M.Constant(0));
            return M.IfZero(d, M.Divide(M.Constant(1), x0), secant);
        }
    }
}
