namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// An error names the operator and the element from which what was asked about has its infinity, not one before it that came to nothing.
/// What is computed in one loop with what follows it has its own name.
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
        public sealed partial class Directions
        {
            public Tensor Forward([Shape(4)] Tensor x) => x / Sqrt(Sum(Square(x), 0));
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Normals
        {
            public Tensor Forward([Shape(2, 2)] Tensor x) => x / Sqrt(Sum(Square(x), 1, keep: true));
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Cosines
        {
            public Tensor Forward([Shape(2)] Tensor x, [Shape(2)] Tensor y) =>
                Reshape(Sum(x * y, 0) / (Sqrt(Sum(Square(x), 0)) * Sqrt(Sum(Square(y), 0))), 1);
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

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["asked"])]
        public sealed partial class Roots
        {
            public Tensor Forward([Shape(3)] Tensor x)
            {
                var asked = x * 1;
                return Sqrt(asked);
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class OfTwo
        {
            public (Tensor A, Tensor B) Forward([Shape(2)] Tensor x, [Shape(2)] Tensor y)
            {
                var roots = Sqrt(x);
                var others = Sqrt(y);
                return (Concat(roots, others), Sum(Stack([roots, Relu(others - 1), Log(y + 1)]), 0));
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class OfSteps
        {
            public Tensor Forward([Shape(4)] Tensor x)
            {
                var (h, g) = (Zeros(1), Zeros(1));
                foreach (var step in Reshape(x, 4, 1))
                {
                    var root = Sqrt(step);
                    var power = Pow(step, 0.25);
                    h = h + root;
                    g = Relu(power - 1);
                }
                return Concat(h, g);
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Weighed
        {
            [Linear(3)] private partial Tensor Mixed(Tensor x);

            public Tensor Forward([Shape(4)] Tensor x, [Shape(4)] Tensor y) => Concat(Mixed(Sqrt(x)), Sqrt(y) * Constant(0, 1, 0, 2), Flatten(MatMul(Reshape(Sqrt(x), 2, 2), Reshape(y, 2, 2))));
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["asked"])]
        public sealed partial class Capped
        {
            public Tensor Forward([Shape(3, 2)] Tensor x)
            {
                var asked = Square(x);
                return Clamp(Reverse(Reciprocal(Sum(asked, 1))), 0, 5) + Sqrt(Sum(asked, 1));
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["asked"])]
        public sealed partial class Divided
        {
            public Tensor Forward([Shape(2)] Tensor x)
            {
                var asked = x * 1;
                return asked / Constant(0, 1);
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Unseen
        {
            public Tensor Forward([Mask(4)] Tensor mask, [Shape(4)] Tensor x)
            {
                var seen = Reshape(x + mask, 2, 2);
                return Sum(LogSumExp(seen, 1), 0, keep: true);
            }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Shared
        {
            public Tensor Forward([Mask(3)] Tensor mask, [Shape(3)] Tensor x) => Softmax(x + mask);
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics)]
        public sealed partial class Ratios
        {
            public Tensor Forward([Shape(2)] Tensor x, [Shape(2)] Tensor y) => x / y;
        }
        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    private static INetwork Net(string name) => networks.Value.Network(name).Load(Weights.Random(1)).Compiled;

    [Theory]
    [InlineData("Masked", new float[] { 0, 1, 0, 0 }, "Exp(shares * 1000)", new[] { 1 }, "infinite")]
    [InlineData("Masked", new float[] { 0, -1, 2, 3 }, "Log(x)", new[] { 1 }, "not a number")]
    [InlineData("Hidden", new float[] { 1, 1, 0, 0, -1, -2, 3, 0 }, "Log(Sum(x, 0, keep: true))", new[] { 0 }, "minus infinity")]
    [InlineData("Hidden", new float[] { 1, -1, 0, 0, 1, 2, 3, 4 }, "Log(mask)", new[] { 1 }, "not a number")]
    [InlineData("Beside", new float[] { 0, 0, 1, -1 }, "Sqrt(Slice(x, 0, 2, 2))", new[] { 1 }, "not a number")]
    [InlineData("Bounded", new float[] { 0, 2, 1, 3 }, "Relu(Log(x)) / (x - 1)", new[] { 2 }, "not a number")]
    [InlineData("Directions", new float[] { 0, 0, 0, 0 }, "x / Sqrt(Sum(Square(x), 0))", new[] { 0 }, "not a number")]
    [InlineData("Normals", new float[] { 1, 2, 0, 0 }, "x / Sqrt(Sum(Square(x), 1, keep: true))", new[] { 1, 0 }, "not a number")]
    [InlineData("Cosines", new float[] { 1, 2, 0, 0 }, "Sum(x * y, 0) / (Sqrt(Sum(Square(x), 0)) * Sqrt(Sum(Square(y), 0)))", new int[0],
        "not a number")]
    [InlineData("Stepped", new float[] { 0, 0, 0, 0, 0, 2 }, "Reciprocal(h)", new[] { 0 }, "infinite")]
    [InlineData("Stepped", new float[] { 0, 5, 3, -1, 3, 4 }, "Log(step)", new[] { 1 }, "not a number")]
    public void TheOperatorThatReachedTheTargetIsNamed(string name, float[] x, string culprit, int[] index, string what)
    {
        var net = Net(name);
        var predicted = Assert.Throws<NonFiniteException>(() => net.Predict(x));
        Assert.Equal(culprit, predicted.Layer);
        Assert.Equal(index, predicted.Fault!.Index);
        Assert.Contains(what, predicted.Message, StringComparison.Ordinal);
    }

    // Of a number that divides all elements, the element that was asked about.
    [Fact]
    public void AnElementIsOfWhatTheUserSees()
    {
        var scores = new float[4];
        foreach (var unit in new[] { 0, 2 })
        {
            foreach (Action ask in new[]
            {
                () => SpanExplainers.Gradient<float>(Net("Directions"), new float[4], 1, Target.Unit(unit), scores),
                () => SpanExplainers.DeepLift<float>(Net("Directions"), [1, 2, 3, 4], 1, Target.Unit(unit), Rule.Rescale, default, scores),
                () => SpanExplainers.IntegratedGradients<float>(Net("Directions"), [1, 2, 3, 4], 1, Target.Unit(unit), default, scores),
                () => SpanExplainers.LrpEpsilon<float>(Net("Directions"), new float[4], 1, Target.Unit(unit), scores),
            })
            {
                var error = Assert.Throws<NonFiniteException>(ask);
                Assert.Equal("x / Sqrt(Sum(Square(x), 0))", error.Layer);
                Assert.Equal([unit], error.Fault!.Index);
                Assert.Contains($"x / Sqrt(Sum(Square(x), 0)) at element [{unit}]", error.Message, StringComparison.Ordinal);
            }
        }
    }

    private const float None = float.NegativeInfinity;

    // One finite element would be enough: each of them is as much the cause, and the first is said to be the first.
    [Theory]
    [InlineData("Unseen", new float[] { None, None, None, None, 1, 2, 3, 4 }, 0)]
    [InlineData("Unseen", new float[] { None, 0, None, None, 1, 2, 3, 4 }, 2)]
    [InlineData("Unseen", new float[] { None, 0, 3e38f, 0, 1, 2, 3e38f, 4 }, 2)]
    [InlineData("Shared", new float[] { None, 0, 3e38f, 1, 2, 3e38f }, 2)]
    public void OfThoseOfWhichOneWouldBeEnoughTheFirstIsNamed(string name, float[] x, int element)
    {
        var predicted = Assert.Throws<NonFiniteException>(() => Net(name).Predict(x));
        Assert.Equal("x + mask", predicted.Layer);
        Assert.Equal([element], predicted.Fault!.Index);
    }

    // Minus infinity is what a mask may hold: what has no value comes of it.
    [Fact]
    public void WhatAMaskHoldsIsNotToBlame()
    {
        var predicted = Assert.Throws<NonFiniteException>(() => Net("Shared").Predict([None, None, None, 1, 2, 3]));
        Assert.Equal("Softmax(x + mask)", predicted.Layer);
        Assert.Equal([0], predicted.Fault!.Index);
        Assert.Contains("not a number", predicted.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Rule.Rescale)]
    [InlineData(Rule.RevealCancel)]
    public void ASlopeBeyondAFloatIsNotInfinite(Rule rule)
    {
        float[] x = [1e-20f, 1, 1e-20f, 2];
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.DeepLift<float>(Net("Ratios"), x, 1, Target.Unit(0), rule,
            References.One<float>([2e-20f, 0, 3e-20f, 1]), new float[4]));
        Assert.Equal("x / y", error.Layer);
        Assert.Equal([0], error.Fault!.Index);
        Assert.InRange(Math.Abs(error.Fault.Slope!.Value), 0.99e40, 1.01e40);
        Assert.Contains("x / y at element [0] has a slope beyond what a float holds for input 0; so", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("not move", error.Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("Roots", new float[] { 1, 0, 0 }, 2, "Sqrt(asked)", 2)]
    [InlineData("Roots", new float[] { 0, 0, 4 }, 1, "Sqrt(asked)", 1)]
    [InlineData("OfTwo", new float[] { 0, 0, 0, 0 }, 3, "Sqrt(y)", 1)]
    [InlineData("OfTwo", new float[] { 0, 0, 0, 0 }, 1, "Sqrt(x)", 1)]
    [InlineData("OfSteps", new float[] { 4, 0, 1, 4 }, 0, "Sqrt(step)", 0)]
    [InlineData("Weighed", new float[] { 4, 4, 0, 4, 0, 0, 0, 0 }, 6, "Sqrt(y)", 3)]
    [InlineData("Weighed", new float[] { 4, 4, 0, 4, 0, 0, 0, 0 }, 1, "Sqrt(x)", 2)]
    [InlineData("Weighed", new float[] { 0, 4, 4, 0, 1, 1, 0, 1 }, 10, "Sqrt(x)", 3)]
    public void OnlyWhatTheTargetDependsOnIsNamed(string name, float[] x, int unit, string culprit, int element)
    {
        var net = Net(name);
        var scores = new float[x.Length];
        foreach (Action ask in new[]
        {
            () => SpanExplainers.Gradient<float>(net, x, 1, Target.Unit(unit), scores),
            () => SpanExplainers.GuidedBackprop<float>(net, x, 1, Target.Unit(unit), scores),
        })
        {
            var error = Assert.Throws<NonFiniteException>(ask);
            Assert.Equal(culprit, error.Layer);
            Assert.Equal(element, error.Fault!.Index[^1]);
            Assert.Contains("infinitely steep", error.Message, StringComparison.Ordinal);
        }
    }

    // Of both outputs the second: relu(root - 1) is flat where the root is 0.
    [Fact]
    public void WhatIsFlatLetsNothingPass()
    {
        float[] x = [0, 4, 0, 0], scores = new float[4];
        var error = Assert.Throws<NonFiniteException>(
            () => SpanExplainers.Gradient<float>(Net("OfTwo"), x, 1, Target.Unit(0).Of(1), scores));
        Assert.Equal("Sqrt(x)", error.Layer);
        SpanExplainers.Gradient<float>(Net("OfTwo"), x, 1, Target.Unit(1).Of(1), scores);
        Assert.Equal([0, 0.25f, 0, 1], scores);
        SpanExplainers.Gradient<float>(Net("OfSteps"), [4, 1, 4, 0], 1, Target.Unit(1), scores);
        Assert.Equal(new float[4], scores);
    }

    // From infinity at the reference to 1: a share of the move from 5 to 1 has no value.
    [Fact]
    public void WhatABoundHidesIsNamed()
    {
        var error = Assert.Throws<NonFiniteException>(() => SpanExplainers.LayerDeepLift<float>(
            Net("Capped"), "asked", [3, 4, 0, 0, 1, 0], 1, Target.Unit(0), Rule.Rescale, default, new float[6]));
        Assert.Equal("Reciprocal(Sum(asked, 1))", error.Layer);
        Assert.Equal([2], error.Fault!.Index);
        Assert.Contains("for reference of input 0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gradient")]
    [InlineData("GradientTimesInput")]
    [InlineData("IntegratedGradients")]
    [InlineData("Rescale")]
    [InlineData("RevealCancel")]
    [InlineData("LrpEpsilon")]
    [InlineData("GuidedBackprop")]
    public void AnOutputThatWasNotAskedAboutHindersNothing(string method)
    {
        float[] x = [3, 5], scores = new float[2];
        var net = networks.Value.Network("Divided", "WH204").Load(Weights.Random(1)).Compiled;
        var target = Target.Unit(1);
        switch (method)
        {
            case "Gradient":
                SpanExplainers.Gradient<float>(net, x, 1, target, scores);
                break;
            case "GuidedBackprop":
                SpanExplainers.GuidedBackprop<float>(net, x, 1, target, scores);
                break;
            case "GradientTimesInput":
                SpanExplainers.GradientTimesInput<float>(net, x, 1, target, default, scores);
                break;
            case "IntegratedGradients":
                SpanExplainers.IntegratedGradients<float>(net, x, 1, target, default, scores);
                break;
            case "LrpEpsilon":
                SpanExplainers.LrpEpsilon<float>(net, x, 1, target, scores);
                break;
            default:
                SpanExplainers.DeepLift<float>(net, x, 1, target, Enum.Parse<Rule>(method), default, scores);
                break;
        }
        Assert.Equal(0, scores[0]);
        Assert.Equal(method is "Gradient" or "GuidedBackprop" ? 1 : 5, scores[1], 1e-4f);
    }
}
