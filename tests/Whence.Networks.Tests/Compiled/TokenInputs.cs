using Whence.Networks.Tests.Laws;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Networks over tokens, of fixed and of variable length: backward passes, completeness, and what is past the end.</summary>
public sealed class TokenInputs
{
    private const int Most = 9;

    private static readonly int[] lengthsTried = [1, 2, 4, 8, Most];

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(
        Mixed + Text("Varying", $"[Tokens({Most}, Variable = true)]")
            + string.Concat(lengthsTried.Select(length => Text($"Fixed{length}", $"[Tokens({length})]")))
        + Recurrent("VaryingRecurrent", $"[Tokens({Most}, Variable = true)]")
            + string.Concat(lengthsTried.Select(length => Recurrent($"FixedRecurrent{length}", $"[Tokens({length})]")))));

    private const string Mixed = """
        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["both"])]
        public sealed partial class Mixed
        {
            [Embedding(20, 6)] private partial Tensor Words(Tensor text);
            [Embedding(vocabulary: 25, width: 6)] private partial Tensor Marks(Tensor text);
            [Linear(5)] private partial Tensor Mix(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3)] Tensor row, [Tokens(4)] Tensor question, [Mask(5)] Tensor held, [Tokens(7, Variable = true)] Tensor answer)
            {
                var asked = Tanh(Mix(Words(question)));
                var each = Relu(Mix(Words(answer) * Marks(answer)) * Reshape(held, 1, 5));
                var both = Concat(Flatten(asked), Mean(each, axis: 0), LogSumExp(each, axis: 0), row);
                return Softmax(Head(both));
            }
        }

        """;

    private static string Text(string name, string tokens) => $$"""
        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["attended"])]
        public sealed partial class {{name}}
        {
            [Embedding(20, 6)] private partial Tensor Embed(Tensor text);
            [Linear(5)] private partial Tensor Mix(Tensor x);
            [Linear(1)] private partial Tensor Score(Tensor x);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward({{tokens}} Tensor text)
            {
                var hidden = Tanh(Mix(Embed(text)));
                var attended = Sum(hidden * Softmax(Score(hidden), axis: 0), axis: 0);
                return Softmax(Head(Concat(attended, Mean(Relu(hidden + 0.1), axis: 0), Sum(hidden * hidden, axis: 0))));
            }
        }

        """;

    private static string Recurrent(string name, string tokens) => $$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.LrpEpsilon, Layers = ["h"])]
        public sealed partial class {{name}}
        {
            [Embedding(20, 6)] private partial Tensor Embed(Tensor text);
            [Lstm(4, Bidirectional = true)] private partial Tensor Lower(Tensor x);
            [Gru(3, Bidirectional = true, LastState = true)] private partial Tensor Upper(Tensor x);
            [GruCell(4)] private partial Tensor Step(Tensor x, Tensor h);
            [Linear(3)] private partial Tensor Head(Tensor x);

            public Tensor Forward({{tokens}} Tensor text)
            {
                var below = Lower(Embed(text));
                var h = Constant(0.5, -1, 0.25, 0.75);
                var states = new System.Collections.Generic.List<Tensor>();
                foreach (var x in below)
                {
                    h = Step(x, h);
                    states.Add(2 * h);
                }
                return Softmax(Head(Concat(h, Last(below), Upper(below), Mean(Tanh(Stack(states)), axis: 0))));
            }
        }

        """;

    private static Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(17));

    private static readonly Dictionary<string, Func<ITokenNetwork, float[], float[]>> questions = new()
    {
        ["the output"] = (net, x) => net.Predict(x),
        ["the gradient"] = (net, x) => Scores(x, scores => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(1), scores)),
        ["integrated gradients"] = (net, x) =>
            Scores(x, scores => SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(1), default, scores)),
        ["Rescale"] = (net, x) =>
            Scores(x, scores => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.Rescale, default, scores)),
        ["RevealCancel"] = (net, x) =>
            Scores(x, scores => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.RevealCancel, default, scores)),
    };

    public static TheoryData<string, string> Questions
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var question in questions.Keys)
            {
                foreach (var kind in new[] { "", "Recurrent" })
                    data.Add(kind, question);
            }
            return data;
        }
    }

    private static float[] Scores(float[] x, Action<float[]> ask)
    {
        var scores = new float[x.Length];
        ask(scores);
        return scores;
    }

    [Theory]
    [MemberData(nameof(Questions))]
    [Trait("Long", "laws")]
    public void AShorterTextHasTheBitsOfANetworkOfItsLength(string kind, string question)
    {
        var varying = (ITokenNetwork)Load("Varying" + kind).Compiled;
        foreach (var length in lengthsTried)
        {
            var own = (ITokenNetwork)Load($"Fixed{kind}{length}").Compiled;
            var expected = questions[question](own, own.Embed(Tokens(length)));
            var found = questions[question](varying, varying.Embed(Tokens(length)));
            for (var i = 0; i < found.Length; i++)
            {
                var bits = i < expected.Length ? BitConverter.SingleToInt32Bits(expected[i]) : 0;
                Assert.True(BitConverter.SingleToInt32Bits(found[i]) == bits,
                    $"{question} of {length} tokens: element {i} is {found[i]:r}, alone {(i < expected.Length ? expected[i] : 0):r}.");
            }
        }
    }

    [Fact]
    public void WalksAreTheInterpreters()
    {
        foreach (var (net, x, references) in Asked())
        {
            var rows = x.Length / net.Signature.InputSize;
            foreach (var route in Compiled.Laws.Routes(net.Signature))
            {
                var seed = Compiled.Laws.Draw(3, rows * net.Signature.Points[route.From].Shape.Size);
                Compiled.Laws.Spoil();
                var actual = Walked<float>.Of(net.Passes, route, Compiled.Laws.Floats(x), Compiled.Laws.Floats(references), rows,
                    Compiled.Laws.Floats(seed), rows);
                var expected = Walked<double>.Of(net.Interpreted, route, x, references, rows, seed, rows);
                Compiled.Laws.Same(route.In(net.Signature), actual.Multipliers, expected.Multipliers, rows, 2e-5,
                    expected.NegativeMultipliers);
                Compiled.Laws.Same(route.In(net.Signature), actual.NegativeMultipliers, expected.NegativeMultipliers, rows, 2e-5,
                    expected.Multipliers);
                Compiled.Laws.Same(route.In(net.Signature), actual.FromValue, expected.FromValue, rows, 2e-5);
            }
        }
    }

    [Fact]
    public void ContributionsAreComplete()
    {
        foreach (var (net, x, references) in Asked())
        {
            var rows = x.Length / net.Signature.InputSize;
            var (sums, singles) = (new Completeness[rows], new Completeness[rows]);
            foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
            {
                SpanExplainers.DeepLift<double>(net.Interpreted, x, rows, Target.Unit(0), rule, References.PerInput(references),
                    new() { Scores = new double[x.Length], Sums = sums });
                SpanExplainers.DeepLift<float>(net.Compiled, Compiled.Laws.Floats(x), rows, Target.Unit(0), rule,
                    References.PerInput(Compiled.Laws.Floats(references)), new() { Scores = new float[x.Length], Sums = singles });
                Assert.All(sums, one => Assert.True(one.RelativeGap < 1e-12,
                    $"{net.Signature.Name}, {rule}: the gap is {one.Gap:r} of {one.Output:r} - {one.ReferenceOutput:r}."));
                Assert.All(singles, one => Assert.True(one.RelativeGap < 1e-5, $"{net.Signature.Name}, {rule} in single precision: the gap "
                    + $"is {one.Gap:r} of {one.Output:r} - {one.ReferenceOutput:r}."));
            }
        }
    }

    [Fact]
    public void WhatIsPastTheEndGetsExactlyZero()
    {
        foreach (var (net, x, references) in Asked())
        {
            var size = net.Signature.InputSize;
            var rows = x.Length / size;
            var scores = new float[x.Length];
            foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
            {
                SpanExplainers.DeepLift<float>(net.Compiled, Compiled.Laws.Floats(x), rows, Target.Unit(0), rule,
                    References.PerInput(Compiled.Laws.Floats(references)), scores);
                for (var i = 0; i < scores.Length; i++)
                    Assert.True(scores[i] == 0 || !IsPast(net.Signature, x[(i / size * size)..(i / size * size + size)], i % size),
                        $"{net.Signature.Name}, {rule}: element {i % size} of row {i / size} is past the end, but has the score "
                            + $"{scores[i]:r}.");
            }
        }
    }

    // Whether a column belongs to a position that its tokens' mask says is absent, or to what is held fixed.
    private static bool IsPast(Signature signature, double[] row, int column)
    {
        var start = 0;
        foreach (var tensor in signature.Inputs)
        {
            if (column < start + tensor.Shape.Size)
                return tensor.IsMask || Present(signature, row, tensor.Name.Split('.')[0]) is { } present
                    && present[(column - start) / (tensor.Shape.Size / tensor.Shape[0])] == 0;
            start += tensor.Shape.Size;
        }
        throw new ArgumentOutOfRangeException(nameof(column));
    }

    private static double[]? Present(Signature signature, double[] row, string text)
    {
        var start = 0;
        foreach (var tensor in signature.Inputs)
        {
            if (tensor.Name == text + ".present")
                return row[start..(start + tensor.Shape.Size)];
            start += tensor.Shape.Size;
        }
        return null;
    }

    [Fact]
    public void InputsAreInForwardsOrder() =>
        Assert.Equal(
            ["row [3]", "question [4, 6]", "held [5] held fixed", "answer.Words [7, 6]", "answer.Marks [7, 6]",
                "answer.present [7] held fixed"],
            Load("Mixed").Signature.Inputs.Select(tensor => $"{tensor.Name} {tensor.Shape}{(tensor.IsMask ? " held fixed" : "")}"));

    [Fact]
    public void RowsAreIndependent() => Compiled.Laws.RowsAreIndependent(Load("Fixed4"));

    /// <summary>Networks, rows of input, and references of other tokens that have their masks.</summary>
    private static IEnumerable<(Trio Net, double[] X, double[] References)> Asked()
    {
        foreach (var name in new[] { "Fixed4", "Varying", "Mixed", "VaryingRecurrent" })
        {
            var net = Load(name);
            var x = Rows(net, 1);
            yield return (net, x, HeldFixed.With(net.Signature, x, Rows(net, 2)));
        }
    }

    // Four examples of different lengths.
    private static double[] Rows(Trio net, int seed)
    {
        const int Count = 4;
        var compiled = (ITokenNetwork)net.Compiled;
        var rows = Compiled.Laws.Floats(Compiled.Laws.Draw(seed, Count * net.Signature.InputSize));
        for (var input = 0; input < compiled.TokenInputs.Count; input++)
        {
            var (of, random) = (compiled.TokenInputs[input], new Random(seed + input));
            int[] tokens = [.. Enumerable.Range(0, Count * of.Length).Select(_ => random.Next(of.Vocabulary))];
            int[] lengths = of.Variable ? [.. Enumerable.Range(0, Count).Select(i => 1 + (i * 5 + seed) % of.Length)] : [];
            compiled.Embed(input, tokens, lengths, rows, Count);
        }
        return Array.ConvertAll(rows, value => (double)value);
    }

    private static int[] Tokens(int length) => [.. Enumerable.Range(0, length).Select(i => (3 + 7 * i) % 20)];
}
