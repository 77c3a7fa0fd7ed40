using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Sqrt"/>
    [Elementwise<Ops.Sqrt>]
    public static Tensor Sqrt(Tensor x) => x.Map<Ops.Sqrt>();
}

public static partial class Ops
{
    /// <summary>The square root; NaN below 0, and infinitely steep at 0.</summary>
    [ElementwiseTraits(Arithmetic = true, Partial = true, NotNegative = true)]
    public readonly struct Sqrt : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Sqrt(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Divide(M.Constant(0.5), y);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V> => M.Divide(M.Constant(1), M.Add(y, y0));
    }
}
