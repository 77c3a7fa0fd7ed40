namespace Whence.Generator.Tests.Diagnostics;

/// <summary>
/// What is written in place of an array or a span, also in a local or a part of one: points, weights, rows and room for answers. And
/// numbers for enums that are none of their values.
/// </summary>
public class WrittenInPlace
{
    private static string Used(string statements) => $$"""
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["Fc"])]
        public partial class Net
        {
            [Linear(10)] private partial Tensor Fc(Tensor x);
            public Tensor Forward([Shape(2, 4)] Tensor x) => Fc(Flatten(Relu(x)));
        }

        public static class Use
        {
            public static void Set(double[] alphas) => alphas[0] = 0;
            public static void Run(Net net, float[] x, float[] scores, double[] given, int n) { {{statements}} }
        }
        """;

    [Theory]
    [InlineData("WH205", "double[] alphas = [0, 2]; net.InteriorGradients(x, Target.Unit(0), [|alphas|]);", "2 is not on the path")]
    [InlineData("WH205", "double[] alphas = { 0, -2, 2 }; _ = new PathPoints([|alphas|]);", "-2 is not on the path")]
    [InlineData("WH205",
        "var alphas = new[] { 0, 2.0 }; n = alphas.Length; net.ScoreAlong(x, Target.Unit(0), [|alphas|]); _ = alphas[0] + n;",
        "2 is not on the path")]
    [InlineData("WH205", "ReadOnlySpan<double> alphas = [0, 2]; net.GradientAlong(x, Target.Unit(0), [|alphas|]);", "2 is not on the path")]
    [InlineData("WH205", "var all = new[] { 0, 2.0 }; var alphas = all.AsSpan(); net.GradientAlong(x, Target.Unit(0), new[] { [|3.0|] });",
        "3 is not on the path")]
    [InlineData("WH206", "net.InteriorGradients(x, Target.Unit(0), [|[]|]);",
        "the number of alphas of InteriorGradients is 0, but must be at least 1")]
    [InlineData("WH206", "double[] none = []; _ = new PathPoints([|none|]);", "the number of alphas of PathPoints is 0")]
    [InlineData("WH206",
        "double[] w = [1, 2]; _ = new PathPoints([0.5], [|w|]);", "the number of weights of PathPoints is 2, but must be that of "
        + "alphas, 1")]
    [InlineData("WH206", "net.Gradient(x, Target.Weights(0, 0, 0, 0, 0, 0, 0, 0, 0, [|double.NaN|]));", "a weight of Target is NaN")]
    [InlineData("WH206", "int[] sizes = [1, 0]; net.Occlusion([|new SlidingWindow(sizes)|], x, Target.Unit(0));", "a size or stride of")]
    [InlineData("WH206",
        "var groups = new[] { 0, 2, 0, 0, 0, 0, 0, 0 }; net.Ablation(x, Target.Unit(0), groups: new FeatureGroups([|groups|]));",
        "counted from 0 without gaps")]
    [InlineData("WH206", "net.DeepLift(x, Target.Unit(0), [|(Rule)7|]);",
        "rule of DeepLift is 7, but must be a value of Rule: Inherit, Rescale, RevealCancel, Genomics")]
    [InlineData("WH206",
        "const Rule rule = (Rule)(-1); net.LayerDeepLift(\"Fc\", x, Target.Unit(0), [|rule|]);", "rule of LayerDeepLift is -1")]
    [InlineData("WH206", "var nine = (Quadrature)9; _ = new PathOptions { Quadrature = [|nine|] };", "Quadrature of PathOptions is 9")]
    [InlineData("WH206",
        "_ = PathPoints.Of([|(Quadrature)9|], 3);", "a value of Quadrature: Midpoint, Right, Left, Trapezoid, GaussLegendre, Exact")]
    [InlineData("WH206", "_ = new PathOptions { ConductanceSum = [|(ConductanceSum)2|] };", "a value of ConductanceSum: WholePath, Captum")]
    [InlineData("WH206", "Weights.Save(\"a\", [], [|(WeightType)77|]);", "a value of WeightType: ")]
    [InlineData("WH505", "net.Predict([|new float[10].AsSpan()|]);", "x takes 8 numbers, x of Net, but is given 10")]
    [InlineData("WH505", "net.Predict([|stackalloc float[10]|]);", "is given 10")]
    [InlineData("WH505", "const int size = 7; Span<float> row = stackalloc float[size]; net.Predict([|row|]);", "is given 7")]
    [InlineData("WH505", "net.Predict([|stackalloc[] { 1f, 2f }|]);", "is given 2")]
    [InlineData("WH505", "net.Predict([|x.AsSpan(0, 3)|]);", "is given 3")]
    [InlineData("WH505", "net.Predict([|x.AsSpan()[2..5]|]);", "is given 3")]
    [InlineData("WH505", "net.Predict([|x[..3]|]);", "is given 3")]
    [InlineData("WH505", "var rows = new float[16]; net.Predict([|rows.AsSpan(9)|]);", "is given 7")]
    [InlineData("WH505", "var rows = new float[16]; net.Predict([|rows[1..^1]|]);", "is given 14")]
    [InlineData("WH505", "var rows = new float[16]; net.Predict([|rows.AsSpan().Slice(8, 6).ToArray()|]);", "is given 6")]
    [InlineData("WH505", "net.Predict([|new ReadOnlySpan<float>(x, 0, 9)|]);", "is given 9")]
    [InlineData("WH505", "net.Gradient([|x.AsSpan(0, 9)|], Target.Unit(0));", "x takes 8 numbers, x [2, 4], but is given 9")]
    [InlineData("WH505", "net.Predict(x, [|new float[3]|], 1);", "output takes 10 numbers, output [10], but is given 3")]
    [InlineData("WH505",
        "SpanExplainers.Predict<float>(net, x, [|new float[10]|], 2);", "y takes 20 numbers, output [10], but is given 10")]
    [InlineData("WH505", "SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(0), [|new float[3]|]);",
        "scores takes 8 numbers, one for each of x [2, 4], but is given 3")]
    [InlineData("WH505", "var to = new float[8]; SpanExplainers.LrpEpsilon<float>(net, x, 2, Target.Unit(0), [|to|]);", "takes 16 numbers")]
    [InlineData("WH505",
        "SpanExplainers.IntegratedGradients<float>(net, x, 1, Target.Unit(0), default, [|scores.AsSpan(0, 7)|]);", "is given 7")]
    [InlineData("WH505", "SpanExplainers.DeepLift<float>(net, x, 1, Target.Unit(0), Rule.Rescale, default, "
        + "new() { Scores = scores, Multipliers = [|new float[3]|] });", "Multipliers takes 8 numbers")]
    [InlineData("WH505", "SpanExplainers.LayerGradient<float>(net, \"Fc\", x, 1, Target.Unit(0), [|new float[8]|]);",
        "scores takes 10 numbers, Fc [10], but is given 8")]
    [InlineData("WH505", "SpanExplainers.LayerActivation<float>(net, \"Fc\", x, 1, [|new float[3]|]);", "values takes 10 numbers")]
    public Task WhatCannotBeAskedIsSaid(string id, string statements, string says) => Diagnosis.Is(id, Used(statements), says);

