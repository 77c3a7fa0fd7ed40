using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Pow"/>
    /// <param name="x">The base, of any shape.</param>
    /// <param name="exponent">The exponent, a constant.</param>
    [Elementwise<Ops.Pow>]
    public static Tensor Pow(Tensor x, double exponent) => x.Map(new Ops.Pow(exponent));
}

public static partial class Ops
{
    /// <summary>
    /// x to a constant power. Whole exponents take any x; others x of at least 0, and are NaN below; negative ones are infinite at 0.
    /// Multiples of a quarter, up to 64, are taken by roots and products, and others by exp and log.
    /// </summary>
    [ElementwiseTraits(Arithmetic = true, Partial = true)]
    public readonly struct Pow(double exponent) : ISecant
    {
        // Beyond it a sum of that many terms costs more than an exponential and a logarithm.
        private const int MostFactors = 64;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => Power<V, M>(x, exponent);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> =>
            exponent == 0 ? M.Constant(0) : M.Multiply(M.Constant(exponent), Power<V, M>(x, exponent - 1));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            if (exponent == 0)
                return M.Constant(0);
            var near = Root(exponent) is var root && root > 0
                ? OfRoots<V, M>(Rooted<V, M>(x, root), Rooted<V, M>(x0, root), y, y0, root)
                : OfExponentials<V, M>(x, x0, y, y0);
            var middle = M.Add(M.Multiply(M.Constant(0.5), x), M.Multiply(M.Constant(0.5), x0));
            return M.IfZero(M.Subtract(middle, middle), near, AtInfinity<V, M>(middle));
        }

        // As x^(exponent - 1), from or to an infinite x.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V AtInfinity<V, M>(V x) where M : struct, IMath<V> =>
            exponent > 1
                ? exponent == 2 * Math.Truncate(0.5 * exponent) ? x : M.Abs(x)
                : M.Constant(exponent == 1 ? 1 : 0);

        // With r the root of x: r^k - r0^k over r^n - r0^n, where r - r0 divides both and what is left has no differences.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V OfRoots<V, M>(V r, V r0, V y, V y0, int root) where M : struct, IMath<V>
        {
            var factors = Factors(exponent);
            var quotient = Mixed<V, M>(r, r0, factors);
            if (root > 1)
            {
                var whole = Mixed<V, M>(r, r0, root);
                // Both sums are 0 at 0 and 0, where powers above 1 are flat and others infinitely steep.
                quotient = M.IfZero(whole, M.Constant(factors > root ? 0 : double.PositiveInfinity), M.Divide(quotient, whole));
            }
            if (exponent > 0)
                return quotient;
            // The smaller of the two first: the larger alone could overflow.
            var order = M.Subtract(M.Abs(y), M.Abs(y0));
            return M.Negate(M.Multiply(M.Multiply(quotient, M.IfPositive(order, y0, y)), M.IfPositive(order, y, y0)));
        }

        // The larger power taken out: 1 - e^-(|e| log(high / low)) is left.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V OfExponentials<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            var d = M.Abs(M.Subtract(x, x0));
            var ratio = M.Divide(d, M.Min(x, x0));
            var log = M.Log1p(M.Min(ratio, M.Constant(1e30)));
            var left = M.Negate(M.Expm1(M.Multiply(M.Constant(-Math.Abs(exponent)), log)));
            var near = M.Multiply(M.Constant(exponent > 0 ? 1 : -1), M.Multiply(M.Max(y, y0), M.Divide(left, d)));
            var far = Secants.Quotient<V, M>(y, y0, x, x0, near);
            return M.IfZero(d, Slope<V, M>(x0, y0), M.IfPositive(M.Subtract(ratio, M.Constant(1e30)), far, near));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Power<V, M>(V x, double exponent) where M : struct, IMath<V>
        {
            var root = Root(exponent);
            if (root == 0)
                return Transcendental<V, M>(x, exponent);
            var power = Product<V, M>(Rooted<V, M>(x, root), Factors(exponent));
            return exponent >= 0 ? power : M.Divide(M.Constant(1), power);
        }

        // The whole part by products: an exponential magnifies the rounding of its argument. 0 log 0 would be NaN.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Transcendental<V, M>(V x, double exponent) where M : struct, IMath<V>
        {
            var size = Math.Abs(exponent);
            var whole = size <= MostFactors ? (int)size : 0;
            var rest = M.Exp(M.Multiply(M.Constant(size - whole), M.Log(x)));
            var power = M.IfZero(x, M.Constant(0), whole == 0 ? rest : M.Multiply(rest, Product<V, M>(x, whole)));
            return exponent >= 0 ? power : M.Divide(M.Constant(1), power);
        }

        /// <summary>The root of 1, 2 or 4 of which the power is a whole one; 0 if there is none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int Root(double exponent) =>
            Math.Abs(exponent) > MostFactors / 4 ? exponent == Math.Truncate(exponent) && Math.Abs(exponent) <= MostFactors ? 1 : 0 :
            exponent == Math.Truncate(exponent) ? 1 :
            2 * exponent == Math.Truncate(2 * exponent) ? 2 :
            4 * exponent == Math.Truncate(4 * exponent) ? 4 : 0;

        // Each way converts a constant: ILGPU leaves what is multiplied by the chosen root to the device, in double precision.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int Factors(double exponent) => Root(exponent) switch
        {
            1 => (int)Math.Abs(exponent),
            2 => (int)Math.Abs(2 * exponent),
            _ => (int)Math.Abs(4 * exponent),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Rooted<V, M>(V x, int root) where M : struct, IMath<V> =>
            root == 1 ? x : root == 2 ? M.Sqrt(x) : M.Sqrt(M.Sqrt(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Product<V, M>(V x, int factors) where M : struct, IMath<V>
        {
            if (factors <= 4)
                return Small<V, M>(x, factors);
            var (power, square) = (M.Constant(1), x);
            for (var left = factors; left > 0; left >>= 1)
            {
                if ((left & 1) > 0)
                    power = M.Multiply(power, square);
                if (left > 1)
                    square = M.Multiply(square, square);
            }
            return power;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Small<V, M>(V x, int factors) where M : struct, IMath<V> => factors switch
        {
            0 => M.Constant(1),
            1 => x,
            2 => M.Multiply(x, x),
            3 => M.Multiply(M.Multiply(x, x), x),
            _ => M.Multiply(M.Multiply(x, x), M.Multiply(x, x)),
        };

        /// <summary>The sum over i of a^i b^(n - 1 - i).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Mixed<V, M>(V a, V b, int n) where M : struct, IMath<V>
        {
            var (sum, power) = (M.Constant(1), M.Constant(1));
            for (var i = 1; i < n; i++)
            {
                power = M.Multiply(power, b);
                sum = M.MultiplyAdd(sum, a, power);
            }
            return sum;
        }
    }
}
