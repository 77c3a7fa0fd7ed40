using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.GeluTanh"/>
    [Elementwise<Ops.GeluTanh>]
    public static Tensor GeluTanh(Tensor x) => x.Map<Ops.GeluTanh>();
}

public static partial class Ops
{
    /// <summary>
    /// Gaussian error linear unit in its tanh form (Hendrycks and Gimpel 2016): x/2 (1 + tanh(u)), u = sqrt(2/pi) (x + 0.044715 x^3).
    /// </summary>
    [ElementwiseTraits(FiniteSlope = true)]
    public readonly struct GeluTanh : ISecant
    {
        private const double Cubic = 0.044715;
        private const double TwiceRootTwoOverPi = 1.5957691216057308;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => Gated.Value<V, M>(x, Gate<V, M>(x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V>
        {
            // Far out the gate is flat, and a cube would overflow.
            var near = Bounded<V, M>(x);
            var inner = M.Multiply(M.Constant(TwiceRootTwoOverPi),
                M.MultiplyAdd(M.Constant(3 * Cubic), M.Multiply(near, near), M.Constant(1)));
            return M.MultiplyAdd(M.Multiply(near, inner), default(Sigmoid).Slope<V, M>(Twice<V, M>(x), y), Gate<V, M>(x));
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var (g, g0) = (Gate<V, M>(x), Gate<V, M>(x0));
            // Far out the gate is flat, and a cube would overflow.
            var (near, near0) = (Bounded<V, M>(x), Bounded<V, M>(x0));
            var squares = M.MultiplyAdd(near, near, M.MultiplyAdd(near, near0, M.Multiply(near0, near0)));
            var inner = M.Multiply(M.Constant(TwiceRootTwoOverPi), M.MultiplyAdd(M.Constant(Cubic), squares, M.Constant(1)));
            var distance = M.Multiply(M.Abs(M.Subtract(near, near0)), inner);
            var gate = M.Multiply(inner, Sigmoid.Between<V, M>(Twice<V, M>(M.Min(near, near0)), M.Max(g, g0), distance));
            // So far apart nothing cancels.
            gate = M.IfPositive(M.Subtract(M.Abs(M.Subtract(x, x0)), M.Constant(16)), Secants.Quotient<V, M>(g, g0, x, x0, gate), gate);
            return Gated.Secant<V, M>(x, x0, y, y0, g, g0, gate);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Bounded<V, M>(V x) where M : struct, IMath<V> => M.Max(M.Min(x, M.Constant(64)), M.Constant(-64));

        // (1 + tanh(u)) / 2 = sigmoid(2u), which keeps its digits where it is small.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Gate<V, M>(V x) where M : struct, IMath<V> => default(Sigmoid).Value<V, M>(Twice<V, M>(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Twice<V, M>(V x) where M : struct, IMath<V> =>
            M.Multiply(M.Multiply(M.Constant(TwiceRootTwoOverPi), x), M.MultiplyAdd(M.Constant(Cubic), M.Multiply(x, x), M.Constant(1)));
    }
}
