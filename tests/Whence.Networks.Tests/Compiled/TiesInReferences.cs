namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// What chooses, from a reference of zeros or to an input of zeros, where everything ties: along the straight way such a function is as
/// steep everywhere as it is at the other end, so that contributions are the gradient there times the difference, as integrated gradients
/// have it.
/// </summary>
public sealed class TiesInReferences
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    public static TheoryData<string> Names => ["Globally", "Along", "Windows", "OfTwo", "Pieces", "Sizes", "OverSteps"];

    private const string Text = """
        [Network(Explain = Methods.All)]
        public sealed partial class Globally
        {
            public Tensor Forward([Shape(2, 3)] Tensor x) => GlobalMaxPool(x);
        }

        [Network(Explain = Methods.All)]
        public sealed partial class Along
        {
            public Tensor Forward([Shape(2, 5)] Tensor x) => MaxPool1d(x, 3, 1, 1);
        }

        [Network(Explain = Methods.All)]
        public sealed partial class Windows
        {
            public Tensor Forward([Shape(2, 4, 4)] Tensor x) => MaxPool2d(x, 2);
        }

        [Network(Explain = Methods.All)]
        public sealed partial class OfTwo
        {
            public Tensor Forward([Shape(3)] Tensor a, [Shape(3)] Tensor b) => Concat(0, Max(a, b), Min(a, b), Max(2 * a, Max(b, -a)));
        }

        [Network(Explain = Methods.All)]
        public sealed partial class Pieces
        {
            [Maxout(3, 4, Bias = false)] private partial Tensor Largest(Tensor x);

            public Tensor Forward([Shape(3)] Tensor x) => Largest(x);
        }

        [Network(Explain = Methods.All & ~Methods.Genomics)]
        public sealed partial class Sizes
        {
            public Tensor Forward([Shape(2, 4)] Tensor x) => Max(Constant(0), GlobalMaxPool(x)) - Min(Constant(0), GlobalMaxPool(-x)) + GlobalMaxPool(Abs(x));
        }

        [Network(Explain = Methods.All)]
        public sealed partial class OverSteps
        {
            public Tensor Forward([Shape(4, 3)] Tensor sequence)
            {
                var largest = Zeros(3);
                foreach (var x in sequence)
                    largest = Max(largest, x);
                return largest;
            }
        }
        """;

    [Theory]
    [MemberData(nameof(Names))]
    public void AreBrokenByTheOtherSide(string name)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(11));
        var (size, units) = (net.Signature.InputSize, net.Signature.OutputSize);
        var (x, zeros) = (Compiled.Laws.Floats(Compiled.Laws.Draw(12, size)), new float[size]);
        for (var unit = 0; unit < units; unit++)
        {
            var seed = new float[units];
            seed[unit] = 1;
            var gradient = Walked<float>.Of(net.Passes, new Route(Pass.Gradient, 0, -1), x, [], 1, seed, 1).Multipliers;
            double[] expected = [.. gradient.Select((slope, i) => (double)slope * x[i])];
            foreach (var pass in net.Signature.Passes
                .Where(pass => pass is Pass.Rescale or Pass.RevealCancel or Pass.Genomics or Pass.GuidedBackpropRescale
                    && name is not ("Sizes" or "OverSteps")))
            {
                Same($"{name}, unit {unit}, {pass} from zeros", x, zeros, net, pass, seed, expected);
                Same($"{name}, unit {unit}, {pass} to zeros", zeros, x, net, pass, seed, [.. expected.Select(score => -score)]);
            }
        }
    }

    private static void Same(string what, float[] x, float[] x0, Trio net, Pass pass, float[] seed, double[] expected)
    {
        var walked = Walked<float>.Of(net.Passes, new Route(pass, 0, -1), x, x0, 1, seed, 1);
        float[] scores =
            [.. x.Select((value, i) => (value - x0[i]) * (value > x0[i] ? walked.Multipliers[i] : walked.NegativeMultipliers[i]))];
        Compiled.Laws.Same(what, scores, expected, 1, 1e-5);
    }

    [Theory]
    [InlineData(-5f, -1f, -3f)]
    [InlineData(5f, 1f, 3f)]
    public void AFallIsTheWinners(float first, float second, float third)
    {
        var net = networks.Value.Network("Globally").Load(Weights.Random(11));
        float[] x = [first, second, third, 0, 0, 0];
        var winner = first > 0 ? 0 : 1;
        var scores = new float[6];
        foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel, Rule.Genomics })
        {
            SpanExplainers.DeepLift<float>(net.Compiled, x, 1, Target.Unit(0), rule, default, scores);
            Assert.Equal(Enumerable.Range(0, 6).Select(i => i == winner ? x[i] : 0), scores);
        }
    }
}
