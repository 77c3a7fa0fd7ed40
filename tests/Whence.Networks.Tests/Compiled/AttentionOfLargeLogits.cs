namespace Whence.Networks.Tests.Compiled;

/// <summary>Attention whose logits are products of what moves keeps its digits under DeepLIFT however large they are.</summary>
public sealed class AttentionOfLargeLogits
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.Gradient | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Itself
        {
            public Tensor Forward([Shape(5, 4)] Tensor x) => ScaledDotProductAttention(x, x, x);
        }

        [Network(Explain = Methods.Gradient | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Heads
        {
            [MultiHeadAttention(2)] private partial Tensor Attend(Tensor x);
            public Tensor Forward([Shape(5, 4)] Tensor x) => Attend(x);
        }

        """));

    public static TheoryData<string, float> Sizes => new()
    {
        { "Itself", 1 }, { "Itself", 1e2f }, { "Itself", 1e3f }, { "Itself", 1e4f }, { "Itself", 1e5f },
        { "Heads", 1 }, { "Heads", 1e2f }, { "Heads", 1e3f }, { "Heads", 1e4f },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void ScoresKeepTheirDigits(string name, float size)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        for (var seed = 1; seed < 6; seed++)
        {
            var x = Drawn(seed, size);
            foreach (var reference in new[] { new float[x.Length], Drawn(seed + 50, size) })
            {
                foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
                    KeepTheirDigits(net, x, reference, rule);
            }
        }
    }

    private static void KeepTheirDigits(Trio net, float[] x, float[] reference, Rule rule)
    {
        var target = Target.Unit(1).OfOutput();
        var (scores, expected, sums) = (new float[x.Length], new double[x.Length], new Completeness[1]);
        SpanExplainers.DeepLift<float>(net.Compiled, x, 1, target, rule, reference, new() { Scores = scores, Sums = sums });
        SpanExplainers.DeepLift<double>(net.Interpreted, [.. x.Select(v => (double)v)], 1, target, rule,
            References.One<double>([.. reference.Select(v => (double)v)]), new() { Scores = expected });
        var largest = expected.Max(Math.Abs);
        Assert.All(expected, (score, i) => Assert.Equal(score, scores[i], 5e-6 * largest));
        Assert.True(sums[0].RelativeGap < 1e-6);
    }

    private static float[] Drawn(int seed, float size) => [.. Laws.Draw(seed, 20).Select(v => (float)v * size)];
}
