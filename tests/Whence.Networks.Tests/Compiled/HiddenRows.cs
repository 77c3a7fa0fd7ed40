namespace Whence.Networks.Tests.Compiled;

/// <summary>A query that a mask lets see no key: eagerly and compiled it gets zeros, and nothing is attributed through it.</summary>
public sealed class HiddenRows
{
    private const string Body = """
            [Linear(4)] private partial Tensor Query(Tensor x);
            [Linear(4)] private partial Tensor Key(Tensor x);
            [Linear(3)] private partial Tensor Value(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile($$"""
        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Masked
        {
        {{Body}}
            public Tensor Forward([Shape(4, 5)] Tensor x, [Mask(4, 4)] Tensor mask) =>
                Head(Tanh(Flatten(ScaledDotProductAttention(Query(x), Tanh(Key(x)), Value(x), mask))));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Softmax = SoftmaxRule.Elementwise)]
        public sealed partial class ByElements
        {
        {{Body}}
            public Tensor Forward([Shape(4, 5)] Tensor x, [Mask(4, 4)] Tensor mask) =>
                Head(Tanh(Flatten(ScaledDotProductAttention(Query(x), Tanh(Key(x)), Value(x), mask))));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Causal
        {
        {{Body}}
            public Tensor Forward([Shape(4, 5)] Tensor x, [Mask(4, 4)] Tensor mask) =>
                Head(Tanh(Flatten(ScaledDotProductAttention(Query(x), Tanh(Key(x)), Value(x), mask, causal: true))));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Heads
        {
        {{Body}}
            public Tensor Forward([Shape(4, 5)] Tensor x, [Mask(4, 4)] Tensor mask)
            {
                Tensor Split(Tensor y) => Stack(y, y * 2);
                return Head(Tanh(Flatten(ScaledDotProductAttention(Split(Query(x)), Split(Tanh(Key(x))), Split(Value(x)), mask))));
            }
        }

        [Network]
        public sealed partial class Written
        {
            public Tensor Forward([Shape(4)] Tensor x, [Mask(4)] Tensor mask) => Softmax(x + mask);
        }
        """));

    // The first query sees nothing, but for the third all see some.
    private static float[] Row(float hidden)
    {
        var row = new float[36];
        for (var i = 0; i < 20; i++)
            row[i] = MathF.Sin(2.3f * i);
        for (var i = 0; i < 16; i++)
            row[20 + i] = i / 4 == 0 || i % 4 == 2 && i / 4 == 3 ? hidden : 0.1f * i;
        return row;
    }

    [Theory]
    [InlineData("Masked", float.NegativeInfinity)]
    [InlineData("Masked", -1e30f)]
    [InlineData("ByElements", float.NegativeInfinity)]
    [InlineData("Causal", float.NegativeInfinity)]
    [InlineData("Causal", -3e38f)]
    [InlineData("Heads", float.NegativeInfinity)]
    public void GiveZeros(string name, float hidden)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(9));
        var row = Row(hidden);
        var eager = net.Eager([.. row.Select(value => (double)value)]);
        Assert.All(eager, value => Assert.True(double.IsFinite(value)));
        Assert.All(eager.Zip(net.Compiled.Predict(row)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData("Masked")]
    [InlineData("ByElements")]
    [InlineData("Causal")]
    [InlineData("Heads")]
    public void AreExplained(string name)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(9));
        var (scores, sums) = (new float[36], new Completeness[1]);
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            SpanExplainers.DeepLift<float>(net.Compiled, Row(float.NegativeInfinity), 1, Target.Unit(1), rule, default,
                new() { Scores = scores, Sums = sums });
            Assert.All(scores, score => Assert.True(float.IsFinite(score)));
            if (name != "ByElements")
                Assert.True(sums[0].RelativeGap < 1e-4, $"{name}, {rule}: {sums[0].RelativeGap}");
        }
        SpanExplainers.IntegratedGradients<float>(net.Compiled, Row(float.NegativeInfinity), 1, Target.Unit(1), default,
            new() { Scores = scores, Sums = sums },
            new PathOptions { Steps = 200 });
        Assert.True(sums[0].RelativeGap < 1e-3);
        SpanExplainers.LrpEpsilon<float>(net.Compiled, Row(float.NegativeInfinity), 1, Target.Unit(1), scores);
        SpanExplainers.GuidedBackprop<float>(net.Compiled, Row(float.NegativeInfinity), 1, Target.Unit(1), scores);
        var oracle = new double[36];
        SpanExplainers.GuidedBackprop<double>(net.Interpreted, [.. Row(float.NegativeInfinity).Select(value => (double)value)], 1,
            Target.Unit(1),
            oracle);
        Assert.All(scores.Zip(oracle), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    /// <summary>The softmax of nothing has no value, as in PyTorch.</summary>
    [Fact]
    public void ASoftmaxOfNothingIsRefused()
    {
        var net = networks.Value.Network("Written").Load(Weights.Random(9));
        float[] row = [1, 2, 3, 4, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity];
        Assert.All(net.Eager([.. row.Select(value => (double)value)]), value => Assert.True(double.IsNaN(value)));
        Assert.Throws<NonFiniteException>(() => net.Compiled.Predict(row));
    }
}
