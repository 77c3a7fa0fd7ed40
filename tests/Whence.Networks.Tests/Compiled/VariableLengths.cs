namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Texts of variable length through windows, pools and attention: a shorter one has the bits of the network that is declared at its length,
/// whatever is asked.
/// </summary>
public sealed class VariableLengths
{
    private const int Most = 11;

    private static readonly int[] lengthsTried = [5, 6, 8, Most];

    private static readonly Dictionary<string, string> kinds = new()
    {
        ["Windows"] = """
            [Conv1d(5, 3, Pad = 1)] private partial Tensor First(Tensor x);
            [Conv1d(6, 3, Stride = 2, PadEnd = 1)] private partial Tensor Second(Tensor x);
            [Conv1d(4, 2, Padding = PaddingRule.Same)] private partial Tensor Third(Tensor x);

            private Tensor Body(Tensor x)
            {
                var lower = Relu(First(Transpose(x, 0, 1)));
                var upper = Tanh(Third(Tanh(Second(lower) + 0.1)));
                return Concat(GlobalMaxPool(upper), GlobalAvgPool(upper), Mean(lower, axis: 1), GlobalMaxPool(lower - 0.2));
            }
            """,
        ["Pools"] = """
            [Conv1d(5, 2)] private partial Tensor First(Tensor x);
            [Conv1d(5, 2, PadEnd = 1)] private partial Tensor Second(Tensor x);
            [BatchNorm] private partial Tensor Norm(Tensor x);

            private Tensor Body(Tensor x)
            {
                var largest = MaxPool1d(Norm(First(Permute(x, 1, 0))), 3, stride: 2, pad: 1);
                var means = AvgPool1d(Tanh(Second(largest)), 3, stride: 1, pad: 1);
                return Concat(GlobalMaxPool(Softmax(largest, axis: 1)), LogSumExp(means, axis: 1), Flatten(Sum(means * means, axis: 1, keep: true)), GlobalAvgPool(MaxPool1d(means, 2, stride: 1)));
            }
            """,
        ["Attention"] = """
            [MultiHeadAttention(2)] private partial Tensor Attend(Tensor x);
            [MultiHeadAttention(3, Causal = true)] private partial Tensor Again(Tensor q, Tensor k, Tensor v);
            [LayerNorm] private partial Tensor Norm(Tensor x);
            [Linear(6)] private partial Tensor Wide(Tensor x);

            private Tensor Body(Tensor x)
            {
                var attended = Norm(x + Attend(x));
                var again = attended + Tanh(Wide(Again(attended, x, attended)));
                var one = ScaledDotProductAttention(again, attended, Tanh(x));
                return Concat(Mean(one, axis: 0), Last(again), Sum(Relu(one), axis: 0));
            }
            """,
        ["Positions"] = """
            [Parameter(11, 6)] private partial Tensor Table();
            [Embedding(11, 6)] private partial Tensor Place(Tensor t);
            [MultiHeadAttention(2)] private partial Tensor Attend(Tensor x);
            [LayerNorm] private partial Tensor Norm(Tensor x);
            [Conv1d(4, 3, Pad = 1)] private partial Tensor Fold(Tensor x);

            private Tensor Body(Tensor x)
            {
                var count = x.Shape[0];
                var placed = x + Slice(Table(), axis: 0, start: 0, length: count);
                var scaled = Norm(placed) * Slice(0.5 * Place(Constant(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)), 0, 0, length: count);
                var turned = Transpose(scaled, 0, 1) - Slice(Transpose(Table(), 0, 1), 1, 0, length: x.Shape[0]);
                return Concat(Mean(placed + Attend(scaled), axis: 0), GlobalMaxPool(Fold(turned)), Sum(Tanh(turned), axis: 1));
            }
            """,
        ["First"] = """
            [MultiHeadAttention(2)] private partial Tensor Attend(Tensor x);
            [Conv1d(5, 3, Stride = 2)] private partial Tensor Fold(Tensor x);

            private Tensor Body(Tensor x)
            {
                var attended = x + Attend(x);
                var folded = Tanh(Fold(Transpose(x, 0, 1)));
                return Concat(Flatten(Slice(attended, 0, 0, 1)), Flatten(Gather(folded, 1, 0, 0)), Mean(attended, axis: 0));
            }
            """,
        ["Class"] = """
            [Parameter(2, 6)] private partial Tensor Cls();
            [Parameter(13, 6)] private partial Tensor Table();
            [MultiHeadAttention(2, Causal = true)] private partial Tensor Attend(Tensor x);
            [Conv1d(5, 3, Pad = 1)] private partial Tensor Fold(Tensor x);

            private Tensor Body(Tensor x)
            {
                var all = Concat(0, Cls(), x) + Table()[..(x.Shape[0] + 2)];
                var attended = all + Attend(all);
                var folded = Tanh(Fold(Concat(1, Transpose(Cls(), 0, 1), Transpose(attended, 0, 1))));
                return Concat(Flatten(attended[..1]), attended[^1], Mean(attended, axis: 0), GlobalMaxPool(folded));
            }
            """,
        ["Backwards"] = """
            [Linear(4)] private partial Tensor In(Tensor x);
            [Linear(4, Bias = false)] private partial Tensor Back(Tensor h);
            [Lstm(3)] private partial Tensor Inner(Tensor x);
            [Lstm(3)] private partial Tensor Outer(Tensor x);

            private Tensor Body(Tensor x)
            {
                var h = Zeros(4);
                var states = new System.Collections.Generic.List<Tensor>();
                foreach (var p in Tanh(Reverse(x)))
                {
                    h = Tanh(In(p) + Back(h));
                    states.Add(h);
                }
                var all = Concat(1, x, Reverse(Stack(states)));
                return Concat(h, all[^1], Flatten(all[..1]), Sum(Inner(Reverse(x)), 0), Mean(Reverse(all) * Softmax(Reverse(Sum(all, 1, keep: true)), 0), 0), Outer(Reverse(Reverse(x)))[^1]);
            }
            """,
        ["Images"] = """
            [Conv2d(4, 2, KernelWidth = 6, PadEnd = 1, PadWidth = 0)] private partial Tensor Wide(Tensor x);
            [Linear(4)] private partial Tensor Query(Tensor x);

            private Tensor Body(Tensor x)
            {
                var wide = Tanh(Wide(Stack(x)));
                var pooled = MaxPool2d(wide, 3, windowWidth: 1, stride: 1, strideWidth: 1);
                var queries = Reshape(Query(Mean(x, axis: 0)), 2, 2);
                var heads = ScaledDotProductAttention(Stack(queries, 0.5 * queries), Stack(Slice(x, 1, 0, 2), Slice(x, 1, 3, 2)), Stack(Slice(x, 1, 1, 2), Slice(x, 1, 4, 2)));
                return Concat(GlobalMaxPool(wide), GlobalAvgPool(pooled), Flatten(heads));
            }
            """,
    };

