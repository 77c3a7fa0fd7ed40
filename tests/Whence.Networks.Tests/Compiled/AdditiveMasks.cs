namespace Whence.Networks.Tests.Compiled;

/// <summary>A mask that is added to attention's scores holds minus infinity where a key is not to be seen.</summary>
public sealed class AdditiveMasks
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.LrpEpsilon)]
        public sealed partial class Masked
        {
            [Linear(4)] private partial Tensor Query(Tensor x);
            [Linear(4)] private partial Tensor Key(Tensor x);
            [Linear(3)] private partial Tensor Value(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(4, 5)] Tensor x, [Mask(4, 4)] Tensor mask) =>
                Head(Tanh(Flatten(ScaledDotProductAttention(Query(x), Tanh(Key(x)), Value(x), mask))));
        }
        """));

    // No query but the third itself sees the third; the first sees only itself.
    private static float[] Row(float hidden, float third = 1)
    {
        var row = new float[36];
        for (var i = 0; i < 20; i++)
            row[i] = MathF.Sin(2.3f * i) * (i / 5 == 2 ? third : 1);
        for (var i = 0; i < 16; i++)
            row[20 + i] = i / 4 == 0 && i > 0 || i % 4 == 2 && i / 4 != 2 ? hidden : 0.1f * i;
        return row;
    }

    public static TheoryData<string> Questions => new(questions.Keys);

    private static readonly Dictionary<string, Action<INetwork, float[], float[]>> questions = new()
    {
        ["gradient"] = (net, x, scores) => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(1), scores),
        ["gradient times input"] = (net, x, scores) => SpanExplainers.GradientTimesInput<float>(net, x, 1, Target.Unit(1), default, scores),
        ["integrated gradients"] = (net, x, scores) =>
            SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(1), default, scores),
        ["Rescale"] = (net, x, scores) => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.Rescale, default, scores),
        ["RevealCancel"] = (net, x, scores) =>
            SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.RevealCancel, default, scores),
        ["expected gradients"] = (net, x, scores) => SpanExplainers.ExpectedGradients<float>(net, x, 1, Target.Unit(1), default, scores),
        ["SmoothGrad"] = (net, x, scores) => SpanExplainers.SmoothGrad<float>(net, x, 1, Target.Unit(1), scores),
        ["occlusion"] = (net, x, scores) => SpanExplainers.Ablation<float>(net, null, x, 1, Target.Unit(1), default, scores),
        ["Shapley values"] = (net, x, scores) => SpanExplainers.ShapleySampling<float>(net, null, x, 1, Target.Unit(1), default, scores),
        ["the target along the path"] = (net, x, scores) =>
            SpanExplainers.ScoreAlong<float>(net, x, 1, Target.Unit(1), default, PathPoints.Of(Quadrature.Midpoint, 5),
                scores.AsSpan(0, 5)),
        ["guided backprop"] = (net, x, scores) => SpanExplainers.GuidedBackprop<float>(net, x, 1, Target.Unit(1), scores),
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void MinusInfinityIsWhatIsNotSeen(string question)
    {
        var net = Net.Compiled;
        var (infinite, low) = (new float[36], new float[36]);
        questions[question](net, Row(float.NegativeInfinity), infinite);
        questions[question](net, Row(-1e30f), low);
        Assert.All(infinite, score => Assert.True(float.IsFinite(score)));
        Assert.Equal(low, infinite);
        Assert.All(infinite[20..], score => Assert.Equal(0, score));
        Assert.Contains(infinite[..20], score => score != 0);
    }

    [Fact]
    public void ItIsForwardsAnswer()
    {
        var (net, row) = (Net, Row(float.NegativeInfinity));
        var eager = net.Eager([.. row.Select(value => (double)value)]);
        Assert.All(eager.Zip(net.Compiled.Predict(row)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        // Only the last features of the result are the third query's: those of the others are what they are without it.
        Assert.NotEqual(net.Compiled.Predict(Row(0)), net.Compiled.Predict(row));
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void WhatElseIsNotFiniteIsRefused(float value)
    {
        var scores = new float[36];
        var thrown = Assert.Throws<ArgumentException>(
            () => SpanExplainers.Gradient<float>(Net.Compiled, Row(value), 1, Target.Unit(1), scores));
        Assert.Contains("mask [4, 4]", thrown.Message, StringComparison.Ordinal);
        var row = Row(float.NegativeInfinity);
        row[7] = float.NegativeInfinity;
        thrown = Assert.Throws<ArgumentException>(() => SpanExplainers.Gradient<float>(Net.Compiled, row, 1, Target.Unit(1), scores));
        Assert.Contains("element 7 of x [4, 5]", thrown.Message, StringComparison.Ordinal);
    }

    private static Trio Net => networks.Value.Network("Masked").Load(Weights.Random(9));
}