    /// <summary>What fits, what is not constant, and what may be another by then.</summary>
    [Theory]
    [InlineData("double[] alphas = [0, 2]; alphas[1] = 1; net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("double[] alphas = [0, 2]; Set(alphas); net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("double[] alphas = [0, 2], same = alphas; same[1] = 1; net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("double[] alphas = [0, 2]; ref var last = ref alphas[1]; last = 1; net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("double[] alphas = [0, 2]; alphas[1]--; net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("double[] alphas = [0, 2]; (alphas[1], n) = (1, 2); net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("double[] alphas = [0, 2]; alphas.AsSpan().Clear(); net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("double[] alphas = [0, 2]; Array.Clear(alphas); net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("Target[] two = [Target.Unit(12)]; two[0] = Target.Unit(1); net.Gradient(x, 1, Targets.Each(two));")]
    [InlineData("var groups = new[] { 0, 2, 0, 0, 0, 0, 0, 0 }; "
        + "groups[1] = 0; net.Ablation(x, Target.Unit(0), groups: new FeatureGroups(groups));")]
    [InlineData("net.InteriorGradients(x, Target.Unit(0), given); _ = new PathPoints(given, given); _ = new PathPoints(given, [1]);")]
    [InlineData("net.DeepLift(x, Target.Unit(0), (Rule)n); net.DeepLift(x, Target.Unit(0), (Rule)1);")]
    [InlineData("_ = new PathOptions { Quadrature = (Quadrature)4, ConductanceSum = (ConductanceSum)1 };")]
    [InlineData("net.Predict(x.AsSpan(n)); net.Predict(x.AsSpan(0, 8)); net.Predict(x[n..]); net.Predict(x[..^n]); net.Predict(x[1..9]);")]
    [InlineData("Span<float> row = stackalloc float[n]; net.Predict(row); row = stackalloc float[3]; net.Predict(row);")]
    [InlineData("Span<float> row = stackalloc float[8]; net.Predict(row);")]
    [InlineData("net.Predict(x, new float[12], 1); net.Predict(x, new float[3], n);")]
    [InlineData("SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(0), new float[9]);")]
    [InlineData("SpanExplainers.InteriorGradients<float>(net, x, 1, Target.Unit(0), default, new PathPoints([0.5]), new float[8]);")]
    [InlineData("SpanExplainers.Ablation<float>(net, new FeatureGroups([0, 0, 0, 0, 1, 1, 1, 1]), x, 1, T"
        + "arget.Unit(0), default, new float[2]);")]
    [InlineData("SpanExplainers.GradCam<float>(net, \"Fc\", x, 1, Target.Unit(0), new float[1]);")]
    public Task WhatIsNotIsNot(string statements) => Diagnosis.Nothing(Used(statements));

    /// <summary>Locals that are declared by themselves, as half-written code has them.</summary>
    [Theory]
    [InlineData("int unit = unit; net.Gradient(x, Target.Unit(unit));")]
    [InlineData("int unit = other, other = unit; net.Gradient(x, Target.Unit(unit));")]
    [InlineData("float[] row = row[1..]; net.Predict(row);")]
    [InlineData("Span<float> row = row.Slice(1), same = row; net.Predict(same);")]
    [InlineData("Span<float> row = same.Slice(1); Span<float> same = row[2..]; net.Predict(same);")]
    [InlineData("ReadOnlySpan<double> alphas = new(alphas); net.GradientAlong(x, Target.Unit(0), alphas);")]
    [InlineData("double[] alphas = alphas; net.InteriorGradients(x, Target.Unit(0), alphas);")]
    [InlineData("float[] row = row.AsSpan().ToArray(); net.Predict(row);")]
    [InlineData("Target target = target.MeanCentred(); net.Gradient(x, target);")]
    public async Task WhatIsDeclaredByItselfIsUnknown(string statements) =>
        Assert.Empty((await Diagnosis.Find(Used(statements))).Found);

    [Theory]
    [InlineData("[Linear(4, Name = [|\"\"|])] private partial Tensor A(Tensor x);",
        "Name of A is \"\", but must be what its tensors begin with")]
    [InlineData("[LayerNorm(Name = [|\" \"|])] private partial Tensor A(Tensor x);", "Name of A is \" \"")]
    public Task ALayersNameIsNotEmpty(string layer, string says) =>
        Diagnosis.IsIn("WH108", $"{layer} public Tensor Forward([Shape(4)] Tensor x) => A(x);", says);

    [Theory]
    [InlineData("\"h\", \"g\", [|\"h\"|]")]
    [InlineData("\"h\", [|\"h\"|], [|\"h\"|]")]
    public Task ALayerIsListedOnce(string layers) => Diagnosis.Is("WH214", $$"""
        [Network(Explain = Methods.Gradient, Layers = [{{layers}}])]
        public partial class Net { public Tensor Forward([Shape(4)] Tensor x) { var h = Relu(x); var g = -h; return g * g; } }
        """, "Layers names 'h' twice");

    [Theory]
    [InlineData("[|Clamp(x, 3, 1)|]", "Clamp(x, 3, 1) is 1 whatever it is given, because its least, 3, is over its most")]
    [InlineData("[|Clamp(x, max: -1, min: 0)|]", "is -1 whatever it is given")]
    public Task BoundsStandTheRightWayRound(string call, string says) =>
        Diagnosis.IsIn("WH215", $"public Tensor Forward([Shape(4)] Tensor x) => {call} + Clamp(x, 1, 1) + Clamp(x, 1, 3);", says);

    private const string Function = """
        readonly struct Mine : IElementwise
            {
                public V Value<V, M>(V x) where M : struct, IMath<V> => x;
                public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.Constant(1);
            }
        """;

    [Fact]
    public Task AFunctionOfOnesOwnHasABody() => Diagnosis.IsIn("WH216", $$"""
        [Elementwise<Mine>] private static partial Tensor My(Tensor x);
        public {{Function}}
        public Tensor Forward([Shape(4)] Tensor x) => [|My(x)|];
        """, "My has no body, and none is written for it, unlike a layer's: write => x.Map<Mine>() and leave out partial", "CS8795");

    [Theory]
    [InlineData("private", "Mine")]
    [InlineData("protected", "Mine")]
    public Task AFunctionOfOnesOwnCanBeSeen(string access, string says) => Diagnosis.IsIn("WH216", $$"""
        [Elementwise<Mine>] private static Tensor My(Tensor x) => x.Map<Mine>();
        {{access}} {{Function}}
        public Tensor Forward([Shape(4)] Tensor x) => [|My(x)|];
        """, $"My stands for Mine, which the class that is compiled cannot see: make {says} internal");

    [Fact]
    public Task WhatIsInternalCanBeSeen() => Diagnosis.Nothing($$"""
        [Network] public partial class Net
        {
            [Elementwise<Mine>] private static Tensor My(Tensor x) => x.Map<Mine>();
            internal {{Function}}
            public Tensor Forward([Shape(4)] Tensor x) => My(x);
        }
        """);

    [Theory]
    [InlineData("return [|null|]!;")]
    [InlineData("return [|default|]!;")]
    [InlineData("Tensor y = null!; return [|y|];")]
    [InlineData("Tensor? y = null; return [|y|]!;")]
    [InlineData("return [|None(x)|]!;")]
    [InlineData("if (x.Shape[0] > 3) return [|null|]!; return x;")]
    public Task ForwardReturnsTensors(string statements) => Diagnosis.IsIn("WH101",
        $"private static Tensor? None(Tensor x) => null; public Tensor Forward([Shape(4)] Tensor x) {{ {statements} }}",
        "null in the place of a tensor");
}
