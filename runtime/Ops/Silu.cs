using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Silu"/>
    [Elementwise<Ops.Silu>]
    public static Tensor Silu(Tensor x) => x.Map<Ops.Silu>();
}

public static partial class Ops
{
    /// <summary>Sigmoid linear unit, also called Swish: x sigmoid(x).</summary>
    [ElementwiseTraits(FiniteSlope = true)]
    public readonly struct Silu : ISecant
    {
        private static Sigmoid Gate => default;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => Gated.Value<V, M>(x, Gate.Value<V, M>(x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> =>
            Gated.Slope<V, M>(x, Gate.Value<V, M>(x), Gate.Slope<V, M>(x, y));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var (g, g0) = (Gate.Value<V, M>(x), Gate.Value<V, M>(x0));
            return Gated.Secant<V, M>(x, x0, y, y0, g, g0, Gate.Secant<V, M>(x, x0, g, g0));
        }
    }
}
