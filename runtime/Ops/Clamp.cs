using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Clamp"/>
    [Elementwise<Ops.Clamp>]
    public static Tensor Clamp(Tensor x, double min, double max) => x.Map(new Ops.Clamp(min, max));
}

public static partial class Ops
{
    /// <summary>x, but at least min and at most max; the slope at both is 1. Where min exceeds max it is max, as in PyTorch.</summary>
    [ElementwiseTraits(FiniteSlope = true)]
    public readonly struct Clamp(double min, double max) : ISecant, IPiecewiseLinear
    {
        /// <inheritdoc/>
        public (double First, double Second) Kinks => min <= max ? (min, max) : (double.PositiveInfinity, double.PositiveInfinity);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Min(M.Max(x, M.Constant(min)), M.Constant(max));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> =>
            M.IfPositive(M.Subtract(M.Constant(min), x), M.Constant(0),
                M.IfPositive(M.Subtract(x, M.Constant(max)), M.Constant(0), M.Constant(1)));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            // Both differences are of numbers that were not rounded before.
            return Secants.Quotient<V, M>(y, y0, x, x0, Slope<V, M>(x0, y0), M.Constant(1));
        }
    }
}
