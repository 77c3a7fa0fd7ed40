using System.Reflection;
using Whence.CompilerServices;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Tensors of the weights file by themselves, and embeddings of tokens that Forward writes or moves: loaded constants, to which nothing is
/// attributed.
/// </summary>
public sealed class FreeParameters : LawfulNetworks
{
    private const string Text = """
        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["embedded", "state"])]
        public sealed partial class Patches
        {
            private readonly int width = 4;

            [Parameter(1, nameof(width))] private partial Tensor ClassToken();
            [Parameter(6, 4, Name = "encoder.positions")] private partial Tensor Positions();
            [Parameter] private partial Tensor Temperature();
            [Parameter(1, 4)] private partial Tensor Scale();
            [Parameter(3, 4)] private partial Tensor Queries();
            [Parameter(4)] private partial Tensor Start();
            [Parameter(2, 1, 1)] private partial Tensor Gains();
            [Embedding(5, 4)] private partial Tensor Kinds(Tensor tokens);
            [Linear(4)] private partial Tensor Mix(Tensor x);
            [GruCell(4)] private partial Tensor Step(Tensor x, Tensor h);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(5, 4)] Tensor patches, [Shape(2, 3, 2)] Tensor image)
            {
                var embedded = Concat(ClassToken(), patches) + Positions() + Kinds(Constant(0, 1, 1, 4, 2, 1));
                var hidden = embedded + Scale() * Tanh(Mix(embedded));
                var read = ScaledDotProductAttention(Queries(), hidden, hidden * Temperature());
                var state = Start();
                foreach (var x in read)
                    state = Step(x, state);
                var seen = Tanh(image * Gains() + Reshape(ClassToken(), 2, 1, 2));
                return Head(Concat(state + Reshape(ClassToken(), 4), Flatten(seen), Flatten(Slice(hidden, 0, 0, 1)))) * Temperature();
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["token", "state"])]
        public sealed partial class Unrolled
        {
            [Parameter(4)] private partial Tensor Start();
            [Linear(4)] private partial Tensor Mix(Tensor x);
            [GruCell(4)] private partial Tensor Step(Tensor x, Tensor h);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4)] Tensor x)
            {
                var token = Tanh(Mix(Start()));
                var state = Step(Slice(x, 0, 0, 3), Step(Slice(x, 0, 1, 3), Start()));
                return Head(Relu(state + token + Mix(x)));
            }
        }

        public sealed partial class Outer
        {
            [Network]
            public sealed partial class Block(int width)
            {
                [Parameter(nameof(width))] private partial Tensor Gamma();
                public Tensor Forward(Tensor x) => x * Gamma();
            }

            [Network(Explain = Methods.Gradient | Methods.Rescale | Methods.RevealCancel)]
            public sealed partial class Net
            {
                private readonly Block first = new(3);
                private readonly Block second = new(3);
                [Linear(3)] private partial Tensor Fc(Tensor x);
                public Tensor Forward([Shape(3)] Tensor x) => second.Forward(Tanh(Fc(first.Forward(x))));
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Sentence
        {
            [Embedding(20, 4)] private partial Tensor Word(Tensor tokens);
            [Embedding(vocabulary: 9, width: 4)] private partial Tensor Pos(Tensor tokens);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Tokens(6)] Tensor text)
            {
                var all = Tanh(Word(text) + Pos(Constant(0, 1, 2, 3, 4, 5)));
                var begun = Word(Concat(Constant(19), Reverse(Slice(text, 0, 1, 3)), Zeros(1)));
                var picked = Word(Gather(text, 0, 5, 0, 0));
                return Head(Sum(all, 0) + Mean(Tanh(begun * Pos(Constant(8, 7, 6, 5, 4))), 0) + Sum(picked, 0));
            }
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    public static TheoryData<string> Names => ["Patches", "Unrolled", "Outer+Net"];

    private protected override double WalkTolerance(string name) => 1e-4;

    private protected override Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(23));

    [Fact]
    public void TheirNamesAreTheirOwn()
    {
        // Each is read under its whole name, in the shape that it is declared with, by the compiled network and by Forward alike.
        var tensors = new Dictionary<string, int[]>
        {
            ["class_token"] = [1, 4], ["encoder.positions"] = [6, 4], ["temperature"] = [], ["scale"] = [1, 4], ["queries"] = [3, 4],
            ["start"] = [4], ["gains"] = [2, 1, 1],
        };
        var graph = networks.Value.Network("Patches").Network.Graph!;
        var found = graph.Nodes.Where(node => node.Op is Generator.Ops.FreeParameter)
            .Select(node => (node.Layer!.TensorNames[0], node.Shape!.ToArray())).DistinctBy(pair => pair.Item1);
        Assert.Equal(tensors.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {string.Join(",", pair.Value)}"),
            found.OrderBy(pair => pair.Item1).Select(pair => $"{pair.Item1} {string.Join(",", pair.Item2)}"));
    }

    [Fact]
    public void WhatIsLoadedIsNotComputedAgain()
    {
        // Reshaped and repeated when it is loaded: no step copies a parameter.
        var text = networks.Value.Files.Single(file => file.Key.Contains("Outer+Net.Predict", StringComparison.Ordinal)).Value;
        Assert.DoesNotContain("Copy.Strided", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TokensThatForwardMovesOrWritesAreEmbeddedAsForwardSays()
    {
        using var weights = Weights.Random(23);
        var net = Load("Sentence").Compiled;
        int[] text = [3, 0, 17, 9, 4, 11];
        var forward = net.GetType().GetMethod("Forward", BindingFlags.Public | BindingFlags.Instance)!;
        var eager = ((Tensor)forward.Invoke(net, [Tensor.From(new Shape(6), Array.ConvertAll(text, token => (double)token))])!).Values
            .ToArray();
        var row = ((ITokenNetwork)net).Embed(text);
        Assert.Equal(6 * 4, row.Length);
        var y = net.Predict(row);
        for (var i = 0; i < eager.Length; i++)
            Assert.Equal(eager[i], y[i], 1e-5);
        foreach (var pass in new[] { Pass.Rescale, Pass.RevealCancel })
            Compiled.Laws.ContributionsAreComplete(Load("Sentence"), pass);
        Compiled.Laws.WalksAreTheInterpreters(Load("Sentence"));
    }

    [Fact]
    public void ATensorIsRepeatedOverAxesOfSizeOne()
    {
        // numpy.broadcast_to([[[1], [2]]], (2, 2, 3)).
        Assert.Equal([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2], LayerTensors.Broadcast([1, 2], new Shape(1, 2, 1), new Shape(2, 2, 3), 1));
        Assert.Equal([1, 3, 2, 4], LayerTensors.Broadcast([1, 2, 3, 4], new Shape(2, 2), new Shape(2, 2), 2));
        Assert.Equal([7, 7], LayerTensors.Broadcast([7], new Shape(1), new Shape(2), 1));
    }
}
