namespace Whence.Networks.Tests.Compiled;

/// <summary>Gradients of a softmax's shares where one of them is all but 1: in single precision too, exact to its last places.</summary>
public sealed class SaturatedShares
{
    private const string Text = """
        [Network(Explain = Methods.Gradient | Methods.GuidedBackprop | Methods.LrpEpsilon)]
        public sealed partial class Classes
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }

        [Network(Explain = Methods.Gradient, Softmax = SoftmaxRule.Elementwise)]
        public sealed partial class ClassesByElements
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }

        [Network(Explain = Methods.Gradient)]
        public sealed partial class ClassesOfColumns
        {
            public Tensor Forward([Shape(5, 3)] Tensor x) => Softmax(x, axis: 0);
        }

        [Network(Explain = Methods.Gradient)]
        public sealed partial class Written
        {
            public Tensor Forward([Shape(5)] Tensor x) => Exp(LogSoftmax(x));
        }

        [Network(Explain = Methods.Gradient)]
        public sealed partial class Expected
        {
            [Parameter(5)] private partial Tensor Worth();
            public Tensor Forward([Shape(5)] Tensor x) => Sum(Worth() * Softmax(x), axis: 0, keep: true);
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    [Theory]
    [InlineData("Classes", 9)]
    [InlineData("Classes", 14)]
    [InlineData("Classes", 30)]
    [InlineData("ClassesByElements", 12)]
    [InlineData("ClassesOfColumns", 12)]
    [InlineData("Written", 12)]
    public void HaveExactGradients(string name, double lead)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        var columns = net.Signature.InputSize / 5;
        for (var seed = 1; seed < 20; seed++)
        {
            var x = Drawn(net.Signature.InputSize, columns, seed, lead);
            foreach (var target in new[] { 2, 3 })
            {
                var unit = (columns == 1 ? Target.Unit(target) : Target.Unit(target, 0)).OfOutput();
                var expected = OfShare(x, columns, target);
                Same(name, expected, Singles(net, x, unit), 1e-5);
                Same(name, expected, Doubles(net, x, unit), 1e-13);
            }
        }
    }

    /// <summary>What is read from all shares alike, but for what the worths differ.</summary>
    [Fact]
    public void HaveExactGradientsBelowASum()
    {
        var net = networks.Value.Network("Expected").Load(Weights.Random(5));
        for (var seed = 1; seed < 20; seed++)
        {
            var x = Drawn(5, 1, seed, 12);
            Same("Expected", Doubles(net, x, Target.Unit(0)), Singles(net, x, Target.Unit(0)), 1e-5);
        }
    }

    [Fact]
    public void AreTheGradientsOfEveryMethodWithoutActivations()
    {
        var net = networks.Value.Network("Classes").Load(Weights.Random(5));
        var x = Drawn(5, 1, 1, 12);
        var expected = OfShare(x, 1, 2);
        var (guided, relevances) = (new float[5], new float[5]);
        SpanExplainers.GuidedBackprop<float>(net.Compiled, x, 1, Target.Unit(2).OfOutput(), guided);
        SpanExplainers.LrpEpsilon<float>(net.Compiled, x, 1, Target.Unit(2).OfOutput(), relevances);
        Same("guided", expected, guided, 1e-5);
        Same("LRP", [.. expected.Zip(x, (m, v) => m * v)], relevances, 1e-5);
    }

    // Class 2 leads everywhere.
    private static float[] Drawn(int size, int columns, int seed, double lead) =>
        [.. Compiled.Laws.Draw(seed, size).Select((v, i) => (float)(v + (i / columns == 2 ? lead : 0)))];

    /// <summary>The gradient of a class's share in column 0: p_k times what is left of 1, which is the sum of the others' shares.</summary>
    private static double[] OfShare(float[] x, int columns, int target)
    {
        double[] z = [.. Enumerable.Range(0, 5).Select(i => (double)x[i * columns])];
        double[] p = [.. z.Select(v => 1 / z.Sum(other => Math.Exp(other - v)))];
        var gradient = new double[x.Length];
        for (var i = 0; i < 5; i++)
            gradient[i * columns] = p[target] * (i == target ? p.Where((_, j) => j != target).Sum() : -p[i]);
        return gradient;
    }

    private static float[] Singles(Trio net, float[] x, Target target)
    {
        var scores = new float[x.Length];
        SpanExplainers.Gradient<float>(net.Compiled, x, 1, target, scores);
        return scores;
    }

    private static double[] Doubles(Trio net, float[] x, Target target)
    {
        var scores = new double[x.Length];
        SpanExplainers.Gradient<double>(net.Interpreted, [.. x.Select(v => (double)v)], 1, target, scores);
        return scores;
    }

    private static void Same<T>(string name, double[] expected, T[] scores, double tolerance) where T : IConvertible
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var score = scores[i].ToDouble(null);
            Assert.True(Math.Abs(score - expected[i]) <= tolerance * Math.Abs(expected[i]),
                $"{name}: element {i} has the score {score:r} for {expected[i]:r}.");
        }
    }
}