    private static string Source(string kind, string name, string tokens) => $$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.LrpEpsilon{{(kind is "Attention" or "Positions" or "First" or "Class" ? " & ~Methods.DeconvNet" : "")}})]
        public sealed partial class {{name}}
        {
            [Embedding(20, 6)] private partial Tensor Embed(Tensor text);
            [Linear(3)] private partial Tensor Head(Tensor x);
            {{kinds[kind]}}

            public Tensor Forward({{tokens}} Tensor text) => Head(Tanh(Body(Embed(text))));
        }

        """;

    private static string Numbers(string kind, string name, string shape, string members = "") => $$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.LrpEpsilon{{(kind is "Attention" or "Positions" or "First" or "Class" ? " & ~Methods.DeconvNet" : "")}})]
        public sealed partial class {{name}}
        {
            [Linear(3)] private partial Tensor Head(Tensor x);
            {{kinds[kind]}}

            public Tensor Forward({{shape}} Tensor sequence) => Head(Tanh(Body(sequence)));
            {{members}}
        }

        """;

    private const string Bridge = """
        public float[] RowOf(float[] values) => Embed(values);
            public float[] Answer(float[] values) => Predict(values);
            public void Answers(float[] values, int[] lengths, float[] results) => Predict(values, lengths, results, lengths.Length);
        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(kinds.Keys.Select(kind =>
        Source(kind, kind, $"[Tokens({Most}, Variable = true)]")
            + string.Concat(lengthsTried.Select(length => Source(kind, $"{kind}{length}", $"[Tokens({length})]")))))));

    private static readonly Lazy<InMemory> numeric = new(() => InMemory.Compile(string.Concat(kinds.Keys.Select(kind =>
        Numbers(kind, kind, $"[Shape({Most}, 6, Variable = true)]", Bridge)
            + string.Concat(lengthsTried.Select(length => Numbers(kind, $"{kind}{length}", $"[Shape({length}, 6)]")))))));

    private static readonly Dictionary<string, Func<IModel<float>, float[], float[]>> questions = new()
    {
        ["the output"] = (net, x) => ((INetwork)net).Predict(x),
        ["the gradient"] = (net, x) => Scores(x, scores => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(1), scores)),
        ["integrated gradients"] = (net, x) =>
            Scores(x, scores => SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(1), default, scores)),
        ["guided backprop"] = (net, x) => Scores(x, scores => SpanExplainers.GuidedBackprop<float>(net, x, 1, Target.Unit(1), scores)),
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
            foreach (var kind in kinds.Keys)
            {
                foreach (var question in questions.Keys)
                    data.Add(kind, question);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    [Trait("Long", "laws")]
    public void AShorterTextHasTheBitsOfANetworkOfItsLength(string kind, string question)
    {
        var varying = Load(kind);
        foreach (var length in lengthsTried)
        {
            var own = Load($"{kind}{length}");
            SameBits(questions[question](own, own.Embed(Tokens(length))), questions[question](varying, varying.Embed(Tokens(length))),
                $"{question} of {length} tokens");
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    [Trait("Long", "laws")]
    public void AShorterSequenceHasTheBitsOfANetworkOfItsLength(string kind, string question)
    {
        var varying = LoadNumeric(kind);
        foreach (var length in lengthsTried)
        {
            var values = Sequence(length, 1);
            SameBits(questions[question](LoadNumeric($"{kind}{length}"), values),
                questions[question](varying, Ask<float[]>(varying, "RowOf", values)), $"{question} of {length} positions");
        }
    }

    [Fact]
    public void SequencesArePredictedAloneAndInBatches()
    {
        var net = LoadNumeric("Windows");
        int[] lengths = [6, Most, 5];
        var (values, results) = (new float[3 * Most * 6], new float[9]);
        values.AsSpan().Fill(float.NaN);
        for (var i = 0; i < 3; i++)
            Sequence(lengths[i], i).CopyTo(values.AsSpan(i * Most * 6));
        Ask<object>(net, "Answers", values, lengths, results);
        for (var i = 0; i < 3; i++)
            Assert.Equal(Ask<float[]>(net, "Answer", Sequence(lengths[i], i)), results[(3 * i)..(3 * i + 3)]);
        Assert.Equal(["sequence [11, 6]", "sequence.present [11] held fixed"],
            net.Signature.Inputs.Select(tensor => $"{tensor.Name} {tensor.Shape}{(tensor.IsMask ? " held fixed" : "")}"));
    }

    [Theory]
    [InlineData("Windows", 0, "sequence takes 2 to 11 positions, but was given 0.")]
    [InlineData("Windows", 12, "sequence takes 2 to 11 positions, but was given 12.")]
    [InlineData("Pools", 1, "sequence takes 4 to 11 positions, but was given 1.")]
    [InlineData("Images", 2, "sequence takes 3 to 11 positions, but was given 2.")]
    public void TooShortOrTooLongIsRefused(string kind, int length, string says)
    {
        var thrown = Assert.Throws<System.Reflection.TargetInvocationException>(
            () => Ask<float[]>(LoadNumeric(kind), "Answer", new float[length * 6])).InnerException;
        Assert.Contains(says, Assert.IsType<ArgumentException>(thrown).Message, StringComparison.Ordinal);
    }

    private static void SameBits(float[] expected, float[] found, string what)
    {
        for (var i = 0; i < found.Length; i++)
        {
            var isSame = i < expected.Length
                ? BitConverter.SingleToInt32Bits(found[i]) == BitConverter.SingleToInt32Bits(expected[i])
                : found[i] == 0;
            Assert.True(isSame, $"{what}: element {i} is {found[i]:r}, alone {(i < expected.Length ? expected[i] : 0):r}.");
        }
    }

    private static INetwork LoadNumeric(string name) => numeric.Value.Network(name).Load(Weights.Random(17)).Compiled;

    private static T Ask<T>(INetwork net, string method, params object[] arguments) =>
        (T)net.GetType().GetMethod(method)!.Invoke(net, arguments)!;

    private static float[] Sequence(int length, int seed) => [.. Enumerable.Range(0, length * 6).Select(i => MathF.Sin(1.7f * i + seed))];

    [Theory]
    [InlineData("Windows")]
    [InlineData("Pools")]
    [InlineData("Attention")]
    [InlineData("Images")]
    [InlineData("Positions")]
    [InlineData("Class")]
    [InlineData("Backwards")]
    public void AShorterTextIsForwardOfIt(string kind)
    {
        var varying = networks.Value.Network(kind).Load(Weights.Random(17));
        foreach (var length in lengthsTried)
        {
            var own = networks.Value.Network($"{kind}{length}").Load(Weights.Random(17));
            var text = Tensor.From(new Shape(length), [.. Tokens(length).Select(token => (double)token)]);
            var expected = ((Tensor)own.Compiled.GetType().GetMethod("Forward")!.Invoke(own.Compiled, [text])!).Values.ToArray();
            var row = Array.ConvertAll(((ITokenNetwork)varying.Compiled).Embed(Tokens(length)), value => (double)value);
            Assert.All(expected.Zip(Golden.Ask.Predict(varying.Interpreted, row)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    private static ITokenNetwork Load(string name) => (ITokenNetwork)networks.Value.Network(name).Load(Weights.Random(17)).Compiled;

    private static float[] Scores(float[] x, Action<float[]> ask)
    {
        var scores = new float[x.Length];
        ask(scores);
        return scores;
    }

    private static int[] Tokens(int length) => [.. Enumerable.Range(0, length).Select(i => (3 + 7 * i) % 20)];
}
