using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Reciprocal"/>
    [Elementwise<Ops.Reciprocal>]
    public static Tensor Reciprocal(Tensor x) => x.Map<Ops.Reciprocal>();
}

public static partial class Ops
{
    /// <summary>1 / x.</summary>
    [ElementwiseTraits(Arithmetic = true, Partial = true)]
    public readonly struct Reciprocal : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Divide(M.Constant(1), x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Negate(M.Multiply(y, y));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V> => M.Negate(M.Multiply(y, y0));
    }
}
