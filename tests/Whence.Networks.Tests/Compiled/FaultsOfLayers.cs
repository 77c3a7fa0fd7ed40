namespace Whence.Networks.Tests.Compiled;

/// <summary>Where a path between a layer's values meets no value, or no slope, the operator above it and the element are named.</summary>
public sealed class FaultsOfLayers
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients, Layers = ["asked"])]
        public sealed partial class Quotients
        {
            public Tensor Forward([Shape(2, 3)] Tensor x)
            {
                var asked = x * 2;
                return Flatten(Reciprocal(asked));
            }
        }

        [Network(Explain = Methods.IntegratedGradients, Layers = ["asked"])]
        public sealed partial class Roots
        {
            [Conv1d(2, kernel: 1)] private partial Tensor Fold(Tensor x);

            public Tensor Forward([Shape(2, 4)] Tensor x)
            {
                var asked = Fold(x) * 0 + x;
                return Flatten(Sqrt(asked * asked * asked * asked * asked + 1));
            }
        }

        [Network(Explain = Methods.IntegratedGradients, Layers = ["squares"])]
        public sealed partial class Lengths
        {
            public Tensor Forward([Shape(3, 2)] Tensor x)
            {
                var squares = Sum(Square(x), 1);
                return Sum(Sqrt(squares), 0);
            }
        }
        """));

    // A root is infinitely steep for a neuron that stays at 0: nothing goes through what does not move.
    [Theory]
    [InlineData(Quadrature.Left)]
    [InlineData(Quadrature.Midpoint)]
    [InlineData(Quadrature.Trapezoid)]
    public void ANeuronThatDoesNotMoveConductsNothing(Quadrature quadrature)
    {
        var net = networks.Value.Network("Lengths").Load(Weights.Random(1)).Compiled;
        float[] x = [3, 4, 1, 0, 0, 0], scores = new float[6];
        var options = new PathOptions { Quadrature = quadrature, Steps = 40 };
        SpanExplainers.NeuronConductance<float>(net, "squares", 2, x, 1, Target.Unit(0), new float[6], scores, options: options);
        Assert.Equal(new float[6], scores);
        SpanExplainers.NeuronConductance<float>(net, "squares", 1, x, 1, Target.Unit(0), new float[6], scores, options: options);
        Assert.Equal(1, scores[2], 2e-2f);
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.InternalInfluence<float>(
            net, "squares", x, 1, Target.Unit(0), new float[6], new float[3], options: options));
        // Where the path begins every root is infinitely steep, and is taken a little further on; the one that stays is so everywhere.
        Assert.Contains("Sqrt(squares) at element [2] is infinitely steep", error.Message, StringComparison.Ordinal);
    }

    // Half way the layer's element is 0.
    [Fact]
    public void AQuotientWithoutAValueIsNamed()
    {
        var net = networks.Value.Network("Quotients").Load(Weights.Random(1)).Compiled;
        float[] x = [2, 2, 2, 2, 2, 2], x0 = [2, 2, 2, 2, -2, 2];
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.LayerIntegratedGradients<float>(
            net, "asked", x, 1, Target.Unit(4), x0, new float[6], options: new PathOptions { Steps = 5 }));
        Assert.Equal([1, 1], error.Fault!.Index);
        Assert.True(double.IsInfinity(error.Fault.Value));
        Assert.Contains("Reciprocal(asked) at element [1, 1]", error.Message, StringComparison.Ordinal);
        Assert.Contains("alpha = 0.5 between asked of the reference and of input 0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("overflow", error.Message, StringComparison.Ordinal);
    }

    // The layer lies channels last, and is -1 at one element of the first channel, beyond the reference.
    [Fact]
    public void ARootThatIsInfinitelySteepIsNamed()
    {
        var net = networks.Value.Network("Roots").Load(Weights.Random(1)).Compiled;
        float[] x = [1, 1, 1, 1, 1, 1, 1, 1], x0 = [1, 1, 0, 1, 1, 1, 1, 1];
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.LayerIntegratedGradients<float>(
            net, "asked", x, 1, Target.Unit(2), x0, new float[8], options: new PathOptions { Points = new PathPoints([-1]) }));
        Assert.Equal([0, 2], error.Fault!.Index);
        Assert.Contains("is infinitely steep for the point alpha = -1 between asked of the reference", error.Message,
            StringComparison.Ordinal);
    }
}
