using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.ReciprocalSqrt"/>
    [Elementwise<Ops.ReciprocalSqrt>]
    public static Tensor ReciprocalSqrt(Tensor x) => x.Map<Ops.ReciprocalSqrt>();
}

public static partial class Ops
{
    /// <summary>1 / sqrt(x); NaN below 0, infinite at 0.</summary>
    [ElementwiseTraits(Arithmetic = true, Partial = true)]
    public readonly struct ReciprocalSqrt : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Divide(M.Constant(1), M.Sqrt(x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Multiply(M.Constant(-0.5), M.Multiply(y, M.Multiply(y, y)));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var product = M.Multiply(y, y0);
            return M.Negate(M.Multiply(product, M.Divide(product, M.Add(y, y0))));
        }
    }
}
