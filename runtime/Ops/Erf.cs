using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Erf"/>
    [Elementwise<Ops.Erf>]
    public static Tensor Erf(Tensor x) => x.Map<Ops.Erf>();
}

public static partial class Ops
{
    /// <summary>The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.</summary>
    [ElementwiseTraits(FiniteSlope = true, Bounded = true)]
    public readonly struct Erf : ISecant
    {
        private const double Root = 1.4142135623730951;
        private const double SlopeAtZero = 1.1283791670955126;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Erf(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V>
        {
            // exp(-x^2), with what the square is rounded by: of a large square that is many units of its exponential.
            // Farther out it is 0, and the square of an infinite x would have no rounding.
            var near = M.Max(M.Constant(-40), M.Min(M.Constant(40), x));
            var square = M.Multiply(near, near);
            var rounded = M.Max(M.Constant(-1), M.Min(M.Constant(1), M.MultiplyAdd(near, near, M.Negate(square))));
            var density = M.Exp(M.Negate(square));
            return M.Multiply(M.Constant(SlopeAtZero), M.Subtract(density, M.Multiply(density, rounded)));
        }

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var d = M.Subtract(x, x0);
            // Where both are near 1, or near -1, what they lack of it is exact: erf(x) - erf(x0) = erfc(x0) - erfc(x).
            var above = M.Subtract(M.Erfc(x0), M.Erfc(x));
            var below = M.Subtract(M.Erfc(M.Negate(x)), M.Erfc(M.Negate(x0)));
            var far = M.IfPositive(M.Min(x, x0), above, M.IfPositive(M.Negate(M.Max(x, x0)), below, M.Subtract(y, y0)));
            // erf(x) = 2 P(sqrt(2) x) - 1, P the normal distribution.
            var near = M.Multiply(M.Constant(2 * Root), Normal.MeanDensity<V, M>(
                M.Multiply(M.Constant(Root), M.MultiplyAdd(M.Constant(0.5), d, x0)), M.Multiply(M.Constant(0.5 * Root), d)));
            // The further out, the sooner the quotient is exact.
            var reach = M.Multiply(M.Abs(d), M.Add(M.Constant(1), M.Add(M.Abs(x), M.Abs(x0))));
            var apart = M.IfPositive(M.Subtract(reach, M.Constant(0.5)), M.Divide(far, d), near);
            return M.IfZero(d, Slope<V, M>(x0, y0), apart);
        }
    }
}
