namespace Whence.Networks.Tests.Compiled;

/// <summary>What a resampling reads with weight zero is not read: an infinite slope above it stays with those that are.</summary>
public sealed class ZeroTaps
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Corners
        {
            public Tensor Forward([Shape(1, 2, 2)] Tensor x) => Sum(Sqrt(Flatten(UpsampleBilinear(x, 2, alignCorners: true))), 0, keep: true);
        }

        [Network]
        public sealed partial class Hidden
        {
            public Tensor Forward([Mask(1, 2, 2)] Tensor mask, [Shape(4)] Tensor x) => x + Exp(Flatten(UpsampleBilinear(mask, 1)));
        }
        """));

    // The first pixel is black, and so is what is interpolated at its corner: nothing of that corner is the other pixels'.
    [Fact]
    public void PassNoInfiniteSlope()
    {
        var net = networks.Value.Network("Corners").Load(Weights.Random(1));
        float[] x = [0, 4, 9, 16];
        var (scores, sums) = (new float[4], new Completeness[1]);
        SpanExplainers.GradientTimesInput<float>(net.Compiled, x, 1, Target.Unit(0), default, scores);
        Assert.Equal(0, scores[0]);
        Assert.All(scores[1..], score => Assert.True(score > 0 && float.IsFinite(score)));
        SpanExplainers.IntegratedGradients<float>(net.Compiled, x, 1, Target.Unit(0), default, new() { Scores = scores, Sums = sums },
            new PathOptions { Steps = 2000 });
        Assert.Equal(0, scores[0]);
        Assert.True(sums[0].RelativeGap < 0.02, $"{sums[0].RelativeGap}");
        var oracle = new double[4];
        SpanExplainers.GradientTimesInput<double>(net.Interpreted, [0, 4, 9, 16], 1, Target.Unit(0), default, oracle);
        Assert.All(oracle, score => Assert.True(double.IsFinite(score)));
    }

    [Fact]
    public void ReadNothingInfinite()
    {
        var net = networks.Value.Network("Hidden").Load(Weights.Random(1));
        float[] row = [0, float.NegativeInfinity, float.NegativeInfinity, 0, 1, 2, 3, 4];
        Assert.Equal([2, 2, 3, 5], net.Compiled.Predict(row));
        Assert.Equal([2, 2, 3, 5], net.Eager([.. row.Select(value => (double)value)]));
    }
}
