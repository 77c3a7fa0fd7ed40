namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// A softmax's logit that moves by ten thousands or millions, where its share comes to lead or ceases to: what is left of its move is of
/// the size of one, and 1 less its secant share would be rounding in single precision.
/// </summary>
public sealed class FarMoves
{
    private const string Text = """
        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Classes
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class ClassesOfColumns
        {
            public Tensor Forward([Shape(5, 3)] Tensor x) => Softmax(x, axis: 0);
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Logarithms
        {
            public Tensor Forward([Shape(5)] Tensor x) => LogSoftmax(x);
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Written
        {
            public Tensor Forward([Shape(5)] Tensor x) => Exp(x - LogSumExp(x, axis: 0, keep: true));
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Hidden
        {
            public Tensor Forward([Shape(5)] Tensor x, [Mask(5)] Tensor hidden) => Softmax(x + hidden);
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics, Softmax = SoftmaxRule.Elementwise)]
        public sealed partial class ClassesByElements
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    public static TheoryData<string, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, double>();
            foreach (var name in new[] { "Classes", "ClassesOfColumns", "Logarithms", "Written", "Hidden", "ClassesByElements" })
            {
                foreach (var far in new[] { 3.0, 100, 1e4, 1e5, 1e6 })
                    cases.Add(name, far);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void KeepWhatIsLeft(string name, double far)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        var columns = name == "ClassesOfColumns" ? 3 : 1;
        for (var seed = 1; seed < 10; seed++)
        {
            foreach (var (how, rise, rise0) in Rises(far))
            {
                var (x, x0) = (Drawn(seed, rise, columns), Drawn(seed + 60, rise0, columns));
                if (name == "Hidden")
                    (x, x0) = ([.. x, 0, 0, 0, float.NegativeInfinity, 0], [.. x0, 0, 0, 0, float.NegativeInfinity, 0]);
                foreach (var unit in new[] { 1, 2, 4 })
                {
                    var target = (columns == 1 ? Target.Unit(unit) : Target.Unit(unit, 0)).OfOutput();
                    foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
                        Same(net, x, x0, target, rule, $"{name}, {rule}, unit {unit}, {how} by {far}, draw {seed}");
                }
            }
        }
    }

    // Which logits are how much higher, at the input and at the reference.
    private static IEnumerable<(string How, double[] Rise, double[] Rise0)> Rises(double far) =>
    [
        ("one rises", [0, 0, far, 0, 0], new double[5]),
        ("one falls", new double[5], [0, 0, far, 0, 0]),
        ("one takes the place of another", [0, 0, far, 0, 0], [0, far, 0, 0, 0]),
        ("one rises as others fall", [0, -far, far, -far, 0], new double[5]),
        ("two rise", [0, far, far, 0, 0], new double[5]),
        ("one joins another", [0, far, far, 0, 0], [0, far, 0, 0, 0]),
        ("all rise", [far, far, far + 3, far, far], [0, 0, 3, 0, 0]),
        ("all rise and one comes to lead", [far, far, far + 3, far, far], new double[5]),
        ("one rises twice as far", [far, far, 2 * far, far, far], [0, far, 0, 0, 0]),
    ];

    // In eighths, so that a float holds them also where they are large.
    private static float[] Drawn(int seed, double[] rise, int columns) =>
        [.. Laws.Draw(seed, 5 * columns).Select((v, i) => (float)(rise[i / columns] + Math.Round(8 * v) / 8))];

    private static void Same(Trio net, float[] x, float[] x0, Target target, Rule rule, string what)
    {
        var (singles, doubles) = (new float[x.Length], new double[x.Length]);
        SpanExplainers.DeepLift<float>(net.Compiled, x, 1, target, rule, x0, singles);
        SpanExplainers.DeepLift<double>(net.Interpreted, [.. x.Select(v => (double)v)], 1, target, rule,
            x0.Select(v => (double)v).ToArray(), doubles, new ExplainOptions());
        var largest = doubles.Max(Math.Abs);
        var moved = net.Eager(Doubled(x)).Zip(net.Eager(Doubled(x0)), (y, y0) => Math.Abs(y - y0)).Max();
        for (var i = 0; i < x.Length; i++)
        {
            Assert.True(Math.Abs(singles[i] - doubles[i]) <= 1e-5 * Math.Max(largest, moved),
                $"{what}: element {i} has the score {singles[i]:r} for {doubles[i]:r}; the largest is {largest:r}");
        }
    }

    private static double[] Doubled(float[] x) => [.. x.Select(v => (double)v)];
}
