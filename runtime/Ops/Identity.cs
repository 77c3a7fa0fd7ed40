namespace Whence;

/// <summary>The functions of one number: activations and what else is applied element by element.</summary>
public static partial class Ops
{
    /// <summary>x itself: the epilogue of a product after which nothing follows.</summary>
    [ElementwiseTraits(FiniteSlope = true)]
    public readonly struct Identity : ISecant
    {
        /// <inheritdoc/>
        public V Value<V, M>(V x) where M : struct, IMath<V> => x;

        /// <inheritdoc/>
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Constant(1);

        /// <inheritdoc/>
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V> => M.Constant(1);
    }
}
