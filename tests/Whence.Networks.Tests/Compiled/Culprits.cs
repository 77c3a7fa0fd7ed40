namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// An error names the operator and the element from which what was asked about has its infinity, not one before it that came to nothing.
/// What is computed in one loop has one name.
/// </summary>
public sealed class Culprits
{
    private const string Text = """
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["shares"])]
        public sealed partial class Masked
        {
            public Tensor Forward([Shape(4)] Tensor x)
            {
                var shares = Softmax(Log(x));
                return Exp(shares * 1000) * 1e30;
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Hidden
        {
            public Tensor Forward([Mask(4)] Tensor mask, [Shape(4)] Tensor x) => Sum(Softmax(x + Log(mask)) * x, 0, keep: true) + Log(Sum(x, 0, keep: true));
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Beside
        {
            public Tensor Forward([Shape(4)] Tensor x) => Concat(Sigmoid(Log(Slice(x, 0, 0, 2))), Sqrt(Slice(x, 0, 2, 2)));
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Bounded
        {
            public Tensor Forward([Shape(4)] Tensor x) => Relu(Log(x)) / (x - 1);
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Stepped
        {
            public Tensor Forward([Shape(3, 2)] Tensor x)
            {
                var h = Zeros(2);
                foreach (var step in x)
                    h = Relu(Log(step)) + h / (step + 1);
                return Reciprocal(h);
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["energy", "squares", "roots"])]
        public sealed partial class Energies
        {
            public Tensor Forward([Shape(3, 2)] Tensor p)
            {
                var squares = Square(p);
                var energy = Sum(squares, 1);
                var roots = Sqrt(energy);
                return Sum(roots, 0, keep: true);
            }
        }
        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    private static INetwork Net(string name) => networks.Value.Network(name).Load(Weights.Random(1)).Compiled;

    [Theory]
    [InlineData("Masked", new float[] { 0, 1, 0, 0 }, "Exp(shares * 1000) * 1e30", new[] { 1 }, "infinite")]
    [InlineData("Masked", new float[] { 0, -1, 2, 3 }, "Log(x)", new[] { 1 }, "not a number")]
    [InlineData("Hidden", new float[] { 1, 1, 0, 0, -1, -2, 3, 0 },
        "Sum(Softmax(x + Log(mask)) * x, 0, keep: true) + Log(Sum(x, 0, keep: true))", new[] { 0 }, "minus infinity")]
    [InlineData("Hidden", new float[] { 1, -1, 0, 0, 1, 2, 3, 4 }, "x + Log(mask)", new[] { 1 }, "not a number")]
    [InlineData("Beside", new float[] { 0, 0, 1, -1 }, "Sqrt(Slice(x, 0, 2, 2))", new[] { 1 }, "not a number")]
    [InlineData("Bounded", new float[] { 0, 2, 1, 3 }, "Relu(Log(x)) / (x - 1)", new[] { 2 }, "not a number")]
    [InlineData("Stepped", new float[] { 0, 0, 0, 0, 0, 2 }, "Reciprocal(h)", new[] { 0 }, "infinite")]
    [InlineData("Stepped", new float[] { 0, 5, 3, -1, 3, 4 }, "Relu(Log(step)) + h / (step + 1)", new[] { 1 }, "not a number")]
    public void TheOperatorThatReachedTheTargetIsNamed(string name, float[] x, string culprit, int[] index, string what)
    {
        var net = Net(name);
        var predicted = Assert.Throws<NonFiniteException>(() => net.Predict(x));
        Assert.Equal(culprit, predicted.Layer);
        Assert.Equal(index, predicted.Fault!.Index);
        Assert.Contains(what, predicted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyTheTargetsOwnUnitCounts()
    {
        var net = Net("Beside");
        float[] x = [0, 0, 1, -1];
        var scores = new float[4];
        var last = Assert.Throws<NonFiniteException>(() => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(3), scores));
        Assert.Equal("Sqrt(Slice(x, 0, 2, 2))", last.Layer);
        SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(2), scores);
        Assert.Equal([0, 0, 0.5f, 0], scores);
        // The logarithm of 0 comes to a share of 0.
        SpanExplainers.GradientTimesInput<float>(net, x, 1, Target.Unit(0), default, scores);
        Assert.Equal([0, 0, 0, 0], scores);
    }

    [Theory]
    [InlineData("energy", new[] { 1 })]
    [InlineData("squares", new[] { 1 })]
    public void AnInfiniteInfluenceOfALayerThatStaysIsLocated(string layer, int[] index)
    {
        var net = Net("Energies");
        float[] x = [3, 4, 0, 0, 1, 0];
        var scores = new float[net.Signature.Points.Single(point => point.Name == layer).Shape.Size];
        foreach (Action ask in new[]
        {
            () => SpanExplainers.InternalInfluence<float>(net, layer, x, 1, Target.Unit(0), default, scores),
            () => SpanExplainers.LayerGradient<float>(net, layer, x, 1, Target.Unit(0), scores),
        })
        {
            var error = Assert.Throws<NonFiniteException>(ask);
            Assert.Equal("Sqrt(energy)", error.Layer);
            Assert.Equal(index, error.Fault!.Index);
            Assert.Contains("Sqrt(energy) at element [1] is infinitely steep", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatIsSteepBelowTheLayerIsNot()
    {
        var net = Net("Energies");
        var scores = new float[3];
        SpanExplainers.LayerGradient<float>(net, "roots", [3, 4, 0, 0, 1, 0], 1, Target.Unit(0), scores);
        Assert.Equal([1, 1, 1], scores);
        var inputs = new float[6];
        SpanExplainers.Gradient<float>(net, [3, 4, 0, 0, 1, 0], 1, Target.Unit(0), inputs);
        Assert.Equal([0.6f, 0.8f, 0, 0, 1, 0], inputs);
    }
}
