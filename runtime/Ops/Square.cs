using System.Runtime.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.Square"/>
    [Elementwise<Ops.Square>]
    public static Tensor Square(Tensor x) => x.Map<Ops.Square>();
}

public static partial class Ops
{
    /// <summary>x * x.</summary>
    [ElementwiseTraits(Arithmetic = true, FiniteSlope = true, NotNegative = true)]
    public readonly struct Square : ISecant
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(x, x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Add(x, x);

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V> => M.Add(x, x0);
    }
}
