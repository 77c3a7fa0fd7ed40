using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Gelu"/>
    [Elementwise<Ops.Gelu>]
    public static Tensor Gelu(Tensor x) => x.Map<Ops.Gelu>();
}

public static partial class Ops
{
    /// <summary>
    /// Gaussian error linear unit (Hendrycks and Gimpel 2016): x P(x), P the normal distribution, (1 + erf(x / sqrt 2)) / 2.
    /// </summary>
    [ElementwiseTraits(FiniteSlope = true)]
    public readonly struct Gelu : ISecant
    {
        private const double RootHalf = 0.70710678118654752;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => Gated.Value<V, M>(x, Gate<V, M>(x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => 
            Gated.Slope<V, M>(x, Gate<V, M>(x), Normal.Density<V, M>(x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var (g, g0) = (Gate<V, M>(x), Gate<V, M>(x0));
            var d = M.Subtract(x, x0);
            var quotient = Secants.Quotient<V, M>(g, g0, x, x0, g0);
            var near = Normal.MeanDensity<V, M>(M.MultiplyAdd(M.Constant(0.5), d, x0), M.Multiply(M.Constant(0.5), d));
            var gate = M.IfPositive(M.Subtract(M.Abs(d), M.Constant(1)), quotient, near);
            return Gated.Secant<V, M>(x, x0, y, y0, g, g0, gate);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Gate<V, M>(V x) where M : struct, IMath<V> =>
            // 1 + erf would cancel where both are near.
            M.Multiply(M.Constant(0.5), M.Erfc(M.Multiply(M.Constant(-RootHalf), x)));
    }
}
