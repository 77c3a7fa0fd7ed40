using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Exp"/>
    [Elementwise<Ops.Exp>]
    public static Tensor Exp(Tensor x) => x.Map<Ops.Exp>();
}

public static partial class Ops
{
    /// <summary>e^x.</summary>
    [ElementwiseTraits(FiniteSlope = true, NotNegative = true)]
    public readonly struct Exp : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Exp(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => y;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var larger = M.Max(y, y0);
            var secant = M.Multiply(larger, Secants.Decay<V, M>(M.Abs(M.Subtract(x, x0))));
            return M.IfZero(M.Subtract(larger, larger), secant, larger);
        }
    }
}
