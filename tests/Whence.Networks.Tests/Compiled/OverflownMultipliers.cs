namespace Whence.Networks.Tests.Compiled;

/// <summary>Where all values and slopes are finite and multipliers are not, the operator is named behind which they overflowed.</summary>
public sealed class OverflownMultipliers
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.Rescale, Layers = ["inner"])]
        public sealed partial class Steep
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var inner = Relu(1e25 * x + 1);
                return Softplus(1e25 * Softplus(inner)) + Tanh(x);
            }
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.Rescale, Layers = ["below"])]
        public sealed partial class SteepAbove
        {
            public Tensor Forward([Shape(2, 2)] Tensor x)
            {
                var below = Tanh(x + 0.5);
                var steep = 1e20 * Softplus(1e20 * below);
                return Sum(steep, 1) + Sum(x, 1);
            }
        }

        """));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void AreNamedByTheOperatorThatReadsTheInput(int unit)
    {
        var net = networks.Value.Network("Steep").Load(Weights.Random(1)).Compiled;
        float[] x = [1e-25f, 2e-25f, 3e-25f];
        foreach (var ask in new Action[]
        {
            () => SpanExplainers.Gradient(net, x, 1, Target.Unit(unit), new float[3]),
            () => SpanExplainers.IntegratedGradients(net, x, 1, Target.Unit(unit), default, new float[3]),
            () => SpanExplainers.DeepLift(net, x, 1, Target.Unit(unit), Rule.Rescale, default, new float[3]),
        })
        {
            var error = Assert.Throws<NonFiniteException>(ask);
            Assert.Contains("overflowed on the way back through 1e25 * x", error.Message, StringComparison.Ordinal);
            Assert.Equal([unit], error.Fault!.Index);
        }
        // What the inner layer is asked about has finite multipliers.
        var layer = new float[3];
        SpanExplainers.LayerDeepLift<float>(net, "inner", x, 1, Target.Unit(unit), Rule.Rescale, new float[3], layer);
        Assert.True(layer[unit] != 0);
    }

    [Fact]
    public void AreNamedByTheOperatorWithinTheNetwork()
    {
        var net = networks.Value.Network("SteepAbove").Load(Weights.Random(1)).Compiled;
        float[] x = [-0.5f, 2, -0.5f, -3];
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.Gradient(net, x, 1, Target.Unit(1), new float[4]));
        Assert.Contains("overflowed on the way back through 1e20 * below at element [1, 0]", error.Message, StringComparison.Ordinal);
        Assert.Throws<NonFiniteException>(() => SpanExplainers.LayerGradient(net, "below", x, 1, Target.Unit(1), new float[4]));
    }
}
