namespace Whence.Networks.Tests.Compiled;

/// <summary>A mask of minus infinities may be moved in any way before it is added to scores.</summary>
public sealed class MovedMasks
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(new[]
    {
        ("Reversed", "Reverse(mask)"), ("Gathered", "Gather(mask, 0, 3, 1, 2, 0)"),
        ("Joined", "Concat(0, Slice(mask, 0, 2, 2), Slice(mask, 0, 0, 2))"),
        ("Upsampled", "Flatten(UpsampleNearest(Reshape(Slice(mask, 0, 0, 2), 1, 2), 2))"),
    }.Select(network => $$"""
        [Network(Explain = Methods.All & ~Methods.Genomics & ~Methods.LrpEpsilon)]
        public sealed partial class {{network.Item1}}
        {
            [Linear(4)] private partial Tensor Fc1(Tensor x);
            [Linear(2)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(5)] Tensor x, [Mask(4)] Tensor mask) => Fc2(Softmax(Fc1(x) + {{network.Item2}}));
        }

        """))));

    private static readonly Dictionary<string, Action<INetwork, float[], float[]>> questions = new()
    {
        ["gradient"] = (net, x, scores) => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(1), scores),
        ["integrated gradients"] = (net, x, scores) =>
            SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(1), default, scores),
        ["Rescale"] = (net, x, scores) => SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.Rescale, default, scores),
        ["RevealCancel"] = (net, x, scores) =>
            SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(1), Rule.RevealCancel, default, scores),
    };

    [Theory]
    [InlineData("Reversed")]
    [InlineData("Gathered")]
    [InlineData("Joined")]
    [InlineData("Upsampled")]
    public void MinusInfinityIsWhatIsNotSeen(string network) => Assert.All(questions.Keys, question => Agree(network, question));

    private static void Agree(string network, string question)
    {
        var net = networks.Value.Network(network).Load(Weights.Random(9)).Compiled;
        var (infinite, low) = (new float[9], new float[9]);
        questions[question](net, Row(float.NegativeInfinity), infinite);
        questions[question](net, Row(-1e30f), low);
        Assert.All(infinite, score => Assert.True(float.IsFinite(score)));
        Assert.Equal(low, infinite);
        Assert.Contains(infinite[..5], score => score != 0);
    }

    private static float[] Row(float hidden) => [0.3f, -0.8f, 1.1f, 0.4f, -0.2f, 0, hidden, 0.1f, 0];
}
