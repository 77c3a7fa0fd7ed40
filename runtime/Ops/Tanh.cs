using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Tanh"/>
    [Elementwise<Ops.Tanh>]
    public static Tensor Tanh(Tensor x) => x.Map<Ops.Tanh>();
}

public static partial class Ops
{
    /// <summary>Hyperbolic tangent.</summary>
    [ElementwiseTraits(FiniteSlope = true, Bounded = true)]
    public readonly struct Tanh : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Tanh(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> =>
            M.Multiply(M.Constant(4), default(Sigmoid).Slope<V, M>(M.Add(x, x), y));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            // tanh(x) = 2 sigmoid(2x) - 1, whose secant is 4 sigmoid(2 high) sigmoid(-2 low) (1 - e^-2d) / 2d; 2d may overflow.
            var (low, high) = (M.Min(x, x0), M.Max(x, x0));
            var d = M.Subtract(high, low);
            var ends = M.Multiply(default(Sigmoid).Value<V, M>(M.Add(high, high)),
                default(Sigmoid).Value<V, M>(M.Negate(M.Add(low, low))));
            var decay = M.IfZero(d, M.Constant(2), M.Divide(M.Negate(M.Expm1(M.Negate(M.Add(d, d)))), d));
            return M.Multiply(M.Constant(2), M.Multiply(ends, decay));
        }
    }
}
