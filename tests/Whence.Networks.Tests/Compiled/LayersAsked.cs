
namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// What can be asked about: one of several calls of a layer, all of them together, layers that nothing flows back to, and targets beside or
/// below the layer. In double over the interpreted graph, in single as emitted; completeness against the networks' own outputs.
/// </summary>
public sealed class LayersAsked
{
    private const int Rows = 3;

    private const string Text = """
        [Network(Explain = Methods.All, Layers = ["Fc.1", "Fc.2", "Fc.*", "ha", "hb", "cat"])]
        public sealed partial class Siamese
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3)] Tensor a, [Shape(3)] Tensor b)
            {
                var ha = Relu(Fc(a));
                var hb = Relu(Fc(b));
                var cat = Softplus(Head(ha - hb));
                return cat;
            }
        }

        [Network(Explain = Methods.All, Layers = ["Conv.*"])]
        public sealed partial class SiameseConv
        {
            [Conv1d(6, kernel: 2)] private partial Tensor Conv(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(3, 6)] Tensor a, [Shape(3, 6)] Tensor b) => Head(Flatten(Relu(Conv(a)) - Relu(Conv(b))));
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["encoder.Conv.*", "encoder.deep.1", "encoder.deep.2", "encoder.deep.*"])]
        public sealed partial class SharedEncoder
        {
            private readonly Encoder encoder = new();
            [Linear(2)] private partial Tensor Head(Tensor x);

            public Tensor Forward([Shape(2, 5, 4)] Tensor a, [Shape(2, 5, 4)] Tensor b, [Shape(2, 5, 4)] Tensor c)
            {
                var (ea, eb, ec) = (encoder.Forward(a), encoder.Forward(b), encoder.Forward(c));
                return Softmax(Head(Flatten(ea * eb + Tanh(ec))));
            }
        }

        [Network]
        public sealed partial class Encoder
        {
            [Conv2d(3, kernel: 2)] private partial Tensor Conv(Tensor x);
            [BatchNorm] private partial Tensor Norm(Tensor x);

            public Tensor Forward(Tensor x)
            {
                var deep = Softplus(Norm(Conv(x)));
                return MaxPool2d(deep, 2);
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["Fc.1", "Fc.2", "Fc.3"])]
        public sealed partial class Unrolled
        {
            [Linear(4)] private partial Tensor Fc(Tensor x);

            public Tensor Forward([Shape(4)] Tensor x)
            {
                for (var i = 0; i < 3; i++)
                    x = Tanh(Fc(x));
                return x;
            }
        }

        [Network(Explain = Methods.All & ~Methods.Genomics, Layers = ["Query", "Held", "held", "Constants", "Left", "Right", "Top", "present"])]
        public sealed partial class Still
        {
            [Linear(3)] private partial Tensor Query(Tensor x);
            [Linear(3)] private partial Tensor Held(Tensor x);
            [Linear(3)] private partial Tensor Constants(Tensor x);
            [Linear(3)] private partial Tensor Left(Tensor x);
            [Linear(3)] private partial Tensor Right(Tensor x);
            [Linear(3)] private partial Tensor Top(Tensor x);

            public (Tensor left, Tensor right, Tensor top) Forward([Shape(4)] Tensor x, [Mask(3)] Tensor present)
            {
                var held = Relu(Held(present));
                var left = Left(x) * held + Constants(Constant(1, 2, 3));
                var right = Tanh(Right(x)) + present;
                return (left, right, Top(Relu(left) + right + Query(x)));
            }
        }

        [Network(Explain = Methods.IntegratedGradients, Layers = ["A"])]
        public sealed partial class Chain
        {
            [Linear(2)] private partial Tensor A(Tensor x);
            [Linear(1)] private partial Tensor B(Tensor x);

            public Tensor Forward([Shape(2)] Tensor x) => B(Softplus(A(x)));
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Positions
        {
            public Tensor Forward([Shape(2, 3)] Tensor x) => Softmax(x, axis: 1);
        }

        [Network(Explain = Methods.Gradient, Layers = ["h"])]
        public sealed partial class NoClasses
        {
            public Tensor Forward([Shape(2, 3)] Tensor x) { var h = 2 * x; return Sigmoid(h); }
        }

        [Network(Explain = Methods.Gradient)]
        public sealed partial class OneLine
        {
            public Tensor Forward([Shape(1, 3)] Tensor x) => Tanh(x);
        }

        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    private static Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(5));

    private static double[] Draw(int seed, int count) => Compiled.Laws.Draw(seed, count);

    private static int Size(Trio net, string layer) =>
        net.Signature.Points.Single(point => point.Name == layer) is var point ? point.Shape.Size / point.Calls : 0;

    /// <summary>Asks in double and in single, holds the two equal, and gives the first.</summary>
    private static (double[] Scores, Completeness[] Sums) Ask(Trio net, string layer, Question<double> inDouble, Question<float> inSingle)
    {
        var (x, x0, size) = (Draw(3, Rows * net.Signature.InputSize), Draw(4, Rows * net.Signature.InputSize), Size(net, layer));
        var (scores, singles, sums, sumsOfSingles) =
            (new double[Rows * size], new float[Rows * size], new Completeness[Rows], new Completeness[Rows]);
        inDouble(net.Interpreted, layer, x, References.PerInput(x0), scores, sums);
        inSingle(net.Compiled, layer, Compiled.Laws.Floats(x), References.PerInput(Compiled.Laws.Floats(x0)), singles,
            sumsOfSingles);
        if (scores.Any(score => score != 0))
            Compiled.Laws.Same(layer, singles, scores, Rows, 2e-4);
        else
            Assert.All(singles, score => Assert.Equal(0, score));
        return (scores, sums);
    }

    private delegate void Question<T>(IModel<T> net, string layer, T[] x, References<T> x0, T[] scores, Completeness[] sums)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>;

    private static (double[] Scores, Completeness[] Sums) DeepLift(Trio net, string layer, Rule rule, Target target) => Ask(net, layer,
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.LayerDeepLift<double>(net, layer, x, Rows, target, rule, x0, new() { Scores = scores, Sums = sums }),
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.LayerDeepLift<float>(net, layer, x, Rows, target, rule, x0, new() { Scores = scores, Sums = sums }));

    private static (double[] Scores, Completeness[] Sums) Conductance(Trio net, string layer, Target target, int steps = 200) =>
        Ask(net, layer,
            (net, layer, x, x0, scores, sums) =>
                SpanExplainers.Conductance(net, layer, x, Rows, target, x0, new() { Scores = scores, Sums = sums },
                    new PathOptions { Steps = steps }),
            (net, layer, x, x0, scores, sums) =>
                SpanExplainers.Conductance(net, layer, x, Rows, target, x0, new() { Scores = scores, Sums = sums },
                    new PathOptions { Steps = steps }));

    private static (double[] Scores, Completeness[] Sums) Integrated(Trio net, string layer, Target target) => Ask(net, layer,
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.LayerIntegratedGradients(net, layer, x, Rows, target, x0, new() { Scores = scores, Sums = sums },
                new PathOptions { Steps = 200 }),
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.LayerIntegratedGradients(net, layer, x, Rows, target, x0, new() { Scores = scores, Sums = sums },
                new PathOptions { Steps = 200 }));

    private static (double[] Scores, Completeness[] Sums) Gradient(Trio net, string layer, Target target) => Ask(net, layer,
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.LayerGradient(net, layer, x, Rows, target, new() { Scores = scores, Sums = sums }),
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.LayerGradient(net, layer, x, Rows, target, new() { Scores = scores, Sums = sums }));

    private static (double[] Scores, Completeness[] Sums) TimesActivation(Trio net, string layer, Target target) => Ask(net, layer,
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.LayerGradientTimesActivation(net, layer, x, Rows, target, new() { Scores = scores, Sums = sums }),
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.LayerGradientTimesActivation(net, layer, x, Rows, target, new() { Scores = scores, Sums = sums }));

    private static (double[] Scores, Completeness[] Sums) Influence(Trio net, string layer, Target target) => Ask(net, layer,
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.InternalInfluence(net, layer, x, Rows, target, x0, new() { Scores = scores, Sums = sums }),
        (net, layer, x, x0, scores, sums) =>
            SpanExplainers.InternalInfluence(net, layer, x, Rows, target, x0, new() { Scores = scores, Sums = sums }));

    private static void Complete((double[] Scores, Completeness[] Sums) answer, double tolerance)
    {
        Assert.All(answer.Sums,
            one => Assert.True(Math.Abs(one.Gap!.Value) <= tolerance * (one.Magnitude + Math.Abs(one.Output - one.ReferenceOutput)),
                $"Off by {one.Gap:r}: {one}"));
        Assert.Contains(answer.Scores, score => score != 0);
    }

    public static TheoryData<string, string> Shared =>
        new() { { "Siamese", "Fc.*" }, { "SharedEncoder", "encoder.Conv.*" }, { "SharedEncoder", "encoder.deep.*" } };

    [Theory]
    [MemberData(nameof(Shared))]
    public void TheSumOverAllCallsIsComplete(string name, string layer)
    {
        var net = Load(name);
        foreach (var target in new[] { Target.Unit(0), Target.Unit(1).OfOutput(), Target.Difference(0, 1) })
        {
            Complete(DeepLift(net, layer, Rule.Rescale, target), 1e-12);
            Complete(DeepLift(net, layer, Rule.RevealCancel, target), 1e-12);
            Complete(Integrated(net, layer, target), 1e-2);
            Complete(Conductance(net, layer, target), 2e-2);
        }
    }

    // The layer is linear in neither call alone, so that the sum of both is no layer's by itself.
    [Fact]
    public void EachCallHasItsOwnPart()
    {
        var net = Load("Siamese");
        foreach (var ask in new Func<string, double[]>[]
        {
            layer => DeepLift(net, layer, Rule.Rescale, Target.Unit(1)).Scores,
            layer => DeepLift(net, layer, Rule.RevealCancel, Target.Unit(1)).Scores,
            layer => Conductance(net, layer, Target.Unit(1)).Scores, layer => Gradient(net, layer, Target.Unit(1)).Scores,
            layer => TimesActivation(net, layer, Target.Unit(1)).Scores, layer => Influence(net, layer, Target.Unit(1)).Scores,
        })
        {
            var (first, second, all) = (ask("Fc.1"), ask("Fc.2"), ask("Fc.*"));
            Assert.NotEqual(first, second);
            for (var i = 0; i < all.Length; i++)
                Assert.Equal(first[i] + second[i], all[i], 1e-12);
        }
    }

    [Fact]
    public void TheGenomicsPresetLooksThroughToTheLayer()
    {
        var net = Load("SiameseConv").Compiled;
        float[] Contributions(Rule rule)
        {
            var scores = new float[36];
            SpanExplainers.DeepLift<float>(net, Compiled.Laws.Floats(Draw(3, 36)), 1, Target.Unit(1), rule, default, scores);
            return scores;
        }
        Assert.Equal(Contributions(Rule.Rescale), Contributions(Rule.Genomics));
        Assert.NotEqual(Contributions(Rule.RevealCancel), Contributions(Rule.Genomics));
        Complete(DeepLift(Load("SiameseConv"), "Conv.*", Rule.Genomics, Target.Unit(1)), 1e-12);
    }

    [Fact]
    public void AllCallsAreStackedAlongAFirstAxis()
    {
        var net = Load("Siamese");
        var point = net.Signature.Points.Single(point => point.Name == "Fc.*");
        Assert.Equal((new Shape(2, 4), 2), (point.Shape, point.Calls));
        var x = Draw(3, net.Signature.InputSize);
        double[] Values(string layer, int size)
        {
            var values = new double[size];
            SpanExplainers.LayerActivation<double>(net.Interpreted, layer, x, 1, values);
            return values;
        }
        Assert.Equal([.. Values("Fc.1", 4), .. Values("Fc.2", 4)], Values("Fc.*", 8));
        var compiled = (IIntegratedGradientsNetwork)net.Compiled;
        var row = Compiled.Laws.Floats(x);
        Assert.Equal(8, compiled.LayerActivation("Fc.*", row).Length);
        Assert.Equal(new Shape(4), compiled.Conductance("Fc.*", row, Target.Unit(0)).Shape);
        Assert.Equal(compiled.Gradient(row, Target.Layer("Fc.2", 3)).Scores.ToArray(),
            compiled.Gradient(row, Target.Layer("Fc.*", 1, 3)).Scores.ToArray());
        Assert.Equal(4, ((IDeepLiftNetwork)net.Compiled).LayerDeepLift("Fc.*", row, Target.Unit(0)).Positive.Length);
        Assert.Equal([1, 4, 3],
            ((IGradientNetwork)Load("SharedEncoder").Compiled).GradCam("encoder.Conv.*", new float[120], Target.Unit(0)).Shape.ToArray());
    }

    [Fact]
    public void AskingChangesNoAnswer()
    {
        foreach (var name in new[] { "Siamese", "SharedEncoder", "Unrolled", "Still" })
        {
            var net = Load(name);
            Compiled.Laws.ForwardIsForward(net);
        }
    }

    [Fact]
    public void CallsOfAnUnrolledLoopAreEachComplete()
    {
        var net = Load("Unrolled");
        foreach (var layer in new[] { "Fc.1", "Fc.2", "Fc.3" })
        {
            Complete(DeepLift(net, layer, Rule.Rescale, Target.Unit(2)), 1e-12);
            Complete(Conductance(net, layer, Target.Unit(2)), 1e-3);
            Complete(Integrated(net, layer, Target.Unit(2)), 1e-3);
        }
        // A later call is a target like any other; nothing flows from an earlier one to it.
        Complete(DeepLift(net, "Fc.1", Rule.Rescale, Target.Layer("Fc.2", 1)), 1e-12);
        Assert.All(DeepLift(net, "Fc.3", Rule.Rescale, Target.Layer("Fc.2", 1)).Scores, score => Assert.Equal(0, score));
    }

    public static TheoryData<string> StillLayers => ["Held", "held", "Constants", "present"];

    [Theory]
    [MemberData(nameof(StillLayers))]
    public void WhatIsHeldFixedHasScoresOfZero(string layer)
    {
        var net = Load("Still");
        foreach (var target in new[] { Target.Unit(0).Of("left"), Target.Unit(1).Of("top"), Target.Layer("Top", 2),
            Target.Layer(layer, 1) })
        {
            foreach (var rule in new[] { Rule.Rescale, Rule.RevealCancel })
                Zero(DeepLift(net, layer, rule, target));
            Zero(Conductance(net, layer, target, 10));
            Zero(Integrated(net, layer, target));
            Zero(Gradient(net, layer, target));
            Zero(TimesActivation(net, layer, target));
            Zero(Influence(net, layer, target));
            NoneToTheInputs(net, Target.Layer(layer, 1));
        }
    }

    [Fact]
    public void WhatTheTargetDoesNotDependOnHasScoresOfZero()
    {
        var net = Load("Still");
        foreach (var (layer, target) in new[] { ("Right", Target.Unit(0).Of("left")), ("Left", Target.Unit(0).Of("right")),
            ("Top", Target.Unit(0).Of("left")), ("Top", Target.Layer("Query", 0)), ("Query", Target.Layer("Right", 0)) })
        {
            Zero(DeepLift(net, layer, Rule.Rescale, target));
            Zero(DeepLift(net, layer, Rule.RevealCancel, target));
            Zero(Conductance(net, layer, target, 10));
            Zero(Integrated(net, layer, target));
            Zero(Gradient(net, layer, target));
        }
    }

    private static void Zero((double[] Scores, Completeness[] Sums) answer) => Assert.All(answer.Scores, score => Assert.Equal(0, score));

    private static void NoneToTheInputs(Trio net, Target target)
    {
        var (x, scores) = (Compiled.Laws.Floats(Draw(3, net.Signature.InputSize)), new float[net.Signature.InputSize]);
        SpanExplainers.IntegratedGradients<float>(net.Compiled, x, 1, target, default, scores);
        Assert.All(scores, score => Assert.Equal(0, score));
        SpanExplainers.DeepLift<float>(net.Compiled, x, 1, target, Rule.RevealCancel, default, scores);
        Assert.All(scores, score => Assert.Equal(0, score));
    }

    [Fact]
    public void ConductanceLosesNoEnd()
    {
        var net = Load("Chain");
        Complete(Conductance(net, "A", Target.Unit(0), 50), 1e-4);
    }

    [Fact]
    public void TheMeanIsTakenOverTheSoftmaxsAxis()
    {
        var net = Load("Positions");
        double[] x = [1, 2, 6, 3, 0, 2];
        var scores = new double[6];
        var sums = new Completeness[1];
        SpanExplainers.DeepLift<double>(net.Interpreted, x, 1, Target.Unit(0, 2).MeanCentred(), Rule.Rescale, default,
            new() { Scores = scores, Sums = sums });
        Assert.Equal(3, sums[0].Output, 1e-12);
        Assert.Equal([-1.0 / 3, -2.0 / 3, 4, 0, 0, 0], scores.Select(score => Math.Round(score, 12)), (a, b) => Math.Abs(a - b) < 1e-9);
        SpanExplainers.DeepLift<double>(net.Interpreted, x, 1, Target.Unit(0, 2).MeanCentred(axis: 0), Rule.Rescale, default,
            new() { Scores = scores, Sums = sums });
        Assert.Equal(2, sums[0].Output, 1e-12);
        Assert.Equal(3, ((IDeepLiftNetwork)net.Compiled).DeepLift(Compiled.Laws.Floats(x), Target.Unit(0, 2).MeanCentred()).Output, 1e-6);
        // The shares themselves have the same classes: they sum to 1 at each position.
        var shares = new double[6];
        SpanExplainers.Predict<double>(net.Interpreted, x, shares, 1);
        SpanExplainers.DeepLift<double>(net.Interpreted, x, 1, Target.Unit(1, 0).OfOutput().MeanCentred(), Rule.Rescale, default,
            new() { Scores = scores, Sums = sums });
        Assert.Equal(shares[3] - 1.0 / 3, sums[0].Output, 1e-12);
    }

    [Fact]
    public void WhereNoSoftmaxSaysTheAxisItIsAskedFor()
    {
        var net = Load("NoClasses").Compiled;
        var (x, scores) = (new float[6], new float[6]);
        foreach (var target in new[] { Target.Unit(0, 2), Target.Unit(0, 2).OfOutput(), Target.Layer("h", 0, 2) })
        {
            var refused = Assert.Throws<ArgumentException>(() => SpanExplainers.Gradient<float>(net, x, 1, target.MeanCentred(), scores));
            Assert.Contains("MeanCentred(axis: 1)", refused.Message, StringComparison.Ordinal);
            SpanExplainers.Gradient<float>(net, x, 1, target.MeanCentred(axis: 0), scores);
            Assert.Equal([0, 0, 1, 0, 0, -1], scores.Select(Math.Sign));
            SpanExplainers.Gradient<float>(net, x, 1, target.MeanCentred(axis: 1), scores);
            Assert.Equal([-1, -1, 1, 0, 0, 0], scores.Select(Math.Sign));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => SpanExplainers.Gradient<float>(net, x, 1, target.MeanCentred(axis: 2), scores));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Target.Unit(0).MeanCentred(axis: -1));
        // One axis alone has several units.
        SpanExplainers.Gradient<float>(Load("OneLine").Compiled, new float[3], 1, Target.Unit(0, 2).MeanCentred(), scores.AsSpan(0, 3));
        Assert.Equal([-1, -1, 1], scores[..3].Select(Math.Sign));
    }
}
