namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// As a target "Fc.*" has the units of every call, one call after the other; a neuron is a unit of one call, and scores are summed over the
/// calls.
/// </summary>
public sealed class CallsAskedTogether
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients, Layers = ["Fc.1", "Fc.2", "Fc.*"])]
        public sealed partial class Siamese
        {
            [Linear(2)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(3)] Tensor a, [Shape(3)] Tensor b) => Tanh(Fc(a)) - Tanh(Fc(b));
        }

        // A root is infinitely steep at an end of the path: rows are asked about one by one.
        [Network(Explain = Methods.IntegratedGradients, Layers = ["Fc.1", "Fc.2", "Fc.*"])]
        public sealed partial class Roots
        {
            [Conv1d(3, kernel: 2)] private partial Tensor Fc(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(2, 4)] Tensor a, [Shape(2, 4)] Tensor b) =>
                Head(Flatten(Fc(Sqrt(a)) * Tanh(Fc(Sqrt(b)))));
        }

        """));

    private static readonly INetwork net = networks.Value.Network("Siamese").Load(Weights.Random(4)).Compiled;

    private static readonly float[] x = [.. Laws.Draw(1, 6).Select(v => (float)v)];

    [Fact]
    public void ATargetCountsTheUnitsOfEveryCall()
    {
        foreach (var unit in new[] { 0, 1 })
        {
            Assert.Equal(Gradient(Target.Layer("Fc.1", unit)), Gradient(Target.Layer("Fc.*", unit)));
            Assert.Equal(Gradient(Target.Layer("Fc.2", unit)), Gradient(Target.Layer("Fc.*", 1, unit)));
            Assert.Equal(Gradient(Target.Layer("Fc.2", unit)), Gradient(Target.Layer("Fc.*", 2 + unit)));
        }
        var (one, two) = (Gradient(Target.Layer("Fc.1", 1)), Gradient(Target.Layer("Fc.2", 1)));
        Assert.All(Gradient(Target.LayerWeights("Fc.*", 0, 1, 0, 1)), (score, i) => Assert.Equal(one[i] + two[i], score, 1e-6f));
    }

    [Theory]
    [InlineData("Siamese", Quadrature.Midpoint)]
    [InlineData("Siamese", Quadrature.GaussLegendre)]
    [InlineData("Roots", Quadrature.Midpoint)]
    [InlineData("Roots", Quadrature.Trapezoid)]
    public void ANeuronOfAllCallsIsTheSumOverThem(string name, Quadrature quadrature)
    {
        var network = networks.Value.Network(name).Load(Weights.Random(4)).Compiled;
        var (size, count) = (network.Signature.InputSize, 3);
        float[] inputs = [.. Laws.Draw(2, count * size).Select(v => (float)Math.Abs(v))];
        float[] references = [.. Laws.Draw(3, 2 * size).Select(v => (float)Math.Max(v, 0))];
        var options = new PathOptions { Steps = 30, Quadrature = quadrature };
        var units = network.Signature.Layers[^1].Shape.Size / 2;
        foreach (var targets in new Target[][] { [Target.Unit(1)], [Target.Unit(0), Target.Difference(1, 0), Target.Unit(1)] })
        {
            var total = new double[targets.Length * count, units];
            for (var unit = 0; unit < units; unit++)
            {
                var (one, two, all) = (Ask("Fc.1"), Ask("Fc.2"), Ask("Fc.*"));
                var scale = one.Concat(two).Max(Math.Abs);
                Assert.All(all, (score, i) => Assert.Equal(one[i] + two[i], score, 1e-6 * scale));
                for (var i = 0; i < all.Length; i++)
                    total[i / size, unit] += all[i];
                float[] Ask(string layer)
                {
                    var scores = new float[targets.Length * count * size];
                    SpanExplainers.NeuronConductance(network, layer, unit, inputs, count, Targets.Each(targets),
                        References.Several(references, 2), scores, options);
                    return scores;
                }
            }
            Assert.Contains(total.Cast<double>(), score => score != 0);
            if (name == "Roots")
                continue;
            // A path's own sum over the layer differs from that over the inputs by the quadrature alone, which for roots is slow.
            var conductance = new float[total.Length];
            SpanExplainers.Conductance(network, "Fc.*", inputs, count, Targets.Each(targets), References.Several(references, 2),
                conductance, options);
            for (var i = 0; i < conductance.Length; i++)
                Assert.Equal(conductance[i], total[i / units, i % units], 2e-3);
        }
    }

    [Fact]
    public void ANeuronIsAUnitOfOneCall()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("unit",
            () => ((IIntegratedGradientsNetwork)net).NeuronConductance("Fc.*", 2, x, Target.Unit(0)));
        Assert.Contains("Layer Fc.* [2] has 2 units in each call", error.Message);
    }

    private static float[] Gradient(Target target) => ((IGradientNetwork)net).Gradient(x, target).Scores.ToArray();
}
