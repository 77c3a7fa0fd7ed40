using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Softplus"/>
    [Elementwise<Ops.Softplus>]
    public static Tensor Softplus(Tensor x) => x.Map<Ops.Softplus>();
}

public static partial class Ops
{
    /// <summary>Softplus: log(1 + e^x), with no threshold above which it becomes x.</summary>
    [ElementwiseTraits(FiniteSlope = true, NotNegative = true)]
    public readonly struct Softplus : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> =>
            M.Add(M.Max(x, M.Constant(0)), M.Log1p(M.Exp(M.Negate(M.Abs(x)))));

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => default(Sigmoid).Value<V, M>(x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V>
        {
            // softplus(x) = x + softplus(-x), so a pair with a positive middle is 1 less the secant of its mirror image.
            var middle = M.Add(x, x0);
            var low = M.IfPositive(middle, M.Negate(M.Max(x, x0)), M.Min(x, x0));
            var high = M.IfPositive(middle, M.Negate(M.Min(x, x0)), M.Max(x, x0));
            var secant = BelowZero<V, M>(low, high);
            secant = M.IfPositive(middle, M.Subtract(M.Constant(1), secant), secant);
            return M.IfZero(M.Subtract(x, x0), default(Sigmoid).Value<V, M>(x0), secant);
        }

        // For low + high <= 0: softplus(high) - softplus(low) = max(high, 0) + log1p(e^-|high| (1 - e^-t) / (1 + e^low)),
        // t = -low - |high|. No term is negative, so no digits are lost.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V BelowZero<V, M>(V low, V high) where M : struct, IMath<V>
        {
            var mirrored = M.Abs(high);
            var rise = M.Negate(M.Expm1(M.Add(low, mirrored)));
            var ratio = M.Divide(M.Multiply(M.Exp(M.Negate(mirrored)), rise), M.Add(M.Constant(1), M.Exp(low)));
            return M.Divide(M.Add(M.Max(high, M.Constant(0)), M.Log1p(ratio)), M.Subtract(high, low));
        }
    }
}
