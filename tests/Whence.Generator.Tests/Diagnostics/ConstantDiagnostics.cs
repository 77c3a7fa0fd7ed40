namespace Whence.Generator.Tests.Diagnostics;

/// <summary>Constants by which no answer is a number, and those that no question can be asked with.</summary>
public class ConstantDiagnostics
{
    private const string Members = """
        private const double Nought = 0; private readonly double zero = 0.0; private readonly float[] none = [0f];
            private static double Endless => double.PositiveInfinity;
        """;

    [Theory]
    [InlineData("[|x + 1 / zero|]")]
    [InlineData("[|x / zero|]")]
    [InlineData("[|x / Nought|]")]
    [InlineData("[|x / none[0]|]")]
    [InlineData("[|x * Endless|]")]
    [InlineData("[|double.NegativeInfinity - x|]")]
    [InlineData("Clamp(x, [|double.NaN|], 1)")]
    [InlineData("Clamp(x, 0, [|0 / zero|])")]
    [InlineData("Pow(x, [|double.NaN|])")]
    [InlineData("Pow(x, [|1 / zero|])")]
    [InlineData("LeakyRelu(x, slope: [|float.NaN|])")]
    [InlineData("Elu(x, [|double.PositiveInfinity|])")]
    [InlineData("x + [|Constant(double.NaN)|]")]
    [InlineData("x + [|Constant(1, 2, double.NaN, 4)|]")]
    [InlineData("Max(x, [|double.NaN|])")]
    [InlineData("Sum(Pad(Reshape(x, 1, 4), 1, 1, 1, [|double.NaN|]), 1)")]
    [InlineData("LocalResponseNorm(Reshape(x, 4, 1), 3, [|double.NaN|])")]
    [InlineData("[|x / Zeros(4)|]")]
    [InlineData("[|x / Constant(0, 1, 1, 1)|]")]
    [InlineData("x * [|Reciprocal(Zeros(4))|]")]
    [InlineData("[|x * 1e39|]")]
    [InlineData("[|x / 1e-40|]")]
    [InlineData("[|1e39 / (x + 1)|]")]
    [InlineData("[|x - 1e39|]")]
    [InlineData("x + [|Log(Zeros(4))|]")]
    [InlineData("x + [|Log(Constant(-1, 1, 1, 1))|]")]
    [InlineData("x + [|Sqrt(Constant(1, 2, 3, -4))|]")]
    [InlineData("x + [|Pow(Constant(-8, 1, 1, 1), 1 / 3.0)|]")]
    [InlineData("x * [|Pow(Zeros(4), -2)|]")]
    [InlineData("x * [|ReciprocalSqrt(Zeros(4))|]")]
    [InlineData("x + [|Exp(Constant(100, 1, 2, 3))|]")]
    [InlineData("[|x * Exp(2 * Constant(40, 1, 2, 3) + 8) / Zeros(4)|]")]
    [InlineData("[|x / (Constant(1, 2, 3, 4) - Constant(1, 1, 1, 1))|]")]
    [InlineData("[|x / Sum(Constant(1, -1), 0)|]")]
    [InlineData("[|Relu(x) / (Constant(0, 1, 1, 1) * 7)|]")]
    [InlineData("x + [|Constant(0, 1, 1, 1) / Zeros(4)|]")]
    [InlineData("[|x / Reshape(Reshape(Constant(1, 0, 1, 1), 2, 2), 4)|]")]
    public Task WhatIsNeverFiniteIsAWarning(string expression) =>
        Diagnosis.IsIn("WH204", $"{Members} public Tensor Forward([Shape(4)] Tensor x) => {expression};",
            "so that nothing that depends on it is finite");

    [Theory]
    [InlineData("Clamp(x, 0, Endless)")]
    [InlineData("Max(x, double.NegativeInfinity)")]
    [InlineData("Softmax(x + Constant(0, double.NegativeInfinity, 0, 0))")]
    [InlineData("x / Endless + 0 / (x + 1) + x * Nought")]
    [InlineData("Pow(x, 0) + Elu(x, 0.5)")]
    [InlineData("Softmax(x + Log(Constant(0, 1, 1, 1)))")]
    [InlineData("Softmax(x + Constant(0, double.MinValue, 0, 0))")]
    [InlineData("x * (Constant(1e30, 1, 1, 1) * Constant(1e30, 1, 1, 1) * 1e-60)")]
    [InlineData("Clamp(x, 0, 1e39) + x / 1e-38 + x * 1e38 + 0 * x")]
    [InlineData("Zeros(4) / (1 + Exp(x)) + x / (Zeros(4) + 1) + Sqrt(Zeros(4)) * x")]
    [InlineData("x / Sum(Constant(1, 1), 0) + x / Mean(Square(Constant(0, 1)), 0)")]
    public Task WhatMayBeFiniteIsNone(string expression) => Diagnosis.Nothing(
        $$"""[Network] public partial class Net { {{Members}} public Tensor Forward([Shape(4)] Tensor x) => {{expression}}; }""");

    [Fact]
    public Task ALayersSettingIsANumber() => Diagnosis.IsIn("WH108", "[LayerNorm(Epsilon = [|double.NaN|])] private partial Tensor "
        + "Norm(Tensor x); public Tensor Forward([Shape(4)] Tensor x) => Norm(x);", "NaN");

