namespace Whence.Networks.Tests.Compiled;

/// <summary>Where a function has two slopes, the gradient, a secant without a difference, and the interpreter take the same one.</summary>
public sealed class Kinks
{
    private static readonly (string Expression, double At, double Slope)[] cases =
    [
        ("Relu(x)", 0, 0), ("LeakyRelu(x, 0.25)", 0, 0.25), ("Abs(x)", 0, 0), ("Elu(x, 0.5)", 0, 0.5),
        ("Clamp(x, -0.5, 0.25)", -0.5, 1), ("Clamp(x, -0.5, 0.25)", 0.25, 1), ("Clamp(x, 0.5, 0.5)", 0.5, 1),
        ("Max(x, 0.5)", 0.5, 0), ("Max(Constant(0.5), x)", 0.5, 0), ("Min(x, -0.5)", -0.5, 0), ("Max(x, Constant(0.5))", 0.5, 0),
        ("Clamp(Clamp(x, -0.5, 0.25), -0.5, 0)", -0.5, 1), ("Relu(Clamp(x, 0, 1))", 0, 0), ("Clamp(x * 0.5, -0.25, 0)", -0.5, 0.5),
        ("Clamp(Reshape(MaxPool1d(Reshape(x, 1, 1), 1), 1), -0.5, 0)", -0.5, 1), ("Clamp(x + present, -0.5, 0)", -0.5, 1),
    ];

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(cases.Select((one, i) => $$"""
        [Network(Explain = Methods.Gradient | Methods.GuidedBackprop | Methods.Rescale)]
        public sealed partial class Kink{{i}}
        {
            public Tensor Forward([Shape(1)] Tensor x, [Mask(1)] Tensor present) => {{one.Expression}};
        }

        [Network(Explain = Methods.Gradient | Methods.Rescale)]
        public sealed partial class Stepped{{i}}
        {
            public Tensor Forward([Shape(2, 1)] Tensor sequence, [Mask(1)] Tensor present)
            {
                var h = Zeros(1);
                foreach (var x in sequence)
                    h = h * 0.5 + {{one.Expression}};
                return h;
            }
        }

        """))));

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void HaveOneSlope(int index)
    {
        var (expression, at, slope) = cases[index];
        var net = networks.Value.Network($"Kink{index}").Load(Weights.Random(1));
        float[] x = [(float)at, 0];
        var (scores, oracle) = (new float[2], new double[2]);
        SpanExplainers.Gradient<float>(net.Compiled, x, 1, Target.Unit(0), scores);
        SpanExplainers.Gradient<double>(net.Interpreted, [at, 0], 1, Target.Unit(0), oracle);
        Assert.True(scores[0] == slope && oracle[0] == slope,
            $"{expression} at {at}: {scores[0]} compiled, {oracle[0]} interpreted, {slope} expected");
        SpanExplainers.GuidedBackprop<float>(net.Compiled, x, 1, Target.Unit(0), scores);
        Assert.Equal(slope, scores[0]);
        // The secant of no difference is that slope, and from either side the function's own.
        Assert.Equal(slope, Rescale(net, x, x));
        foreach (var side in new[] { -0.25, 0.25 })
        {
            var (y, y0) = (net.Eager([at + side, 0])[0], net.Eager([at, 0])[0]);
            Assert.Equal((y - y0) / side, Rescale(net, [(float)(at + side), 0], x), 1e-6);
        }
        var steps = networks.Value.Network($"Stepped{index}").Load(Weights.Random(1));
        var each = new float[3];
        SpanExplainers.Gradient<float>(steps.Compiled, [(float)at, (float)at, 0], 1, Target.Unit(0), each);
        Assert.Equal([(float)(slope / 2), (float)slope, 0], each);
    }

    private static double Rescale(Trio net, float[] x, float[] x0) =>
        Walked<float>.Of(net.Passes, new Route(Pass.Rescale, 0, -1), x, x0, 1, [1f], 1).Multipliers[0];
}
