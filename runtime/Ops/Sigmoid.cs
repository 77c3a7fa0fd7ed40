using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Sigmoid"/>
    [Elementwise<Ops.Sigmoid>]
    public static Tensor Sigmoid(Tensor x) => x.Map<Ops.Sigmoid>();
}

public static partial class Ops
{
    /// <summary>Logistic sigmoid: 1 / (1 + e^-x), small values exact too.</summary>
    [ElementwiseTraits(FiniteSlope = true, Bounded = true, NotNegative = true)]
    public readonly struct Sigmoid : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V>
        {
            var e = M.Exp(M.Negate(M.Abs(x)));
            return M.Divide(M.IfPositive(x, M.Constant(1), e), M.Add(M.Constant(1), e));
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V>
        {
            var e = M.Exp(M.Negate(M.Abs(x)));
            var p = M.Add(M.Constant(1), e);
            return M.Divide(e, M.Multiply(p, p));
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var (low, high) = (M.Min(x, x0), M.Max(x, x0));
            return Between<V, M>(low, M.Max(y, y0), M.Subtract(high, low));
        }

        // s(high) - s(low) = s(high) s(-low) (1 - e^-(high - low)): no difference of nearly equal numbers, whatever low and high.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static V Between<V, M>(V low, V valueAtHigh, V distance) where M : struct, IMath<V> =>
            M.Multiply(M.Multiply(valueAtHigh, default(Sigmoid).Value<V, M>(M.Negate(low))), Secants.Decay<V, M>(distance));
    }
}
