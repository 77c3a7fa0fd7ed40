namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Inputs so near the reference that single precision cannot tell the outputs apart: scores are as exact as the values they compare.
/// </summary>
public sealed class NearTheReference
{
    private const string Text = """
        [Network(Explain = Methods.DeepLift & ~Methods.Genomics, Softmax = SoftmaxRule.Elementwise, Layers = ["z"])]
        public sealed partial class Shares
        {
            [Linear(5)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(4)] Tensor x) { var z = 4 * Tanh(Fc(x)); return Softmax(z); }
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics, Softmax = SoftmaxRule.Elementwise)]
        public sealed partial class SharesOfRows
        {
            public Tensor Forward([Shape(3, 4)] Tensor x) => Softmax(3 * x, axis: 1);
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    [Theory]
    [InlineData("Shares", 1e-1)]
    [InlineData("Shares", 1e-3)]
    [InlineData("Shares", 1e-4)]
    [InlineData("SharesOfRows", 1)]
    [InlineData("SharesOfRows", 1e-4)]
    public void SoftmaxByElementsIsExact(string name, double distance)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        var size = net.Signature.InputSize;
        for (var seed = 1; seed < 30; seed++)
        {
            var x0 = Compiled.Laws.Floats(Compiled.Laws.Draw(seed, size));
            float[] x = [.. x0.Zip(Compiled.Laws.Draw(seed + 100, size), (a, b) => (float)(a + distance * b))];
            double[] wide = [.. x.Select(v => (double)v)], wide0 = [.. x0.Select(v => (double)v)];
            var (singles, scores, sums) = (new float[size], new double[size], new Completeness[1]);
            var target = Target.Unit(seed % 3).OfOutput();
            SpanExplainers.DeepLift<float>(net.Compiled, x, 1, target, Rule.Rescale, x0, new() { Scores = singles, Sums = sums });
            SpanExplainers.DeepLift<double>(net.Interpreted, wide, 1, target, Rule.Rescale, wide0, new() { Scores = scores, Sums = sums },
                new ExplainOptions { RequireGap = 1e-7 });
            var scale = scores.Max(Math.Abs);
            // The logits themselves are no nearer to each other than their last place, some 5e-7, and scores may cancel.
            var tolerance = 1e-2 + 1e-5 / distance;
            for (var i = 0; i < size; i++)
                Assert.True(Math.Abs(singles[i] - scores[i]) <= tolerance * scale, $"{name} at {distance}, draw {seed}: element {i} has "
                    + $"the score {singles[i]:r}, in double {scores[i]:r}, of at most {scale:r}.");
        }
    }
}
