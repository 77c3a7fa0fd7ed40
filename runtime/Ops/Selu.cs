using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Selu"/>
    [Elementwise<Ops.Selu>]
    public static Tensor Selu(Tensor x) => x.Map<Ops.Selu>();
}

public static partial class Ops
{
    /// <summary>Self-normalising exponential linear unit (Klambauer et al. 2017): 1.0507 times ELU with alpha = 1.6733.</summary>
    [ElementwiseTraits(FiniteSlope = true)]
    public readonly struct Selu : ISecant
    {
        private const double Scale = 1.0507009873554804934193349852946;

        private static Elu Unscaled => new(1.6732632423543772848170429916717);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(M.Constant(Scale), Unscaled.Value<V, M>(x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Multiply(M.Constant(Scale), Unscaled.Slope<V, M>(x, y));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var unscale = M.Constant(1 / Scale);
            return M.Multiply(M.Constant(Scale), Unscaled.Secant<V, M>(x, x0, M.Multiply(unscale, y), M.Multiply(unscale, y0)));
        }
    }
}
