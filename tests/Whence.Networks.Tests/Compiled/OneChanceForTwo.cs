namespace Whence.Networks.Tests.Compiled;

/// <summary>Weights by chance serve any number of networks, whatever shapes their layers of one name have.</summary>
public sealed class OneChanceForTwo
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network]
        public sealed partial class Narrow
        {
            [Linear(2)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(3)] Tensor x) => Tanh(Fc(x));
        }

        [Network]
        public sealed partial class Broad
        {
            [Linear(5)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) => Tanh(Fc(x));
        }
        """));

    [Fact]
    public void EachIsAsIfAlone()
    {
        using var shared = Weights.Random(3);
        var (narrow, broad) = (networks.Value.Network("Narrow").Load(shared), networks.Value.Network("Broad").Load(shared));
        float[] x = [0.5f, -1, 2, 0.25f];
        foreach (var (name, net) in new[] { ("Narrow", narrow), ("Broad", broad), ("Narrow", narrow) })
        {
            var row = x.AsSpan(0, net.Signature.InputSize).ToArray();
            var alone = networks.Value.Network(name).Load(Weights.Random(3)).Compiled.Predict(row);
            Assert.Equal(alone, net.Compiled.Predict(row));
            var eager = net.Eager([.. row.Select(value => (double)value)]);
            Assert.All(eager.Zip(alone), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }
}
