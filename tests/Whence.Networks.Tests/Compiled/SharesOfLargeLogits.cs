namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A softmax's shares depend on the differences of its logits alone: in single precision they are as exact at any height as at zero, and so
/// are the answers about them.
/// </summary>
public sealed class SharesOfLargeLogits
{
    private const string Text = """
        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Classes
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class ClassesOfColumns
        {
            public Tensor Forward([Shape(5, 37)] Tensor x) => Softmax(x, axis: 0);
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Logarithms
        {
            public Tensor Forward([Shape(5)] Tensor x) => LogSoftmax(x);
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Written
        {
            public Tensor Forward([Shape(5)] Tensor x) => Exp(x - LogSumExp(x, axis: 0, keep: true));
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class CrossEntropy
        {
            public Tensor Forward([Shape(5)] Tensor x) => LogSumExp(x, axis: 0, keep: true) - Slice(x, axis: 0, start: 1, length: 1);
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Summed
        {
            public Tensor Forward([Shape(5)] Tensor x) => LogSumExp(x, axis: 0, keep: true);
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics,
            Softmax = SoftmaxRule.Elementwise)]
        public sealed partial class ClassesByElements
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Hidden
        {
            public Tensor Forward([Shape(5)] Tensor x, [Mask(5)] Tensor hidden) => Softmax(x + hidden);
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Attending
        {
            public Tensor Forward([Shape(5, 4)] Tensor keys, [Mask(2, 4)] Tensor queries, [Mask(2, 5)] Tensor seen,
                [Mask(5, 3)] Tensor values) =>
                ScaledDotProductAttention(queries, keys, values, seen);
        }

        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Stepped
        {
            public Tensor Forward([Shape(3, 5)] Tensor rows)
            {
                var shares = new System.Collections.Generic.List<Tensor>();
                foreach (var row in rows)
                    shares.Add(Softmax(row));
                return Stack(shares);
            }
        }

        [Network(Explain = Methods.Gradient, Layers = ["sum"])]
        public sealed partial class Asked
        {
            public Tensor Forward([Shape(5)] Tensor x)
            {
                var sum = LogSumExp(x, axis: 0, keep: true);
                return Exp(x - sum);
            }
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    private static readonly string[] names = ["Classes", "ClassesOfColumns", "Logarithms", "Written", "CrossEntropy", "Summed",
        "ClassesByElements", "Hidden", "Attending", "Stepped"];

    public static TheoryData<string, float> Heights
    {
        get
        {
            var cases = new TheoryData<string, float>();
            foreach (var name in names)
            {
                foreach (var height in new[] { 0f, 1e3f, -1e5f, 1e7f, -1e8f })
                    cases.Add(name, height);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Heights))]
    public void AreAsExactAsAnywhere(string name, float height)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        // At a hundred million numbers are 8 apart, and attention's shares would be saturated.
        if (name == "Attending" && Math.Abs(height) > 1e7)
            height /= 10;
        var step = Math.Abs(height) > 1e7 ? 8 : 1f;
        for (var seed = 1; seed < 6; seed++)
        {
            var (x, x0) = (Drawn(net, name, height, step, seed), Drawn(net, name, height, step, seed + 50));
            Hold(name, height, x);
            Hold(name, height, x0);
            var (values, expected) = (new float[net.Signature.OutputSize], new double[net.Signature.OutputSize]);
            SpanExplainers.Predict(net.Compiled, x, values, 1);
            SpanExplainers.Predict(net.Interpreted, Doubles(x), expected, 1);
            Same($"{name} at {height}, value", expected, values, 1e-6);
            var unit = Target.Weights([.. Enumerable.Range(0, net.Signature.OutputSize).Select(i => i % 3 == 1 ? 1.0 : 0)]).OfOutput();
            Same($"{name} at {height}, gradient", Gradient(net.Interpreted, Doubles(x), unit), Gradient(net.Compiled, x, unit), 2e-5);
            // Higher up the points between are rounded to whole numbers.
            if (Math.Abs(height) <= 1e5)
            {
                Same($"{name} at {height}, integrated", Integrated(net.Interpreted, Doubles(x), Doubles(x0), unit),
                    Integrated(net.Compiled, x, x0, unit), 2e-5);
            }
            foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
            {
                var sums = new Completeness[1];
                Same($"{name} at {height}, {rule}", DeepLift(net.Interpreted, Doubles(x), Doubles(x0), unit, rule, new Completeness[1]),
                    DeepLift(net.Compiled, x, x0, unit, rule, sums), 2e-5);
                if (name != "ClassesByElements" && name != "Summed")
                    Assert.True(sums[0].RelativeGap <= 1e-5, $"{name} at {height}, {rule}: {sums[0]}");
            }
        }
    }

    /// <summary>And from zero, where the move is as large as the logits.</summary>
    [Theory]
    [InlineData(1e3f)]
    [InlineData(1e7f)]
    [InlineData(1e8f)]
    public void AreCompleteFromZero(float height)
    {
        var net = networks.Value.Network("Classes").Load(Weights.Random(5));
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
        {
            var sums = new Completeness[1];
            var x = Drawn(net, "Classes", height, height > 1e7 ? 8 : 1, 3);
            var scores = DeepLift(net.Compiled, x, new float[5], Target.Unit(2).OfOutput(), rule, sums);
            Assert.Contains(scores, score => score != 0);
            // Of what little a share near 1 at one end leaves a few digits are left.
            Assert.True(sums[0].RelativeGap <= 1e-3, $"{rule} at {height}: {sums[0]}");
        }
    }

    /// <summary>However large, they are probabilities.</summary>
    [Theory]
    [InlineData("Classes")]
    [InlineData("ClassesOfColumns")]
    public void AddUpToOne(string name)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        var columns = net.Signature.InputSize / 5;
        foreach (var scale in new[] { 1f, 1e3f, 1e7f, 1e20f, 3e38f })
        {
            var (x, shares) = (Laws.Draw(3, net.Signature.InputSize).Select(v => (float)(v * scale / 4)).ToArray(), new float[5 * columns]);
            SpanExplainers.Predict(net.Compiled, x, shares, 1);
            for (var column = 0; column < columns; column++)
                Assert.Equal(1, Enumerable.Range(0, 5).Sum(i => (double)shares[i * columns + column]), 3e-7);
        }
    }

    /// <summary>What is held fixed while a sum that is asked about moves are the logits.</summary>
    [Fact]
    public void MoveWithASumThatIsAskedAbout()
    {
        var net = networks.Value.Network("Asked").Load(Weights.Random(5));
        var (x, score, values) = (Drawn(net, "Asked", 0, 1, 1), new float[1], new float[5]);
        SpanExplainers.Predict(net.Compiled, x, values, 1);
        SpanExplainers.LayerGradient<float>(net.Compiled, "sum", x, 1, Target.Unit(2).OfOutput(), score);
        Assert.Equal(-values[2], score[0], 1e-6);
    }

    // Logits at a height, so far apart that no share is all but 1.
    private static float[] Drawn(Trio net, string name, float height, float step, int seed) =>
        [.. Laws.Draw(seed, net.Signature.InputSize).Select(v => (name == "Attending" ? 0 : height) + step * MathF.Round(2 * (float)v))];

    /// <summary>
    /// What is held fixed: minus infinity for what is not seen. Of attention the first feature of keys is the scores' height, and the
    /// second query sees nothing.
    /// </summary>
    private static void Hold(string name, float height, float[] x)
    {
        if (name == "Hidden")
            x.AsSpan(5).Clear();
        if (name == "Hidden")
            x[7] = float.NegativeInfinity;
        if (name != "Attending")
            return;
        for (var key = 0; key < 5; key++)
            x[4 * key] = height;
        x.AsSpan(20, 8).Fill(2);
        x.AsSpan(28, 10).Fill(float.NegativeInfinity);
        x.AsSpan(28, 4).Clear();
        for (var i = 38; i < x.Length; i++)
            x[i] = i % 7;
    }

    private static double[] Doubles(float[] x) => [.. x.Select(v => (double)v)];

    private static T[] Gradient<T>(IModel<T> net, T[] x, Target target) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var scores = new T[x.Length];
        SpanExplainers.Gradient<T>(net, x, 1, target, scores);
        return scores;
    }

    private static T[] Integrated<T>(IModel<T> net, T[] x, T[] x0, Target target)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var scores = new T[x.Length];
        SpanExplainers.IntegratedGradients<T>(net, x, 1, target, x0, scores, new PathOptions { Steps = 8 });
        return scores;
    }

    private static T[] DeepLift<T>(IModel<T> net, T[] x, T[] x0, Target target, Rule rule, Completeness[] sums)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var scores = new T[x.Length];
        SpanExplainers.DeepLift<T>(net, x, 1, target, rule, x0, new() { Scores = scores, Sums = sums });
        return scores;
    }

    // Relative to the largest: what differences of what comes back leave of the others is rounding's.
    private static void Same(string name, double[] expected, float[] found, double tolerance)
    {
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(found[i] - expected[i]) <= tolerance * largest,
                $"{name}: element {i} is {found[i]:r} for {expected[i]:r}; the largest is {largest:r}.");
        }
    }
}
