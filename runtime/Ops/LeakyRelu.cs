using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.LeakyRelu"/>
    [Elementwise<Ops.LeakyRelu>]
    public static Tensor LeakyRelu(Tensor x, double slope = 0.01) => x.Map(new Ops.LeakyRelu(slope));
}

public static partial class Ops
{
    /// <summary>Leaky ReLU: x where positive, else a constant times x, also the slope at 0.</summary>
    [ElementwiseTraits(Cheap = true, FiniteSlope = true)]
    public readonly struct LeakyRelu(double slope) : ISecant, IPiecewiseLinear
    {
        /// <inheritdoc/>
        public (double First, double Second) Kinks => (0, double.PositiveInfinity);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> =>
            // 0 times minus infinity would be no number.
            slope == 0 ? M.Max(x, M.Constant(0)) : M.IfPositive(x, x, M.Multiply(M.Constant(slope), x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.IfPositive(x, M.Constant(1), M.Constant(slope));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var (low, high) = (M.Min(x, x0), M.Max(x, x0));
            var far = M.IfPositive(M.Add(low, high), M.Constant(1), M.Constant(slope));
            var across = Secants.Quotient<V, M>(y, y0, x, x0, M.Constant(1), far);
            return M.IfPositive(low, M.Constant(1), M.IfPositive(high, across, M.Constant(slope)));
        }
    }
}
