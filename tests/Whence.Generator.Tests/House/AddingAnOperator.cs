namespace Whence.Generator.Tests.House;

/// <summary>
/// generator/README.md, "Adding things": an operator with weights is added, to the runtime and to the compiler, by what is said there
/// alone. It is LayerScale (Touvron et al., arXiv 2103.17239): each element of the last axis times a weight of its own.
/// </summary>
[Trait("Long", "laws")]
public sealed class AddingAnOperator
{
    private const string Weights = "runtime/Ops/LayerScale.Weights.cs";
    private const string Registry = "generator/Ops/Registry.cs";

    private const string Eager = """
        using Whence.CompilerServices;

        namespace Whence;

        public sealed class LayerScaleAttribute : LayerAttribute;

        public static partial class Nn
        {
            public static Tensor LayerScale(Tensor x, Tensor weight)
            {
                var y = new double[x.Shape.Size];
                for (var i = 0; i < y.Length; i++)
                    y[i] = weight.Values[i % weight.Shape.Size] * x.Values[i];
                return Tensor.From(x.Shape, y);
            }
        }

        public static partial class LayerBodies
        {
            public static Tensor LayerScale(WeightScope scope, string[] names, Tensor x) =>
                Nn.LayerScale(x, scope.Tensors(names, LayerParameters.LayerScale(x.Shape))["weight"]);
        }
        """;

    private const string Shapes = """
        #if WHENCE_GENERATOR
        namespace Whence.Generator.Ops;

        using Whence.Generator.Graphs;
        #else
        namespace Whence;
        #endif

        internal static partial class LayerParameters
        {
            public static IEnumerable<Parameter> LayerScale(Shape x) => [new("weight", new(x[x.Rank - 1]))];
        }
        """;

    private const string Operator = """
        using Whence.Generator.Graphs;
        using Whence.Generator.Support;

        namespace Whence.Generator.Ops;

        internal sealed class LayerScale : Op
        {
            public override Shape Output(IReadOnlyList<Shape> inputs, Settings settings) => inputs[0];

            public override IEnumerable<Parameter> Parameters(IReadOnlyList<Shape> inputs, Settings settings) =>
                LayerParameters.LayerScale(inputs[0]);

            public override string? Complain(IReadOnlyList<Shape> inputs, Settings settings) =>
                inputs[0].Rank == 0 ? "takes at least one axis, not a scalar" : null;

            public override int Expand(Expansion x) =>
                x.Add(Ops.Registry.Scale, Settings.None, x.Inputs[0], x.Weight(WeightKind.Gain, x.Inputs[0], 1));

            public override IEnumerable<Example> Examples => [new(EquatableArray.Of(new Shape(3, 4)), Settings.None)];
        }
        """;

    private const string Networks = """
        [Network(Explain = Methods.Gradient)]
        public sealed partial class Net
        {
            [Linear(4)] private partial Tensor Fc1(Tensor x);
            [LayerScale] private partial Tensor Scale(Tensor x);
            [Linear(2)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(3, 5)] Tensor x) => Fc2(Flatten(Tanh(Scale(Fc1(x)))));
        }

        public static class Answers
        {
            private static readonly Net net = Net.Load(Weights.Random(11));

            public static float[] Scores(float[] x) => net.Gradient(x, Target.Unit(1)).Scores.ToArray();

            public static float Predicted(float[] x) => net.Predict(x)[1];

            public static double Eager(double[] x) => net.Forward(Tensor.From(new Shape(3, 5), x)).Values[1];
        }
        """;

    [Fact]
    public void AnOperatorWithWeightsIsAFileOnEachSideAndOneForBoth()
    {
        var answers = Extended.Answers(
            new Dictionary<string, string>
            {
                ["runtime/Ops/LayerScale.cs"] = Eager,
                [Weights] = Shapes,
            },
            new Dictionary<string, string>
            {
                [Weights] = Shapes,
                ["generator/Ops/LayerScale.cs"] = Operator,
                [Registry] = Extended.Added(Registry, "new FreeParameter(),", "new LayerScale(),"),
            },
            Networks);
        var x = Enumerable.Range(0, 15).Select(i => MathF.Sin(i * 0.7f)).ToArray();
        var wide = Array.ConvertAll(x, value => (double)value);
        Assert.Equal((double)Call("Eager", wide), (float)Call("Predicted", x), 1e-5);
        var scores = (float[])Call("Scores", x);
        for (var i = 0; i < x.Length; i++)
            Assert.Equal(((double)Call("Eager", Moved(i, 1e-5)) - (double)Call("Eager", Moved(i, -1e-5))) / 2e-5, scores[i], 1e-5);

        object Call(string name, object argument) => answers.GetMethod(name)!.Invoke(null, [argument])!;
        double[] Moved(int at, double by) => [.. wide.Select((value, i) => i == at ? value + by : value)];
    }
}
