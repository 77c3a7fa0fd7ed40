namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Inputs and references near the largest number that a float holds: where the answer is finite, no sum, difference or midpoint on the way
/// to it overflows.
/// </summary>
public sealed class NearTheLargest
{
    private static readonly (string Name, string Call)[] nets =
    [
        ("Larger", "Max(x, Slice(Concat(x, x), 0, 1, 6))"),
        ("Smaller", "Min(x, Slice(Concat(x, x), 0, 1, 6))"),
        ("AtLeast", "Max(x, 2.5)"),
        ("AtMost", "Min(x, Constant(1, 2, 3, -4, 5e37, 6))"),
        ("Bounded", "Clamp(x, -1e30, 2e38)"),
        ("Sizes", "Abs(x)"),
        ("Rectified", "Relu(x)"),
        ("Leaky", "LeakyRelu(x, 0.25)"),
        ("Negative", "LeakyRelu(x, -0.9)"),
        ("Exponential", "Elu(x, 1.5)"),
        ("Scaled", "Selu(0.5 * x)"),
        ("Parametric", "Slope(x)"),
        ("Gaussian", "Gelu(x)"),
        ("GaussianByTanh", "GeluTanh(x)"),
        ("Gated", "Silu(x)"),
        ("Soft", "Softplus(x)"),
        ("Bent", "Tanh(x) + Sigmoid(x)"),
        ("Roots", "Sqrt(Abs(x) + 1) + Pow(Abs(x) + 1, 0.3)"),
        ("Pooled", "Flatten(MaxPool1d(Reshape(x, 1, 6), 3, 1, 1))"),
        ("Pieces", "Flatten(MaxPool1d(Reshape(0.25 * x, 2, 3), 2)) + Largest(x)"),
        ("Averaged", "Flatten(AvgPool1d(Reshape(x, 1, 6), 3, 1, 1))"),
        ("AveragedWhole", "GlobalAvgPool(Reshape(x, 2, 3))"),
        ("Means", "Mean(Reshape(x, 2, 3), 1)"),
        ("MeansAcross", "Mean(Reshape(x, 3, 2), 0)"),
        ("Halves", "0.5 * x"),
        ("Products", "x * Slice(1e-39 * Concat(x, x), 0, 1, 6)"),
        ("MatrixProducts", "Flatten(MatMul(1e-38 * Reshape(x, 2, 3), 0.1 * Reshape(x, 3, 2)))"),
        ("LogShares", "LogSoftmax(0.3 * x)"),
        ("Sums", "LogSumExp(x, axis: 0, keep: true)"),
    ];

    private static readonly PathOptions path = new() { Steps = 5 };

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(nets.Select(net => $$"""
        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class {{net.Name}}
        {
            {{(net.Call.Contains("Slope(") ? "[PRelu] private partial Tensor Slope(Tensor x);" : "")}}
            {{(net.Call.Contains("Largest(") ? "[Maxout(2, 3)] private partial Tensor Largest(Tensor x);" : "")}}
            public Tensor Forward([Shape(6)] Tensor x) => {{net.Call}};
        }

        """))));

    public static TheoryData<string> Names => [.. nets.Select(net => net.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingOverflowsOnTheWay(string name)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(3));
        float[][] rows = [[3e38f, 2.5e38f, 3.2e38f, 2.9e38f, 3.1e38f, 3e38f], [-3e38f, -3.3e38f, -2e38f, -2.9e38f, -3.1e38f, -2.7e38f],
            [3e38f, -3e38f, 1, -2e38f, 2.5e38f, 0], [1, -2, 3, 0.5f, 0, -1], new float[6]];
        var compared = 0;
        foreach (var x in rows)
        {
            foreach (var x0 in rows)
            {
                for (var unit = 0; unit < net.Signature.OutputSize; unit++)
                    compared += Compare(net, x, x0, Target.Unit(unit).OfOutput(), name);
            }
        }
        Assert.True(compared > 0, $"{name}: no answer is finite.");
    }

    private static int Compare(Trio net, float[] x, float[] x0, Target target, string name)
    {
        var what = $"{name}, {target}, from {string.Join(", ", x0)} to {string.Join(", ", x)}";
        if (x.Zip(x0, (a, b) => Math.Abs((double)a - b)).Max() > float.MaxValue)
        {
            Assert.Contains("must be within", Assert.Throws<ArgumentException>(() =>
                SpanExplainers.DeepLift(net.Compiled, x, 1, target, Rule.Rescale, x0, new float[6])).Message);
            return 0;
        }
        if (!IsHeld(net.Eager(Doubled(x))) || !IsHeld(net.Eager(Doubled(x0))))
            return 0;
        return Same(net, (n, scores) => SpanExplainers.DeepLift(n, x, 1, target, Rule.Rescale, x0, scores),
                (n, scores) => SpanExplainers.DeepLift<double>(n, Doubled(x), 1, target, Rule.Rescale, Doubled(x0), scores),
                "Rescale, " + what)
            + Same(net, (n, scores) => SpanExplainers.DeepLift(n, x, 1, target, Rule.RevealCancel, x0, scores),
                (n, scores) => SpanExplainers.DeepLift<double>(n, Doubled(x), 1, target, Rule.RevealCancel, Doubled(x0), scores),
                "RevealCancel, " + what)
            + Same(net, (n, scores) => SpanExplainers.GradientTimesInput(n, x, 1, target, default, scores),
                (n, scores) => SpanExplainers.GradientTimesInput<double>(n, Doubled(x), 1, target, default, scores), "gradient, " + what)
            + Same(net, (n, scores) => SpanExplainers.IntegratedGradients(n, x, 1, target, x0, scores, path),
                (n, scores) => SpanExplainers.IntegratedGradients<double>(n, Doubled(x), 1, target, Doubled(x0), scores, path),
                "integrated, " + what);
    }

        private static int Same(Trio net, Action<INetwork, float[]> singly, Action<IModel<double>, double[]> doubly, string what)
    {
        var (singles, doubles) = (new float[6], new double[6]);
        doubly(net.Interpreted, doubles);
        if (!IsHeld(doubles))
            return 0;
        singly(net.Compiled, singles);
        var largest = doubles.Max(Math.Abs);
        for (var i = 0; i < 6; i++)
            Assert.True(Math.Abs(singles[i] - doubles[i]) <= 1e-5 * largest, $"{what}: element {i} is {singles[i]:r} for {doubles[i]:r}");
        return 1;
    }

    private static bool IsHeld(double[] values) => values.All(value => Math.Abs(value) < 3.4e38);

    private static double[] Doubled(float[] x) => [.. x.Select(value => (double)value)];
}
