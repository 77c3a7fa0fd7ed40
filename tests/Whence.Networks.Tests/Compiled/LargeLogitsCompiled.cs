namespace Whence.Networks.Tests.Compiled;

/// <summary>Logits of thousands through softmax, log-softmax and a sigmoid, in single precision.</summary>
public sealed class LargeLogitsCompiled
{
    private const string Text = """
        [Network(Explain = Methods.All)]
        public sealed partial class Softmaxed
        {
            public Tensor Forward([Shape(4)] Tensor logits) => Softmax(logits);
        }

        [Network(Explain = Methods.All)]
        public sealed partial class LogSoftmaxed
        {
            public Tensor Forward([Shape(4)] Tensor logits) => LogSoftmax(logits);
        }

        [Network(Explain = Methods.All)]
        public sealed partial class Sigmoided
        {
            public Tensor Forward([Shape(4)] Tensor logits) => Sigmoid(logits);
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    [Theory]
    [InlineData("Softmaxed")]
    [InlineData("LogSoftmaxed")]
    [InlineData("Sigmoided")]
    public void StayFiniteAndComplete(string name)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(1)).Compiled;
        float[][] rows = [[5000, -5000, 4999, 0], [-5000, -5000, -5000, -5000], [0, 0, 0, 5000], [1, 2, 3, 4],
            [-4000, 4000, 4000.5f, -5000]];
        foreach (var x in rows)
        {
            foreach (var reference in rows)
            {
                for (var unit = 0; unit < 4; unit++)
                    Check(net, x, reference, Target.Unit(unit).OfOutput());
            }
        }
    }

    private static void Check(INetwork net, float[] x, float[] reference, Target target)
    {
        var scores = new float[4];
        SpanExplainers.Predict(net, x, scores, 1);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        SpanExplainers.Gradient(net, x, 1, target, scores);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            var sums = new Completeness[1];
            SpanExplainers.DeepLift<float>(net, x, 1, target, rule, References.One(reference),
                new() { Scores = scores, Sums = sums });
            Assert.All(scores, score => Assert.True(float.IsFinite(score)));
            // Numbers around 5000 are 5e-4 apart in single precision.
            Assert.True(sums[0].RelativeGap <= 1e-3, $"{rule} from {string.Join(", ", reference)} to {string.Join(", ", x)}: {sums[0]}");
        }
    }
}
