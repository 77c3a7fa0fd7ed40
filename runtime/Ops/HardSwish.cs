using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.HardSwish"/>
    [Elementwise<Ops.HardSwish>]
    public static Tensor HardSwish(Tensor x) => x.Map<Ops.HardSwish>();

    /// <inheritdoc cref="Ops.HardSigmoid"/>
    [Elementwise<Ops.HardSigmoid>]
    public static Tensor HardSigmoid(Tensor x) => x.Map<Ops.HardSigmoid>();
}

public static partial class Ops
{
    /// <summary>
    /// (x + 3) / 6, but at least 0 and at most 1, as PyTorch's hardsigmoid has it (Howard et al., arXiv 1905.02244); the slope at -3
    /// and at 3 is 0.</summary>
    [ElementwiseTraits(FiniteSlope = true, Bounded = true, NotNegative = true)]
    public readonly struct HardSigmoid : ISecant, IPiecewiseLinear
    {
        private const double Sixth = 1.0 / 6;

        /// <inheritdoc/>
        public (double First, double Second) Kinks => (-3, 3);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(M.Constant(Sixth), M.Add(Held<V, M>(x), M.Constant(3)));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> =>
            M.IfPositive(M.Subtract(M.Constant(3), M.Abs(x)), M.Constant(Sixth), M.Constant(0));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            // Of numbers that were not rounded before.
            var d = M.Subtract(x, x0);
            var moved = M.Divide(M.Subtract(Held<V, M>(x), Held<V, M>(x0)), d);
            return M.IfZero(d, Slope<V, M>(x0, y0), M.Multiply(M.Constant(Sixth), moved));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Held<V, M>(V x) where M : struct, IMath<V> => M.Min(M.Max(x, M.Constant(-3)), M.Constant(3));
    }

    /// <summary>x times its <see cref="HardSigmoid"/>, as PyTorch's hardswish has it (Howard et al., arXiv 1905.02244).</summary>
    [ElementwiseTraits(FiniteSlope = true)]
    public readonly struct HardSwish : ISecant
    {
        private static HardSigmoid Gate => default;

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
