namespace Whence.Generator.Tests.House;

/// <summary>
/// generator/README.md, "Adding things": a core operator, and with it an operator without weights, is added by what is said there alone.
/// It is PyTorch's cumsum: along an axis, at each place the sum of all up to it.
/// </summary>
[Trait("Long", "laws")]
public sealed class AddingACoreOperator
{
    private const string Registry = "generator/Ops/Registry.cs";
    private const string Lowerings = "generator/Plan/Lowering/Lowerings.cs";

    private const string Eager = """
        namespace Whence;

        public static partial class Nn
        {
            public static Tensor CumSum(Tensor x)
            {
                var y = x.Values.ToArray();
                var inner = y.Length / x.Shape[0];
                for (var i = inner; i < y.Length; i++)
                    y[i] += y[i - inner];
                return Tensor.From(x.Shape, y);
            }
        }
        """;

    private const string Kernel = """
        using Whence;

        namespace Whence.CompilerServices;

        /// <summary>Sums of all up to a place.</summary>
        public static class Cumulative
        {
            public static void Sum(ReadOnlySpan<float> x, Span<float> y, int rows, int outer, int axis, int inner, bool backwards = false)
            {
                var size = axis * inner;
                for (var block = 0; block < rows * outer; block++)
                {
                    for (var k = 0; k < inner; k++)
                    {
                        var sum = 0f;
                        for (var i = 0; i < axis; i++)
                        {
                            var at = block * size + (backwards ? axis - 1 - i : i) * inner + k;
                            y[at] = sum += x[at];
                        }
                    }
                }
            }
        }
        """;

    private const string Operator = """
        using Whence.Generator.Graphs;
        using Whence.Generator.Support;

        namespace Whence.Generator.Ops;

        internal sealed class CumSum : Op
        {
            public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

            public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
                inputs[0].Rank == 0 ? "takes at least one axis, not a scalar" : null;

            public override int Expand(Expansion x) => x.Add(Ops.Registry.CumulativeSum, Settings.Of(("axis", 0)), x.Inputs[0]);

            public override IEnumerable<Example> Examples => [new(EquatableArray.Of(new Shape(3, 4)), Settings.None)];
        }
        """;

    private const string Core = """
        using Whence.Generator.Graphs;

        namespace Whence.Generator.Ops;

        /// <summary>The sum of all up to a place along an axis, with flag "backwards" of all from it on.</summary>
        internal sealed class CumulativeSum : LinearOp
        {
            public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

            public override int Transpose(Derivation d, int node, int input, int m)
            {
                var settings = d.Forward[node].Settings;
                var back = settings.Flag("backwards") ? settings.Without("backwards") : settings.With("backwards", 1);
                return d.Add(this, back, d.Shape(node), m);
            }

            public override int Apply(Derivation d, int node, int[] inputs) =>
                d.Add(this, d.Forward[node].Settings, d.Shape(node), inputs);
        }
        """;

    private const string Entry = """
        [typeof(CumulativeSum)] = new AxisLowering("Cumulative.Sum",
            settings => settings.Flag("backwards") ? [new KernelArgument.Flag("backwards")] : []),
        """;

    private const string Networks = """
        [Network(Explain = Methods.Gradient | Methods.IntegratedGradients | Methods.DeepLift)]
        public sealed partial class Net
        {
            [Conv2d(4, kernel: 3)] private partial Tensor Conv(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(1, 6, 6)] Tensor x) => Head(Flatten(Relu(CumSum(Tanh(Conv(x))))));
        }

        public static class Answers
        {
            private static readonly Net net = Net.Load(Weights.Random(11));

            public static float[] Scores(float[] x) => net.Gradient(x, Target.Unit(1)).Scores.ToArray();

            public static double Gap(float[] x, Rule rule) => net.DeepLift(x, Target.Unit(1), rule).Completeness.Gap!.Value;

            public static double Path(float[] x) => net.IntegratedGradients(x, Target.Unit(1)).Completeness.RelativeGap!.Value;

            public static float Predicted(float[] x) => net.Predict(x)[1];

            public static double Eager(double[] x) => net.Forward(Tensor.From(new Shape(1, 6, 6), x)).Values[1];
        }
        """;

    [Fact]
    public void ACoreOperatorIsAFileAndTwoLines()
    {
        var answers = Extended.Answers(
            new Dictionary<string, string> { ["runtime/Ops/CumSum.cs"] = Eager, ["runtime/Kernels/Cumulative.cs"] = Kernel },
            new Dictionary<string, string>
            {
                ["generator/Ops/CumSum.cs"] = Operator,
                ["generator/Ops/Core/CumulativeSum.cs"] = Core,
                [Registry] = Extended.Added(Registry, "new FreeParameter(),", "new CumSum(),").Replace(
                    "public static readonly Flip Flip = new();",
                    "public static readonly Flip Flip = new(); public static readonly CumulativeSum CumulativeSum = new();",
                    StringComparison.Ordinal),
                [Lowerings] = Extended.Added(Lowerings, "// Along an axis.\n", Entry),
            },
            Networks);
        var x = Enumerable.Range(0, 36).Select(i => MathF.Sin(i * 0.7f)).ToArray();
        var wide = Array.ConvertAll(x, value => (double)value);
        Assert.Equal((double)Call("Eager", wide), (float)Call("Predicted", x), 1e-5);
        var scores = (float[])Call("Scores", x);
        for (var i = 0; i < x.Length; i++)
            Assert.Equal(((double)Call("Eager", Moved(i, 1e-5)) - (double)Call("Eager", Moved(i, -1e-5))) / 2e-5, scores[i], 1e-5);
        Assert.Equal(0, (double)Call("Path", x), 0.02);
        Assert.Equal(0, (double)Call("Gap", x, Rule.Rescale), 1e-5);
        Assert.Equal(0, (double)Call("Gap", x, Rule.RevealCancel), 1e-5);

        object Call(string name, params object[] arguments) => answers.GetMethod(name)!.Invoke(null, arguments)!;
        double[] Moved(int at, double by) => [.. wide.Select((value, i) => i == at ? value + by : value)];
    }
}
