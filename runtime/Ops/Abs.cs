using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Abs"/>
    [Elementwise<Ops.Abs>]
    public static Tensor Abs(Tensor x) => x.Map<Ops.Abs>();
}

public static partial class Ops
{
    /// <summary>|x|; its slope at 0 is 0.</summary>
    [ElementwiseTraits(FiniteSlope = true, NotNegative = true)]
    public readonly struct Abs : ISecant, IPiecewiseLinear
    {
        /// <inheritdoc/>
        public (double First, double Second) Kinks => (0, double.PositiveInfinity);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Abs(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y)
            where M : struct, IMath<V> => M.IfPositive(x, M.Constant(1), M.IfZero(x, M.Constant(0), M.Constant(-1)));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            // (x + x0) / (|x| + |x0|): 1 or -1 on one side of 0, and across it no difference of nearly equal numbers. The sums of halves
            // do not overflow.
            var (half, half0) = (M.Multiply(M.Constant(0.5), x), M.Multiply(M.Constant(0.5), x0));
            var sum = M.Add(M.Abs(half), M.Abs(half0));
            var far = M.IfPositive(M.Add(half, half0), M.Constant(1), M.Constant(-1));
            return M.IfZero(sum, M.Constant(0), M.IfZero(M.Subtract(sum, sum), M.Divide(M.Add(half, half0), sum), far));
        }
    }
}
