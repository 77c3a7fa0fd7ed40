namespace Whence;

public static partial class Nn
{
    /// <inheritdoc cref="Ops.LeakyRelu"/>
    [Elementwise<Ops.LeakyRelu>]
    public static Tensor LeakyRelu(Tensor x, double slope = 0.01) => x.Map(new Ops.LeakyRelu(slope));
}

public static partial class Ops
{
    /// <summary>Leaky ReLU: x where positive, else a constant times x, also the slope at 0.</summary>
    public readonly struct LeakyRelu(double slope) : ISecant
    {
        /// <inheritdoc/>
        public V Value<V, M>(V x) where M : struct, IMath<V> => PRelu.Value<V, M>(x, M.Constant(slope));

        /// <inheritdoc/>
        public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => PRelu.Slope<V, M>(x, M.Constant(slope));

        /// <inheritdoc/>
        public V Secant<V, M>(V x, V x0, V y, V y0) where M : struct, IMath<V> => PRelu.Secant<V, M>(x, x0, M.Constant(slope));
    }
}
