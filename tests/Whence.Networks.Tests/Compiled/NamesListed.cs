namespace Whence.Networks.Tests.Compiled;

/// <summary>Whatever name a signature lists is taken by every call that takes names of its kind.</summary>
public sealed class NamesListed
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["Fc.1", "Fc.*", "hidden", "block.Inner"])]
        public sealed partial class Listed
        {
            private readonly Block block = new();
            [Linear(4)] private partial Tensor Fc(Tensor x);

            public (Tensor first, Tensor output) Forward([Shape(4, 6)] Tensor letters, [Mask(4)] Tensor known, [Shape(2, 4)] Tensor others)
            {
                var hidden = Relu(Fc(Mean(letters, 1)) + Fc(Mean(others, 0)));
                return (Softmax(block.Forward(hidden * known)), Sigmoid(hidden));
            }
        }

        [Network]
        public sealed partial class Block
        {
            [Linear(3)] private partial Tensor Inner(Tensor x);
            public Tensor Forward(Tensor x) => Inner(x);
        }

        """));

    private static readonly INetwork net = networks.Value.Network("Listed").Load(Weights.Random(4)).Compiled;

    private static readonly float[] x = [.. Laws.Draw(1, net.Signature.InputSize).Select(v => (float)v)];

    [Fact]
    public void LayersAreTakenByTargetsAndByEveryMethodOfALayer()
    {
        Assert.Equal(["Fc.1", "Fc.*", "hidden", "block.Inner"], net.Signature.Layers.Select(layer => layer.Name));
        var (integrated, rescaled) = ((IIntegratedGradientsNetwork)net, (IDeepLiftNetwork)net);
        var gradients = (IGradientNetwork)net;
        var target = Target.Unit(1);
        foreach (var layer in net.Signature.Layers)
        {
            var name = layer.Name;
            var each = layer.Calls == 1 ? layer.Shape.Size : layer.Shape.Size / layer.Calls;
            Assert.Equal(net.Signature.InputSize, gradients.Gradient(x, Target.Layer(name, 0)).Scores.Length);
            Assert.Equal(net.Signature.InputSize,
                gradients.Gradient(x, Target.LayerWeights(name, new double[layer.Shape.Size])).Scores.Length);
            Assert.Equal(each, rescaled.LayerDeepLift(name, x, target).Scores.Length);
            Assert.Equal(each, integrated.LayerIntegratedGradients(name, x, target).Scores.Length);
            Assert.Equal(each, integrated.Conductance(name, x, target).Scores.Length);
            Assert.Equal(each, integrated.InternalInfluence(name, x, target).Scores.Length);
            Assert.Equal(net.Signature.InputSize, integrated.NeuronConductance(name, each - 1, x, target).Scores.Length);
            Assert.Throws<ArgumentOutOfRangeException>("unit", () => integrated.NeuronConductance(name, each, x, target));
        }
    }

    [Fact]
    public void OutputsAreTakenByOfAndNoLayer()
    {
        foreach (var output in net.Signature.Outputs)
        {
            Assert.NotNull(((IGradientNetwork)net).Gradient(x, Target.Unit(0).Of(output.Name)));
            Assert.NotNull(((IGradientNetwork)net).Gradient(x, Target.Unit(0).Of(output.Name).OfOutput()));
            var refused = Assert.Throws<ArgumentException>(() => ((IGradientNetwork)net).Gradient(x, Target.Layer(output.Name, 0)));
            Assert.Contains($"say Target.Unit(0).Of(\"{output.Name}\")", refused.Message);
        }
    }

    [Fact]
    public void InputsAreTakenByWindowsAndMutagenesisUnlessTheyAreHeld()
    {
        foreach (var input in net.Signature.Inputs)
        {
            int[] sizes = [.. Enumerable.Repeat(100, input.Shape.Rank)];
            Attribution Occluded() => net.Occlusion(new SlidingWindow(sizes, null, input.Name), x, Target.Unit(0));
            if (input.IsMask)
                Assert.Contains("to change, not \"known\"", Assert.Throws<ArgumentException>(Occluded).Message);
            else
                Assert.Equal(net.Signature.InputSize, Occluded().Scores.Length);
            if (!input.IsMask)
                Assert.NotNull(net.Mutagenesis(x, Target.Unit(0), new() { Input = input.Name, Letters = 1 }));
        }
    }

    /// <summary>What a position held before is of no account: no letter, or shares of several.</summary>
    [Fact]
    public void ALetterTakesThePlaceOfWhateverIsThere()
    {
        var at = Target.Unit(1);
        var scores = net.Mutagenesis(x, at).Scores.ToArray();
        for (var letter = 0; letter < 4; letter++)
        {
            float[] mutant = [.. x];
            for (var other = 0; other < 4; other++)
                mutant[other * 6 + 2] = other == letter ? 1 : 0;
            var change = ((IGradientNetwork)net).Gradient(mutant, at).Output - ((IGradientNetwork)net).Gradient(x, at).Output;
            Assert.Equal(change, scores[letter * 6 + 2], 1e-6);
        }
    }
}