    [Theory]
    [InlineData("net.InteriorGradients(x, Target.Unit(0), [0, 0.5, [|1.5|]])")]
    [InlineData("net.InteriorGradients(x, 1, Target.Unit(0), new[] { [|-0.25|], Most })")]
    [InlineData("net.ScoreAlong(x, Target.Unit(0), alphas: [[|2|]])")]
    [InlineData("net.GradientAlong(x, Target.Unit(0), new double[] { [|1.25|] })")]
    [InlineData("new PathPoints([0.1, [|1.1|]])")]
    [InlineData("new PathPoints(alphas: new[] { 0.1, [|-1e-9|] }, weights: [2, -1])")]
    public Task PointsLieOnThePath(string expression) =>
        Diagnosis.Is("WH205", Used(expression), "is not on the path, which goes from 0, the reference, to 1, the input");

    [Theory]
    [InlineData("new PathOptions { Steps = [|0|] }", "Steps of PathOptions is 0, but must be at least 1")]
    [InlineData("new PathOptions { Tolerance = [|0|] }", "Tolerance of PathOptions is 0, but must be over 0")]
    [InlineData("new PathOptions { RequireGap = [|-1e-3|] }", "RequireGap of ExplainOptions is -0.001, but must be at least 0")]
    [InlineData("new ExplainOptions() with { Threads = [|-1|] }", "Threads of ExplainOptions is -1")]
    [InlineData("new SamplingOptions { Samples = [|0|] }", "Samples of SamplingOptions is 0")]
    [InlineData("PathPoints.Of(Quadrature.Midpoint, [|0|])", "steps of PathPoints.Of is 0, but must be at least 1")]
    [InlineData("PathPoints.Of(Quadrature.Trapezoid, steps: [|1|])", "steps of PathPoints.Of is 1, but must be at least 2")]
    [InlineData("new PathOptions { Quadrature = Quadrature.Trapezoid, Steps = [|1|] }",
        "Steps of PathOptions is 1, but must be at least 2")]
    [InlineData("new PathOptions { Tolerance = 1e-3, Steps = 100, MaxSteps = [|50|] }",
        "MaxSteps of PathOptions is 50, but must be at least 100")]
    [InlineData("new NoiseOptions { Samples = [|0|], Deviation = [|-1|] }", "of NoiseOptions is ")]
    [InlineData("new SlidingWindow(2, [|0|])", "a size or stride of SlidingWindow is 0, but must be at least 1")]
    [InlineData("new SlidingWindow([3, 3], [1, [|4|]])", "a stride of SlidingWindow is 4, but must be at most the window's size, 3")]
    [InlineData("new FeatureGroups([0, [|2|], 0])",
        "a group of FeatureGroups is 2, but must be counted from 0 without gaps, and none is 1")]
    [InlineData("new FeatureGroups([0, [|-2|], 0])", "a group of FeatureGroups is -2")]
    [InlineData("new FeatureGroups([|new[] { -1, -1 }|])", "every group of FeatureGroups is -1")]
    [InlineData("net.Ablation(x, Target.Unit(0), References.Several(x, each: [|0|]))",
        "each of Several is 0, but must be at least 1")]
    [InlineData("ReferenceRows.Population<float>(x, 4, [|0|])", "each of Population is 0")]
    [InlineData("net.IntegratedGradients(x, [|-1|], Target.Unit(0))", "count of IntegratedGradients is -1, but must be at least 0")]
    public Task OptionsCanBeAskedWith(string expression, string says) => Diagnosis.Is("WH206", Used(expression), says);

    [Theory]
    [InlineData("net.InteriorGradients(x, Target.Unit(0), [0, Most, 1])")]
    [InlineData("net.ScoreAlong(x, Target.Unit(0), [x[0], x.Length])")]
    [InlineData("new PathOptions { Steps = 1, Tolerance = 1e-3, RequireGap = 0, MaxSteps = 1 }")]
    [InlineData("new PathOptions { Quadrature = (Quadrature)x.Length, Steps = 1 }")]
    [InlineData("new PathOptions { Steps = 100, MaxSteps = 50 }")]
    [InlineData("new NoiseOptions { Samples = 1, Deviation = 0 }")]
    [InlineData("new SlidingWindow(x.Length, 3)")]
    [InlineData("new SlidingWindow([3, x.Length], [3, 4])")]
    [InlineData("new FeatureGroups([0, 1, -1, x.Length])")]
    [InlineData("new FeatureGroups([1, 0, -1])")]
    [InlineData("new PathOptions { Tolerance = null, Quadrature = Quadrature.Trapezoid }")]
    [InlineData("new SamplingOptions { Samples = null }")]
    [InlineData("PathPoints.Of(Quadrature.Trapezoid, 2)")]
    [InlineData("new Elsewhere { Steps = 0 }.Of([3.0])")]
    public Task WhatCanBeAskedIsAsked(string expression) => Diagnosis.Nothing(Used(expression));

    private static string Used(string expression) => $$"""
        [Network(Explain = Methods.IntegratedGradients)] public partial class Net { public Tensor Forward([Shape(4)] Tensor x) => Relu(x); }
        public class Elsewhere { public int Steps { get; init; } public double Of(double[] alphas) => alphas[0]; }
        public static class Use { private const double Most = 1; public static object Of(float[] x, Net net) => {{expression}}; }
        """;
}
