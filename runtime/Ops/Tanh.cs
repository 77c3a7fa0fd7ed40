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
            // tanh(x) = 2 sigmoid(2x) - 1.
            var (low, high) = (M.Min(x, x0), M.Max(x, x0));
            var (low2, high2) = (M.Add(low, low), M.Add(high, high));
            return M.Multiply(M.Constant(4), Sigmoid.Between<V, M>(low2, default(Sigmoid).Value<V, M>(high2), M.Subtract(high2, low2)));
        }
    }
}
