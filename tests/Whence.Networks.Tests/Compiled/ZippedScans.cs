namespace Whence.Networks.Tests.Compiled;

/// <summary>One scan over several sequences side by side.</summary>
public sealed class ZippedScans
{
    private const string Cells = """
            [GruCell(4)] private partial Tensor Step(Tensor x, Tensor h);
            [Linear(4)] private partial Tensor Gate(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            private Tensor Read(Tensor first, Tensor second, Tensor third)
            {
                var h = Constant(0.5, -1, 0.25, 0.75);
                var states = new System.Collections.Generic.List<Tensor>();
                foreach (var (a, b, c) in Zip(first, second, third))
                {
                    h = Step(a, h * Sigmoid(Gate(b)));
                    states.Add(h * c);
                }
                var s = Zeros(4);
                foreach (var pair in Zip(Stack(states), first))
                    s = Tanh(s + pair.First * Gate(pair.Second));
                return Head(Concat(h, s));
            }
        """;

    private static string Text(string name, string tokens) => $$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.LrpEpsilon)]
        public sealed partial class {{name}}
        {
            [Embedding(20, 5)] private partial Tensor Words(Tensor text);
            [Embedding(20, 5)] private partial Tensor Marks(Tensor text);
            [Linear(4)] private partial Tensor Mix(Tensor x);
        {{Cells}}
            public Tensor Forward({{tokens}} Tensor text) => Read(Words(text), Marks(text), Tanh(Mix(Words(text))));
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile($$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.LrpEpsilon)]
        public sealed partial class Sequences
        {
        {{Cells}}
            public Tensor Forward([Shape(6, 5)] Tensor x, [Shape(6, 5)] Tensor y, [Shape(6, 4)] Tensor z) => Read(x, y, z);
        }

        {{Text("Varying", "[Tokens(7, Variable = true)]")}}{{Text("Fixed3", "[Tokens(3)]")}}
        """));

    [Fact]
    public void WalksAreTheInterpretersAndForwards()
    {
        var net = networks.Value.Network("Sequences").Load(Weights.Random(3));
        var x = Laws.Draw(1, 2 * net.Signature.InputSize);
        var references = Laws.Draw(2, 2 * net.Signature.InputSize);
        foreach (var route in Laws.Routes(net.Signature))
        {
            var seed = Laws.Draw(3, 2 * net.Signature.Points[route.From].Shape.Size);
            var actual = Walked<float>.Of(net.Passes, route, Laws.Floats(x), Laws.Floats(references), 2, Laws.Floats(seed), 2);
            var expected = Walked<double>.Of(net.Interpreted, route, x, references, 2, seed, 2);
            Laws.Same(route.In(net.Signature), actual.Multipliers, expected.Multipliers, 2, 2e-5, expected.NegativeMultipliers);
        }
        var row = x[..net.Signature.InputSize];
        Assert.All(net.Eager(row).Zip(Golden.Ask.Predict(net.Interpreted, row)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void AShorterTextHasTheBitsOfANetworkOfItsLength()
    {
        var (varying, own) = (Load("Varying"), Load("Fixed3"));
        int[] tokens = [4, 11, 0];
        Assert.Equal(own.Predict(own.Embed(tokens)), varying.Predict(varying.Embed(tokens)));
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            var (expected, found) = (new float[own.Signature.InputSize], new float[varying.Signature.InputSize]);
            SpanExplainers.DeepLift<float>((IDeepLiftNetwork)own, own.Embed(tokens), 1, Target.Unit(1), rule, default, expected);
            SpanExplainers.DeepLift<float>((IDeepLiftNetwork)varying, varying.Embed(tokens), 1, Target.Unit(1), rule, default, found);
            // Words of three positions among seven, then marks.
            Assert.Equal(expected[..15], found[..15]);
            Assert.Equal(expected[15..], found[35..50]);
        }
    }

    private static ITokenNetwork Load(string name) => (ITokenNetwork)networks.Value.Network(name).Load(Weights.Random(3)).Compiled;
}
