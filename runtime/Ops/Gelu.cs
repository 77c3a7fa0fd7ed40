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
    public readonly struct Gelu : ISecant
    {
        private const double RootHalf = 0.70710678118654752;
        private const double DensityAtZero = 0.39894228040143268;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(x, Gate<V, M>(x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.MultiplyAdd(x, Density<V, M>(x), Gate<V, M>(x));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var (g, g0) = (Gate<V, M>(x), Gate<V, M>(x0));
            var d = M.Subtract(x, x0);
            var quotient = M.Divide(M.Subtract(g, g0), d);
            var near = Mean<V, M>(M.MultiplyAdd(M.Constant(0.5), d, x0), M.Multiply(M.Constant(0.5), d));
            var gate = M.IfPositive(M.Subtract(M.Abs(d), M.Constant(1)), quotient, near);
            return Secants.OfProductWithX<V, M>(x, x0, y, y0, M.Add(M.Abs(y), M.Abs(y0)), g, g0, gate);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Gate<V, M>(V x) where M : struct, IMath<V> =>
            // 1 + erf would cancel where both are near.
            M.Multiply(M.Constant(0.5), M.Erfc(M.Multiply(M.Constant(-RootHalf), x)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Density<V, M>(V x) where M : struct, IMath<V> =>
            M.Multiply(M.Constant(DensityAtZero), M.Exp(M.Multiply(M.Constant(-0.5), M.Multiply(x, x))));

        // The mean density from middle - reach to middle + reach, for |reach| <= 1/2: its Taylor series about the middle, whose
        // even derivatives are Hermite polynomials, density(m) * sum of He_2k(m) reach^2k / (2k + 1)!, to k = 8.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Mean<V, M>(V middle, V reach) where M : struct, IMath<V>
        {
            var m = M.Max(M.Constant(-40), M.Min(M.Constant(40), middle));
            var squared = M.Multiply(reach, reach);
            var (even, odd) = (M.Constant(1), m);
            var (sum, power) = (M.Constant(1), M.Constant(1));
            Add<V, M>(2, m, squared, ref even, ref odd, ref power, ref sum);
            Add<V, M>(4, m, squared, ref even, ref odd, ref power, ref sum);
            Add<V, M>(6, m, squared, ref even, ref odd, ref power, ref sum);
            Add<V, M>(8, m, squared, ref even, ref odd, ref power, ref sum);
            Add<V, M>(10, m, squared, ref even, ref odd, ref power, ref sum);
            Add<V, M>(12, m, squared, ref even, ref odd, ref power, ref sum);
            Add<V, M>(14, m, squared, ref even, ref odd, ref power, ref sum);
            Add<V, M>(16, m, squared, ref even, ref odd, ref power, ref sum);
            return M.Multiply(Density<V, M>(middle), sum);
        }

        // From He_n-2 and He_n-1 to He_n and He_n+1, and the term of He_n.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<V, M>(int n, V m, V squared, ref V even, ref V odd, ref V power, ref V sum) where M : struct, IMath<V>
        {
            even = M.MultiplyAdd(m, odd, M.Multiply(M.Constant(1 - n), even));
            odd = M.MultiplyAdd(m, even, M.Multiply(M.Constant(-n), odd));
            power = M.Multiply(power, M.Multiply(squared, M.Constant(1.0 / (n * (n + 1)))));
            sum = M.MultiplyAdd(power, even, sum);
        }
    }
}
