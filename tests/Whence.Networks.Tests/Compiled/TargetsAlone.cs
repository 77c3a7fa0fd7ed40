namespace Whence.Networks.Tests.Compiled;

/// <summary>
/// What has no value and no slope where the target does not look hinders no method: the answer is that of the network without it.
/// </summary>
public sealed class TargetsAlone
{
    private const string Text = """
        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["all"])]
        public sealed partial class Divided
        {
            public Tensor Forward([Shape(2)] Tensor x) { var all = x * x; return all / Constant(0, 1); }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["all"])]
        public sealed partial class Scaled
        {
            public Tensor Forward([Shape(2)] Tensor x) { var all = x * x; return all * Log(Constant(0, 2)) + Log(Constant(0, 2)); }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["all"])]
        public sealed partial class Logarithm
        {
            public Tensor Forward([Shape(2)] Tensor x) { var all = x + 0.5; return Log(all); }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["all"])]
        public sealed partial class Entropy
        {
            public Tensor Forward([Shape(2)] Tensor x) { var all = x + 0.5; return all * Log(all) / Sqrt(all); }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["all"])]
        public sealed partial class Exploding
        {
            public Tensor Forward([Shape(2)] Tensor x) { var all = x + 0.5; return Exp(all) * all; }
        }

        [Network(Explain = Methods.All & ~Methods.DeconvNet & ~Methods.Genomics, Layers = ["all"])]
        public sealed partial class Rows
        {
            public Tensor Forward([Shape(2)] Tensor x)
            {
                var all = x + 0.5;
                var rows = Permute(Reshape(Concat(Log(all), ReciprocalSqrt(all), 1 / all, Pow(all, 1.5)), 4, 2), 1, 0);
                return Sum(rows, 1) + LogSumExp(rows, 1) + Mean(Softmax(rows, 1) * rows, 1);
            }
        }
        """;

    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(Text));

    private static INetwork Net(string name) => networks.Value.Network(name, "WH204").Load(Weights.Random(1)).Compiled;

    private static readonly Target target = Target.Unit(1);
    private static readonly float[] reference = [2, 3];

    private delegate void Door(INetwork net, float[] x, float[] scores);

    private static readonly Dictionary<string, Door> doors = new()
    {
        ["gradient"] = (net, x, scores) => SpanExplainers.Gradient<float>(net, x, 1, target, scores),
        ["gradient of the output"] = (net, x, scores) => SpanExplainers.Gradient<float>(net, x, 1, target.OfOutput(), scores),
        ["gradient times input"] = (net, x, scores) =>
            SpanExplainers.GradientTimesInput<float>(net, x, 1, target, References.One(reference), scores),
        ["guided"] = (net, x, scores) => SpanExplainers.GuidedBackprop<float>(net, x, 1, target, scores),
        ["LRP"] = (net, x, scores) => SpanExplainers.LrpEpsilon<float>(net, x, 1, target, scores),
        ["integrated gradients"] = (net, x, scores) =>
            SpanExplainers.IntegratedGradients<float>(net, x, 1, target, References.One(reference), scores),
        ["trapezoid"] = (net, x, scores) =>
            SpanExplainers.IntegratedGradients<float>(net, x, 1, target, References.One(reference), scores,
                options: new PathOptions { Quadrature = Quadrature.Trapezoid }),
        ["expected gradients"] = (net, x, scores) =>
            SpanExplainers.ExpectedGradients<float>(net, x, 1, target, References.One(reference), scores),
        ["Rescale"] = (net, x, scores) =>
            SpanExplainers.DeepLift<float>(net, x, 1, target, Rule.Rescale, References.One(reference), scores),
        ["RevealCancel"] = (net, x, scores) =>
            SpanExplainers.DeepLift<float>(net, x, 1, target, Rule.RevealCancel, References.One(reference), scores),
        ["ablation"] = (net, x, scores) =>
            SpanExplainers.Ablation<float>(net, null, x, 1, target, References.One(reference), scores),
        ["Shapley values"] = (net, x, scores) =>
            SpanExplainers.ShapleyValues<float>(net, null, x, 1, target, References.One(reference), scores),
        ["SmoothGrad"] = (net, x, scores) =>
            SpanExplainers.SmoothGrad<float>(net, x, 1, target, scores, new NoiseOptions { Deviation = 0.01, Absolute = true }),
        ["layer gradient"] = (net, x, scores) => SpanExplainers.LayerGradient<float>(net, "all", x, 1, target, scores),
        ["layer DeepLIFT"] = (net, x, scores) =>
            SpanExplainers.LayerDeepLift<float>(net, "all", x, 1, target, Rule.Rescale, References.One(reference), scores),
        ["conductance"] = (net, x, scores) =>
            SpanExplainers.Conductance<float>(net, "all", x, 1, target, References.One(reference), scores),
        ["internal influence"] = (net, x, scores) =>
            SpanExplainers.InternalInfluence<float>(net, "all", x, 1, target, References.One(reference), scores),
        ["layer integrated gradients"] = (net, x, scores) =>
            SpanExplainers.LayerIntegratedGradients<float>(net, "all", x, 1, target, References.One(reference), scores),
        ["neuron conductance"] = (net, x, scores) =>
            SpanExplainers.NeuronConductance<float>(net, "all", 1, x, 1, target, References.One(reference), scores),
    };

    public static TheoryData<string, string> Doors
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var door in doors.Keys)
            {
                foreach (var name in new[] { "Divided", "Scaled", "Logarithm", "Entropy", "Exploding", "Rows" })
                    all.Add(name, door);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public void AnUnitThatIsNotAskedAboutHindersNothing(string name, string door)
    {
        var (found, expected) = (new float[2], new float[2]);
        // Of the first unit there is no value, of the second the same one.
        doors[door](Net(name), [name is "Exploding" ? 200 : -2, 4], found);
        // Where the first unit has a value, too.
        if (name is "Divided" or "Scaled")
            expected = found;
        else
            doors[door](Net(name), [1, 4], expected);
        Assert.True(float.IsFinite(found[0]) && float.IsFinite(found[1]) && found[1] != 0);
        Assert.Equal(0, found[0]);
        // Draws of noise have the same size.
        if (door != "SmoothGrad")
            Assert.Equal(expected[1], found[1]);
    }
}
