namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// Several targets of one call share its forward passes, and each answer has the bits of a call about its target alone, whatever the batch
/// and the threads.
/// </summary>
public sealed class AllTargetsAsked
{
    private const int Count = 5;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.GuidedBackprop | Methods.DeconvNet | Methods.LrpEpsilon,
            Layers = ["Conv1", "edges", "Fc1"])]
        public sealed partial class Strips
        {
            [Conv1d(6, kernel: 3)] private partial Tensor Conv1(Tensor x);
            [Conv1d(8, kernel: 3, Stride = 2)] private partial Tensor Conv2(Tensor x);
            [Linear(12)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);

            public Tensor Forward([Shape(2, 20)] Tensor signal, [Mask(2, 20)] Tensor present, [Shape(3)] Tensor more)
            {
                var edges = Relu(Conv1(signal * present));
                var hidden = Fc1(Concat(Flatten(MaxPool1d(Softplus(Conv2(edges)), 2)), more));
                return Softmax(Fc2(Tanh(hidden)) + Sum(more, axis: 0, keep: true));
            }
        }

        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift | Methods.GuidedBackprop | Methods.DeconvNet | Methods.LrpEpsilon,
            Layers = ["Fc1", "edges"])]
        public sealed partial class Steps
        {
            [Lstm(6)] private partial Tensor Lower(Tensor sequence);
            [Linear(5)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(9, 4)] Tensor text) { var edges = Relu(Fc1(Last(Lower(text)))); return Softmax(Head(edges)); }
        }

        // Two of its units have an infinite slope at zeros, and two have none.
        [Network(Explain = Methods.IntegratedGradients | Methods.DeepLift, Layers = ["Fc1", "edges"])]
        public sealed partial class Steep
        {
            [Linear(6)] private partial Tensor Fc1(Tensor x);
            [Linear(2)] private partial Tensor Fc2(Tensor x);
            [Linear(2)] private partial Tensor Fc3(Tensor x);
            public Tensor Forward([Shape(5)] Tensor row)
            {
                var edges = Sqrt(row * row + Sqrt(row * row));
                return Concat(Fc2(Tanh(Fc1(edges))), Fc3(Tanh(row)));
            }
        }
        """));

    private static readonly SamplingOptions draws = new() { Samples = 60 };

    private delegate void Asking(INetwork net, ReadOnlySpan<float> x, int count, Targets targets, References<float> references,
        Span<float> scores, Span<Completeness> sums, int threads);

    private static readonly Dictionary<string, (string? Layer, Asking Ask)> methods = new()
    {
        ["gradient"] = (null,
            (net, x, n, t, r, s, sums, by) => SpanExplainers.Gradient<float>(net, x, n, t, new() { Scores = s, Sums = sums }, With(by))),
        ["gradient times input"] = (null,
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.GradientTimesInput(net, x, n, t, r, new() { Scores = s, Sums = sums }, With(by))),
        ["guided backprop"] = (null, (net, x, n, t, r, s, sums, by) =>
            SpanExplainers.GuidedBackprop<float>(net, x, n, t, new() { Scores = s, Sums = sums }, With(by))),
        ["DeconvNet"] = (null,
            (net, x, n, t, r, s, sums, by) => SpanExplainers.DeconvNet<float>(net, x, n, t, new() { Scores = s, Sums = sums }, With(by))),
        ["LRP"] = (null,
            (net, x, n, t, r, s, sums, by) => SpanExplainers.LrpEpsilon<float>(net, x, n, t, new() { Scores = s, Sums = sums }, With(by))),
        ["Rescale"] = (null, (net, x, n, t, r, s, sums, by) =>
            SpanExplainers.DeepLift(net, x, n, t, Rule.Rescale, r, new() { Scores = s, Sums = sums }, With(by))),
        ["RevealCancel"] = (null,
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.DeepLift(net, x, n, t, Rule.RevealCancel, r, new() { Scores = s, Sums = sums }, With(by))),
        ["layer gradient"] = ("edges",
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.LayerGradient<float>(net, "edges", x, n, t, new() { Scores = s, Sums = sums }, With(by))),
        ["layer gradient times activation"] = ("edges",
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.LayerGradientTimesActivation<float>(net, "edges", x, n, t, new() { Scores = s, Sums = sums }, With(by))),
        ["layer DeepLift"] = ("Fc1",
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.LayerDeepLift(net, "Fc1", x, n, t, Rule.RevealCancel, r, new() { Scores = s, Sums = sums }, With(by))),
        ["integrated gradients"] = (null,
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.IntegratedGradients(net, x, n, t, r, new() { Scores = s, Sums = sums }, Along(by))),
        ["integrated gradients with ends"] = (null,
            (net, x, n, t, r, s, sums, by) => SpanExplainers.IntegratedGradients(net, x, n, t, r, new() { Scores = s, Sums = sums },
                new() { Quadrature = Quadrature.Trapezoid, Steps = 7, Threads = by })),
        ["integrated gradients to a tolerance"] = (null, (net, x, n, t, r, s, sums, by) => SpanExplainers.IntegratedGradients(net, x, n, t,
            r, new() { Scores = s, Sums = sums }, new() { Steps = 2, MaxSteps = 64, Tolerance = 2e-3, Threads = by })),
        ["layer integrated gradients"] = ("edges",
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.LayerIntegratedGradients(net, "edges", x, n, t, r, new() { Scores = s, Sums = sums }, Along(by))),
        ["conductance"] = ("edges",
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.Conductance(net, "edges", x, n, t, r, new() { Scores = s, Sums = sums }, Along(by))),
        ["Captum's conductance"] = ("Fc1",
            (net, x, n, t, r, s, sums, by) => SpanExplainers.Conductance(net, "Fc1", x, n, t, r, new() { Scores = s, Sums = sums },
                new() { Steps = 20, ConductanceSum = ConductanceSum.Captum, Threads = by })),
        ["internal influence"] = ("edges",
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.InternalInfluence(net, "edges", x, n, t, r, new() { Scores = s, Sums = sums }, Along(by))),
        ["neuron conductance"] = (null,
            (net, x, n, t, r, s, sums, by) =>
                SpanExplainers.NeuronConductance(net, "Fc1", 1, x, n, t, r, new() { Scores = s, Sums = sums }, Along(by))),
        ["expected gradients"] = (null,
            (net, x, n, t, r, s, sums, by) => SpanExplainers.ExpectedGradients(net, x, n, t, r, new() { Scores = s, Sums = sums },
                draws with { Threads = by })),
        ["ablation"] = (null,
            (net, x, n, t, r, s, sums, by) => SpanExplainers.Ablation(net, null, x, n, t, r, new() { Scores = s, Sums = sums }, With(by))),
        ["Shapley sampling"] = (null,
            (net, x, n, t, r, s, sums, by) => SpanExplainers.ShapleySampling(net, null, x, n, t, r, new() { Scores = s, Sums = sums },
                new() { Samples = 3, Threads = by })),
        ["SmoothGrad"] = (null, (net, x, n, t, r, s, sums, by) => SpanExplainers.SmoothGrad<float>(net, x, n, t, s, new() { Samples = 6 })),
    };

    private static ExplainOptions With(int threads) => new() { Threads = threads };

    // With several references more rows than one chunk has.
    private static PathOptions Along(int threads) => new() { Steps = 41, Threads = threads };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var net in new[] { "Strips", "Steps", "Steep" })
            {
                foreach (var method in methods.Keys
                    .Where(method => net != "Steep" || !method.Contains("Net") && method is not "guided backprop"
                        and not "LRP"))
                    all.Add(net, method);
            }
            return all;
        }
    }

    // Of three points; those of the logits lie at different distances.
    private static Target[] Several(string name) =>
    [
        Target.Unit(1), Target.Unit(0), Target.Unit(2).OfOutput(), Target.Difference(3, 1),
        Target.Layer(name == "Strips" ? "Conv1" : "Fc1", 2), Target.Unit(1).OfOutput(), Target.Unit(2),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void EachAnswerIsThatOfACallOfItsOwn(string name, string method)
    {
        var net = networks.Value.Network(name).Load(Weights.Random(5)).Compiled;
        var (layer, ask) = methods[method];
        var size = net.Signature.InputSize;
        var row = layer is null ? size : net.Signature.Points.Single(point => point.Name == layer).Shape.Size;
        var x = Laws.Floats(Laws.Draw(31, Count * size));
        var references = Laws.Floats(Laws.Draw(32, 3 * Count * size));
        var targets = Several(name);
        for (var kind = 0; kind < 3; kind++)
        {
            var (scores, sums) = (new float[targets.Length * Count * row], new Completeness[targets.Length * Count]);
            Laws.Spoil();
            ask(net, x, Count, Targets.Each(targets), Chosen(kind), scores, sums, threads: 1);
            var (spread, spreadSums) = (new float[scores.Length], new Completeness[sums.Length]);
            ask(net, x, Count, Targets.Each(targets), Chosen(kind), spread, spreadSums, threads: 3);
            Assert.Equal(scores, spread);
            Assert.Equal(sums, spreadSums);
            for (var target = 0; target < targets.Length; target++)
            {
                var (own, ownSums) = (new float[Count * row], new Completeness[Count]);
                ask(net, x, Count, targets[target], Chosen(kind), own, ownSums, threads: 1);
                Assert.Equal(own, scores[(target * Count * row)..((target + 1) * Count * row)]);
                Assert.Equal(ownSums, sums[(target * Count)..((target + 1) * Count)]);
            }
        }

        References<float> Chosen(int kind) => kind switch
        {
            0 => default,
            1 => References.Several(references.AsSpan(0, 3 * size), 3),
            _ => References.PerInput(references.AsSpan(0, Count * size)),
        };
    }

    [Fact]
    public void PartsOfContributionsAreThoseOfACallOfTheirOwn()
    {
        var net = networks.Value.Network("Steps").Load(Weights.Random(5)).Compiled;
        var size = Count * net.Signature.InputSize;
        var x = Laws.Floats(Laws.Draw(31, size));
        var targets = Several("Steps");
        var all = Enumerable.Range(0, 5).Select(_ => new float[targets.Length * size]).ToArray();
        Ask(Targets.Each(targets), all);
        for (var target = 0; target < targets.Length; target++)
        {
            var own = Enumerable.Range(0, 5).Select(_ => new float[size]).ToArray();
            Ask(targets[target], own);
            for (var part = 0; part < all.Length; part++)
                Assert.Equal(own[part], all[part][(target * size)..((target + 1) * size)]);
        }

        void Ask(Targets targets, float[][] parts) =>
            SpanExplainers.DeepLift<float>(net, x, Count, targets, Rule.RevealCancel, default, new ScoreSpans<float>
            {
                Scores = parts[0], Positive = parts[1], Negative = parts[2], Multipliers = parts[3], Hypothetical = parts[4],
            });
    }

    [Fact]
    public void AToleranceIsEachTargetsOwn()
    {
        var net = networks.Value.Network("Strips").Load(Weights.Random(5)).Compiled;
        var x = Laws.Floats(Laws.Draw(31, net.Signature.InputSize));
        Target[] targets = [Target.Unit(1), Target.Difference(3, 1), Target.Unit(0), Target.Unit(2), Target.Difference(2, 0)];
        var sums = new Completeness[targets.Length];
        SpanExplainers.IntegratedGradients<float>(net, x, 1, Targets.Each(targets), default,
            new() { Scores = new float[targets.Length * x.Length], Sums = sums },
            new() { Steps = 1, MaxSteps = 8192, Tolerance = 1e-3 });
        Assert.All(sums, sum => Assert.True(sum.Converged));
        Assert.True(sums.Select(sum => sum.Steps).Distinct().Count() > 1);
    }

    [Fact]
    public void ARefusedGapNamesItsTarget()
    {
        var net = networks.Value.Network("Strips").Load(Weights.Random(5)).Compiled;
        var x = Laws.Floats(Laws.Draw(31, Count * net.Signature.InputSize));
        // One step is enough of what is linear: no unit at all.
        Target[] targets = [Target.Weights(0, 0, 0, 0), Target.Weights(0, 0, 0, 0), Target.Unit(1)];
        var error = Assert.Throws<CompletenessException>(
            () => SpanExplainers.IntegratedGradients<float>(net, x, Count, Targets.Each(targets),
                default, new float[targets.Length * x.Length], options: new() { Steps = 1, RequireGap = 1e-7 }));
        Assert.Equal((2, 0), (error.Target, error.Input));
        Assert.Contains("of input 0 for target 2 sum", error.Message);
        Assert.DoesNotContain("target", Assert.Throws<CompletenessException>(() => SpanExplainers.IntegratedGradients<float>(net, x, Count,
            Target.Unit(1), default, new float[x.Length], options: new() { Steps = 1, RequireGap = 1e-7 })).Message);
    }
}
