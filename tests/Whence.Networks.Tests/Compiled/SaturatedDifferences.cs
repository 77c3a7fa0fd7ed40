using Whence.CompilerServices;

namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// DeepLIFT's multipliers where a softmax gives all but everything to one class, at the input and at the reference: exact in single
/// precision too.
/// </summary>
public sealed class SaturatedDifferences
{
    private const string Text = """
        [Network(Explain = Methods.Gradient | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Classes
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }

        [Network(Explain = Methods.Gradient | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class ClassesOfColumns
        {
            public Tensor Forward([Shape(5, 3)] Tensor x) => Softmax(x, axis: 0);
        }

        [Network(Explain = Methods.Gradient | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Logarithms
        {
            public Tensor Forward([Shape(5)] Tensor x) => LogSoftmax(x);
        }

        [Network(Explain = Methods.Gradient | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class LogarithmsOfRows
        {
            public Tensor Forward([Shape(5, 3)] Tensor x) => LogSoftmax(x, axis: 0);
        }

        [Network(Explain = Methods.Gradient | Methods.Rescale)]
        public sealed partial class Written
        {
            public Tensor Forward([Shape(5)] Tensor x) => Exp(LogSoftmax(x));
        }

        [Network(Explain = Methods.Gradient | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Hidden
        {
            public Tensor Forward([Shape(5)] Tensor x, [Mask(5)] Tensor hidden) => Softmax(x + hidden);
        }

        [Network(Explain = Methods.Gradient | Methods.Rescale, Layers = ["sum"])]
        public sealed partial class Asked
        {
            public Tensor Forward([Shape(5)] Tensor x)
            {
                var sum = LogSumExp(x, axis: 0, keep: true);
                return Exp(x - sum);
            }
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics, Softmax = SoftmaxRule.Elementwise)]
        public sealed partial class ClassesByElements
        {
            public Tensor Forward([Shape(5)] Tensor x) => Softmax(x);
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    public static TheoryData<string, double, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, double, double>();
            foreach (var name in new[] { "Classes", "ClassesOfColumns", "Logarithms", "LogarithmsOfRows", "Written", "Hidden" })
            {
                foreach (var lead in new[] { 3.0, 9, 14, 30 })
                {
                    foreach (var distance in new[] { 1, 1e-2, 10 })
                        cases.Add(name, lead, distance);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HaveExactMultipliers(string name, double lead, double distance)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        var columns = net.Signature.InputSize / 5;
        if (name == "Hidden")
            columns = 1;
        for (var seed = 1; seed < 20; seed++)
        {
            var (x, x0) = Drawn(net.Signature.InputSize, columns, seed, lead, distance);
            if (name == "Hidden")
                (x[5], x[6], x[7], x[8], x[9]) = (x0[5], x0[6], x0[7], x0[8], x0[9]) = (0, float.NegativeInfinity, 0, 0, 0);
            foreach (var target in new[] { 2, 3 })
            {
                var unit = (columns == 1 ? Target.Unit(target) : Target.Unit(target, 0)).OfOutput();
                foreach (var rule in name == "Written" ? [Rule.Rescale] : new[] { Rule.Rescale, Rule.RevealCancel })
                {
                    var (singles, doubles) = (Singles(net, x, x0, unit, rule), Doubles(net, x, x0, unit, rule));
                    var what = $"{name}, {rule}, unit {target}, draw {seed}";
                    // A share below 3/4 leaves more, of which a secant far from the reference may take most: there a digit goes.
                    Same(what, doubles, singles, lead < 5 ? 1e-4 : 1e-5);
                    // Here 1 - share is taken as it stands, and keeps this much in double precision.
                    if (lead < 20 && name != "Hidden")
                        Same(what, Expected(x, x0, columns, target, name.StartsWith("Log", StringComparison.Ordinal)), doubles, 1e-7);
                }
                if (lead + distance < 80)
                    Same(name + ", gradient", Gradient<double>(net.Interpreted, x, unit), Gradient<float>(net.Compiled, x, unit), 1e-5);
            }
        }
    }

    /// <summary>What is asked about is passed: its own multipliers are those of a log-sum-exp.</summary>
    [Fact]
    public void PassWhatIsAskedAbout()
    {
        var net = networks.Value.Network("Asked").Load(Weights.Random(5));
        var (x, x0) = Drawn(5, 1, 1, 2, 1);
        var scores = new float[1];
        SpanExplainers.LayerDeepLift<float>(net.Compiled, "sum", x, 1, Target.Unit(2), Rule.Rescale, x0, scores);
        var (y, y0) = (LogSumExp(x), LogSumExp(x0));
        // Of exp((x - sum)), as the sum moves.
        var (u, u0) = (x[2] - y, x0[2] - y0);
        Assert.Equal(-(y - y0) * (Math.Exp(u) - Math.Exp(u0)) / (u - u0), scores[0], 1e-5);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(9, 1)]
    [InlineData(14, 1)]
    [InlineData(14, 10)]
    public void HaveExactQuotients(double lead, double distance)
    {
        var net = networks.Value.Network("ClassesByElements").Load(Weights.Random(5));
        for (var seed = 1; seed < 20; seed++)
        {
            var (x, x0) = Drawn(5, 1, seed, lead, distance);
            foreach (var target in new[] { 2, 3 })
            {
                var (p, p0) = (Share(x, target), Share(x0, target));
                var expected = new double[5];
                expected[target] = p.Value - p0.Value;
                if (target == 2)
                    expected[target] = p0.Left - p.Left;
                Same($"quotient at {seed}", expected, Doubles(net, x, x0, Target.Unit(target).OfOutput(), Rule.Rescale), 1e-9);
                // What is left changes less than it is, and that is a difference.
                var tolerance = 1e-5 * (p.Left + p0.Left + p.Value + p0.Value - (target == 2 ? p.Value + p0.Value : p.Left + p0.Left))
                    / Math.Abs(expected[target]);
                Same($"quotient at {seed}", expected, Singles(net, x, x0, Target.Unit(target).OfOutput(), Rule.Rescale), tolerance);
            }
        }
    }

    // Class 2 leads everywhere, by more or less at the reference.
    private static (float[] X, float[] X0) Drawn(int size, int columns, int seed, double lead, double distance)
    {
        float[] x = [.. Compiled.Laws.Draw(seed, size).Select((v, i) => (float)(v + (i / columns == 2 ? lead : 0)))];
        float[] x0 = [.. x.Zip(Compiled.Laws.Draw(seed + 100, size), (a, b) => (float)(a + distance * b))];
        for (var column = 0; column < columns; column++)
        {
            var least = Enumerable.Range(0, 5).Max(i => x0[Math.Min(i * columns + column, size - 1)]) + (float)(lead / 2);
            x0[2 * columns + column] = Math.Max(x0[2 * columns + column], least);
        }
        return (x, x0);
    }

    private static (double Value, double Left) Share(float[] x, int unit)
    {
        var left = x.Where((_, j) => j != unit).Sum(v => Math.Exp((double)v - x[unit]));
        return (1 / (1 + left), left / (1 + left));
    }

    private static double LogSumExp(IEnumerable<float> x) => x.Max() is var top ? top + Math.Log(x.Sum(v => Math.Exp((double)v - top))) : 0;

    /// <summary>Contributions to a share, or to its logarithm, of column 0, as the secants say them.</summary>
    private static double[] Expected(float[] x, float[] x0, int columns, int target, bool ofLogarithm)
    {
        float[] z = [.. Enumerable.Range(0, 5).Select(i => x[i * columns])], z0 = [.. Enumerable.Range(0, 5).Select(i => x0[i * columns])];
        var (lse, lse0) = (LogSumExp(z), LogSumExp(z0));
        double Secant(double a, double b) =>
            Math.Abs(a - b) < 1e-9 ? Math.Exp(b) : -Math.Exp(Math.Max(a, b)) * DoubleMath.Expm1(-Math.Abs(a - b)) / Math.Abs(a - b);
        var outer = ofLogarithm ? 1 : Secant(z[target] - lse, z0[target] - lse0);
        var result = new double[x.Length];
        for (var i = 0; i < 5; i++)
        {
            var share = Secant(z[i] - Math.Max(lse, lse0), z0[i] - Math.Max(lse, lse0))
                / Secant(lse - Math.Max(lse, lse0), lse0 - Math.Max(lse, lse0));
            result[i * columns] = outer * ((i == target ? 1 : 0) - share) * ((double)z[i] - z0[i]);
        }
        return result;
    }

    private static float[] Singles(Trio net, float[] x, float[] x0, Target target, Rule rule)
    {
        var scores = new float[x.Length];
        SpanExplainers.DeepLift<float>(net.Compiled, x, 1, target, rule, x0, scores);
        return scores;
    }

    private static double[] Doubles(Trio net, float[] x, float[] x0, Target target, Rule rule)
    {
        var scores = new double[x.Length];
        SpanExplainers.DeepLift<double>(net.Interpreted, [.. x.Select(v => (double)v)], 1, target, rule,
            x0.Select(v => (double)v).ToArray(),
            scores, new ExplainOptions());
        return scores;
    }

    private static T[] Gradient<T>(IModel<T> net, float[] x, Target target)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>, IConvertible
    {
        var scores = new T[x.Length];
        SpanExplainers.Gradient<T>(net, [.. x.Select(v => (T)Convert.ChangeType(v, typeof(T), null))], 1, target, scores);
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
