namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Where no value exists, every door says so, and names the operator and the element; overflow is only said of what overflowed.
/// </summary>
public sealed class NonFiniteErrors
{
    private const string Text = """
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["logs"])]
        public sealed partial class Logs
        {
            public Tensor Forward([Shape(2, 3)] Tensor x)
            {
                var logs = Log(x);
                return Sum(logs, 1);
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["roots"])]
        public sealed partial class Roots
        {
            public Tensor Forward([Shape(2, 3)] Tensor x)
            {
                var roots = Sqrt(x);
                return Sum(2 * roots, 1);
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Channels
        {
            [Conv1d(2, kernel: 1)] private partial Tensor Fold(Tensor x);

            public Tensor Forward([Shape(2, 3)] Tensor x) => Flatten(Log(Fold(x) * 0 + x));
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Exploding
        {
            public Tensor Forward([Shape(2)] Tensor x) => Exp(x) * 1e30;
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Two
        {
            public (Tensor A, Tensor B) Forward([Shape(2)] Tensor x, [Shape(2)] Tensor y) => (Log(x), y * 2);
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Tokened
        {
            [Embedding(5, 2)] private partial Tensor E(Tensor t);

            public Tensor Forward([Tokens(2)] Tensor t) => Flatten(Log(E(t) - 100));
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    private static INetwork Net(string name) => networks.Value.Network(name).Load(Weights.Random(1)).Compiled;

    private static readonly float[] good = [1, 2, 3, 4, 5, 6];
    private static readonly float[] bad = [1, 2, 3, 4, -5, 6];
    private static readonly float[] zero = [1, 2, 3, 4, 0, 6];
    private static readonly float[] both = [.. good, .. bad];

    private delegate void Door(INetwork net, float[] x, int count);

    private static readonly Dictionary<string, Door> doors = new()
    {
        ["predict"] = (net, x, count) => SpanExplainers.Predict<float>(net, x, new float[2 * count], count),
        ["predict on threads"] = (net, x, count) => SpanExplainers.Predict<float>(net, x, new float[2 * count], count, 2),
        ["layer"] = (net, x, count) => SpanExplainers.LayerActivation<float>(net, "logs", x, count, new float[6 * count]),
        ["gradient"] = (net, x, count) => SpanExplainers.Gradient<float>(net, x, count, Target.Unit(1), new float[6 * count]),
        ["gradient times input"] = (net, x, count) =>
            SpanExplainers.GradientTimesInput<float>(net, x, count, Target.Unit(1), References.One(good), new float[6 * count]),
        ["guided"] = (net, x, count) => SpanExplainers.GuidedBackprop<float>(net, x, count, Target.Unit(1), new float[6 * count]),
        ["LRP"] = (net, x, count) => SpanExplainers.LrpEpsilon<float>(net, x, count, Target.Unit(1), new float[6 * count]),
        ["integrated gradients"] = (net, x, count) =>
            SpanExplainers.IntegratedGradients<float>(net, x, count, Target.Unit(1), References.One(good), new float[6 * count]),
        ["interior gradients"] = (net, x, count) => SpanExplainers.InteriorGradients<float>(net, x, count, Target.Unit(1),
            References.One(good), new PathPoints([0.2, 1.0]), new float[12 * count]),
        ["expected gradients"] = (net, x, count) =>
            SpanExplainers.ExpectedGradients<float>(net, x, count, Target.Unit(1), References.One(good), new float[6 * count]),
        ["Rescale"] = (net, x, count) =>
            SpanExplainers.DeepLift<float>(net, x, count, Target.Unit(1), Rule.Rescale, References.One(good), new float[6 * count]),
        ["RevealCancel"] = (net, x, count) =>
            SpanExplainers.DeepLift<float>(net, x, count, Target.Unit(1), Rule.RevealCancel, References.One(good),
                new float[6 * count]),
        ["ablation"] = (net, x, count) =>
            SpanExplainers.Ablation<float>(net, null, x, count, Target.Unit(1), References.One(good), new float[6 * count]),
        ["Shapley values"] = (net, x, count) =>
            SpanExplainers.ShapleyValues<float>(net, null, x, count, Target.Unit(1), References.One(good), new float[6 * count]),
        ["SmoothGrad"] = (net, x, count) =>
            SpanExplainers.SmoothGrad<float>(net, x, count, Target.Unit(1), new float[6 * count], new NoiseOptions { Deviation = 0.01 }),
        ["score along"] = (net, x, count) => SpanExplainers.ScoreAlong<float>(net, x, count, Target.Unit(1), References.One(good),
            new PathPoints([0.2, 1.0]), new float[2 * count]),
        ["gradient along"] = (net, x, count) =>
            SpanExplainers.GradientAlong<float>(net, x, count, Target.Unit(1), References.One(good),
                new PathPoints([0.2, 1.0]), new double[2 * count]),
        ["layer along"] = (net, x, count) => SpanExplainers.LayerAlong<float>(net, "logs", x, count, References.One(good),
            new PathPoints([0.2, 1.0]), new double[2 * count], []),
        ["conductance"] = (net, x, count) =>
            SpanExplainers.Conductance<float>(net, "logs", x, count, Target.Unit(1), References.One(good), new float[6 * count]),
    };

    public static TheoryData<string> Doors => [.. doors.Keys];

    [Theory]
    [MemberData(nameof(Doors))]
    public void ALogarithmWithoutAValueIsNamed(string door)
    {
        var error = Assert.Throws<NonFiniteException>(() => doors[door](Net("Logs"), both, 2));
        Assert.Equal(1, error.Input);
        Assert.Equal("Log(x)", error.Layer);
        Assert.Equal([1, 1], error.Fault!.Index);
        Assert.True(double.IsNaN(error.Fault.Value));
        Assert.Contains("Log(x) at element [1, 1]", error.Message, StringComparison.Ordinal);
        Assert.Contains("not a number", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("overflow", error.Message, StringComparison.Ordinal);
        doors[door](Net("Logs"), [.. good, .. good.Reverse()], 2);
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("gradient times input")]
    [InlineData("guided")]
    [InlineData("interior gradients")]
    [InlineData("gradient along")]
    public void AnInfiniteSlopeIsNamed(string door)
    {
        var error = Assert.Throws<NonFiniteException>(() => doors[door](Net("Roots"), [.. good, .. zero], 2));
        Assert.Equal(1, error.Input);
        Assert.Equal([1, 1], error.Fault!.Index);
        Assert.Equal(0, error.Fault.Value);
        Assert.Contains("Sqrt(x) at element [1, 1] is infinitely steep", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("overflow", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("integrated gradients")]
    [InlineData("Rescale")]
    [InlineData("RevealCancel")]
    [InlineData("ablation")]
    [InlineData("predict")]
    public void AnInfiniteSlopeAtAnEndHindersNothing(string door) => doors[door](Net("Roots"), [.. good, .. zero], 2);

    [Fact]
    public void AnElementIsInTheUsersOrder()
    {
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.Predict<float>(Net("Channels"), bad, new float[6], 1));
        Assert.Equal([1, 1], error.Fault!.Index);
    }

    [Fact]
    public void WhatOverflowsIsInfinite()
    {
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.Predict<float>(Net("Exploding"), [1, 50], new float[2], 1));
        Assert.Equal([1], error.Fault!.Index);
        Assert.True(double.IsPositiveInfinity(error.Fault.Value));
        Assert.Contains("infinite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictUncheckedLetsItThrough()
    {
        var y = new float[4];
        SpanExplainers.PredictUnchecked<float>(Net("Logs"), both, y, 2);
        Assert.True(float.IsFinite(y[0]) && float.IsFinite(y[1]) && float.IsFinite(y[2]) && float.IsNaN(y[3]));
        Assert.True(float.IsNaN(Net("Logs").PredictUnchecked(bad)[1]));
        Assert.Throws<NonFiniteException>(() => Net("Two").Predict([1, -1, 1, 1]));
        Assert.True(float.IsNaN(Net("Two").PredictUnchecked([1, -1, 1, 1])[1]));
    }

    [Theory]
    [InlineData("Two")]
    [InlineData("Tokened")]
    public void EveryPredictHasBothForms(string name)
    {
        var type = Net(name).GetType();
        var of = (string method) => type.GetMethods().Where(candidate => candidate.Name == method)
            .Select(candidate => string.Join(", ", candidate.GetParameters().Select(parameter => parameter.ToString()))).Order();
        Assert.NotEmpty(of("Predict"));
        Assert.Equal(of("Predict"), of("PredictUnchecked"));
    }
}
