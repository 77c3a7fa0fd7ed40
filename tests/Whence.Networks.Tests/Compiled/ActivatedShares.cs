namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Activations above a softmax that gives all but everything to one class: z and its log-sum-exp move by far more than the share does, and
/// what is asked of one without the other would leave nothing of it in single precision.
/// </summary>
public sealed class ActivatedShares
{
    private const string Text = """
        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Curved
        {
            public Tensor Forward([Shape(5)] Tensor x) => Tanh(Softmax(x));
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Kinked
        {
            public Tensor Forward([Shape(5)] Tensor x) => Relu(Softmax(x) - 0.5);
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class OfLogarithms
        {
            public Tensor Forward([Shape(5)] Tensor x) => Tanh(LogSoftmax(x));
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Powered
        {
            public Tensor Forward([Shape(5)] Tensor x) => Exp(0.5 * LogSoftmax(x));
        }

        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Mixed
        {
            [Linear(3)] private partial Tensor Fc(Tensor x);

            public Tensor Forward([Shape(5)] Tensor x) => Gelu(Fc(Softmax(x)));
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    [Theory]
    [InlineData("Curved")]
    [InlineData("Kinked")]
    [InlineData("OfLogarithms")]
    [InlineData("Powered")]
    [InlineData("Mixed")]
    public void KeepTheirDigits(string name)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5));
        foreach (var lead in new[] { 0f, 5, 12, 15, 18, 25 })
        {
            for (var seed = 1; seed < 12; seed++)
            {
                float[] x = [.. Laws.Draw(seed, 5).Select(v => (float)v)];
                float[] x0 = [.. x.Zip(Laws.Draw(seed + 70, 5), (v, by) => v + (float)by)];
                (x[2], x0[2]) = (x[2] + lead, x0[2] + lead);
                for (var unit = 0; unit < 3; unit++)
                {
                    foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
                        Same(net, x, x0, Target.Unit(unit).OfOutput(), rule, $"{name}, {rule}, unit {unit}, lead {lead}, draw {seed}");
                }
            }
        }
    }

    private static void Same(Trio net, float[] x, float[] x0, Target target, Rule rule, string what)
    {
        var (singles, doubles) = (new float[5], new double[5]);
        SpanExplainers.DeepLift<float>(net.Compiled, x, 1, target, rule, x0, singles);
        SpanExplainers.DeepLift<double>(net.Interpreted, [.. x.Select(v => (double)v)], 1, target, rule,
            x0.Select(v => (double)v).ToArray(), doubles, new ExplainOptions());
        var largest = doubles.Max(Math.Abs);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(Math.Abs(singles[i] - doubles[i]) <= 1e-5 * largest,
                $"{what}: element {i} has the score {singles[i]:r} for {doubles[i]:r}; the largest is {largest:r}");
        }
    }
}
