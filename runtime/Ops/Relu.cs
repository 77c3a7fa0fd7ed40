using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Relu"/>
    [Elementwise<Ops.Relu>]
    public static Tensor Relu(Tensor x) => x.Map<Ops.Relu>();
}

/// <summary>The elementwise functions: one text each for the eager run, every vector width and the tails.</summary>
public static partial class Ops
{
    /// <summary>Rectified linear unit: max(x, 0), with slope 0 at 0.</summary>
    [ElementwiseTraits(SlopeFromValue = true, Cheap = true, FiniteSlope = true, NotNegative = true)]
    public readonly struct Relu : ISecant, IPiecewiseLinear
    {
        /// <inheritdoc/>
        public (double First, double Second) Kinks => (0, double.PositiveInfinity);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Max(x, M.Constant(0));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.IfPositive(x, M.Constant(1), M.Constant(0));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var (low, high) = (M.Min(x, x0), M.Max(x, x0));
            var across = Secants.Quotient<V, M>(high, M.Constant(0), high, low, M.Constant(1), M.Constant(1));
            return M.IfPositive(low, M.Constant(1), M.IfPositive(high, across, M.Constant(0)));
        }
    }
}
