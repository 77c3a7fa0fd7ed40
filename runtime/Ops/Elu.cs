using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Elu"/>
    [Elementwise<Ops.Elu>]
    public static Tensor Elu(Tensor x, double alpha = 1) => x.Map(new Ops.Elu(alpha));
}

public static partial class Ops
{
    /// <summary>Exponential linear unit (Clevert et al. 2015): x where positive, else alpha (e^x - 1).</summary>
    [ElementwiseTraits(FiniteSlope = true)]
    public readonly struct Elu(double alpha) : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> =>
            M.IfPositive(x, x, M.Multiply(M.Constant(alpha), M.Expm1(M.Min(x, M.Constant(0)))));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> =>
            M.IfPositive(x, M.Constant(1), M.Multiply(M.Constant(alpha), M.Exp(M.Min(x, M.Constant(0)))));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var (low, high) = (M.Min(x, x0), M.Max(x, x0));
            var d = M.Subtract(high, low);
            var below = M.Multiply(M.Multiply(M.Constant(alpha), M.Exp(M.Min(high, M.Constant(0)))), Secants.Decay<V, M>(d));
            var across = Secants.Quotient<V, M>(y, y0, x, x0, M.Constant(1), M.Constant(1));
            return M.IfPositive(low, M.Constant(1), M.IfPositive(high, across, below));
        }
    }
}
