namespace Whence.Networks.Tests.Compiled;

/// <summary>As a target "Fc.*" has the units of every call, one call after the other; a neuron is of one call.</summary>
public sealed class CallsAskedTogether
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients, Layers = ["Fc.1", "Fc.2", "Fc.*"])]
        public sealed partial class Siamese
        {
            [Linear(2)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(3)] Tensor a, [Shape(3)] Tensor b) => Tanh(Fc(a)) - Tanh(Fc(b));
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

    [Fact]
    public void ANeuronIsOfOneCall()
    {
        var error = Assert.Throws<ArgumentException>("layer",
            () => ((IIntegratedGradientsNetwork)net).NeuronConductance("Fc.*", 0, x, Target.Unit(0)));
        Assert.Contains("\"Fc.*\" is 2 calls of a layer", error.Message);
        Assert.Contains("\"Fc.1\"", error.Message);
        Assert.Contains("\"Fc.2\"", error.Message);
        Assert.Equal(6, ((IIntegratedGradientsNetwork)net).NeuronConductance("Fc.1", 0, x, Target.Unit(0)).Scores.Length);
    }

    private static float[] Gradient(Target target) => ((IGradientNetwork)net).Gradient(x, target).Scores.ToArray();
}
