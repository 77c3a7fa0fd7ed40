namespace Whence.Networks.Tests.Compiled;

/// <summary>What is added to a mask of minus infinity has the relevance that the quotient of values gives it there: 0.</summary>
public sealed class RelevanceUnderMasks
{
    private static readonly string[] functions =
    [
        "Max(x + m, 0.5)", "Exp(x + m)", "2 * Sigmoid(x + m)", "Tanh(x + m)", "Erf(x + m)", "Relu(x + m)", "Softplus(x + m)",
        "Elu(x + m)", "Selu(x + m)", "Clamp(x + m, -1, 2)", "Min(Max(x + m, -0.5), 0.5)",
        "Max(x + m, 0.5) + Exp(x + m) + Sigmoid(x + m) + Tanh(x + m) + Relu(x + m)",
    ];

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(functions.Select((function, i) => $$"""
        [Network(Explain = Methods.Gradient | Methods.LrpEpsilon)]
        public sealed partial class Masked{{i}}
        {
            public Tensor Forward([Shape(3)] Tensor x, [Mask(3)] Tensor m) => {{function}};
        }

        """))));

    public static TheoryData<int> Functions => new(Enumerable.Range(0, functions.Length));

    [Theory, MemberData(nameof(Functions))]
    public void WhatIsNotSeenHasNone(int function)
    {
        var net = networks.Value.Network($"Masked{function}").Load(Weights.Random(1)).Compiled;
        float[] x = [1, 2, 3, 0, float.NegativeInfinity, 0];
        var y = net.Predict(x);
        var target = Target.Weights(1, 1, 1);
        var scores = new float[6];
        SpanExplainers.GradientTimesInput<float>(net, x, 1, target, default, scores);
        Assert.Equal(0, scores[1]);
        SpanExplainers.LrpEpsilon<float>(net, x, 1, target, scores);
        Assert.Equal(0, scores[1]);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        if (!functions[function].Contains("Exp", StringComparison.Ordinal))
        {
            Assert.Equal(y[0], scores[0], 1e-5f);
            Assert.Equal(y[2], scores[2], 1e-5f);
        }
    }
}
