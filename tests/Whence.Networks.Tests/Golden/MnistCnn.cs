using Whence.Networks.Tests.Zoo;

namespace Whence.Networks.Tests.Golden;

/// <summary>mnist_cnn.npz: what PyTorch and Captum say of the digits network.</summary>
public sealed class MnistCnn
{
    private static readonly NpzKeys golden = Checks();

    public static TheoryData<string> Used => golden.Keys.Theory();

    [Theory]
    [MemberData(nameof(Used))]
    public void AgreesWith(string key) => golden.Keys.Check(key);

    public static TheoryData<string> Long => golden.Keys.LongTheory();

    [Theory]
    [Trait("Long", "laws")]
    [MemberData(nameof(Long))]
    public void AgreesWithOnEveryRow(string key) => golden.Keys.CheckEveryRow(key);

    [Fact]
    public void EveryKeyIsUsedOrExcused() => golden.Keys.RequireAll("mnist_cnn.npz", golden.Npz.Names.Concat(golden.Npz.Skipped));

    private static NpzKeys Checks()
    {
        var net = Trained.MnistCnn().Interpret();
        var keys = new NpzKeys("mnist_cnn.npz", net, pathRows: 8);
        keys.AddReference("zero");
        keys.AddReference("mean1000");
        keys.AddShap();
        keys.AddLayer("conv2", "Conv2", "zero");
        keys.AddLayer("relu3", "relu3", "zero");
        keys.AddEachUnit("deeplift_zero_all_classes", 10, NpzKeys.Exact, (targets, scores) =>
            SpanExplainers.DeepLift<double>(net, keys.X, keys.Count, targets, Rule.Rescale, default, scores));
        keys.AddEachUnit("ig_zero_riemann_middle_all_classes", 10, NpzKeys.CaptumPath, (targets, scores) =>
            SpanExplainers.IntegratedGradients<double>(net, keys.X, keys.Count, targets, default, scores));
        keys.Keys.Add("layer_conv2_gradcam", () => keys.Same("layer_conv2_gradcam",
            keys.Once((targets, scores) => SpanExplainers.GradCam(net, "Conv2", keys.X, keys.Count, targets, scores), 25), NpzKeys.Exact));
        keys.Keys.Add("neuron_gradient_relu3_5", () => keys.Same("neuron_gradient_relu3_5",
            keys.Once((_, scores) => SpanExplainers.Gradient(net, keys.X, keys.Count, Target.Layer("relu3", 5), scores)), NpzKeys.Exact));
        keys.Keys.Add("neuron_conductance_relu3_5", () => keys.Same("neuron_conductance_relu3_5", keys.Once((targets, scores) =>
            SpanExplainers.NeuronConductance<double>(net, "relu3", 5, keys.X, keys.Count, targets, default, scores,
                options: new PathOptions { Points = CaptumTrapezoid(50) })),
            NpzKeys.CaptumPath));
        // Captum's occlusion answers in single precision.
        void Occlusion(string key, SlidingWindow window) => keys.Keys.Add(key, () => keys.Same(key,
            keys.Once((targets, scores) => SpanExplainers.Occlusion(net, window, keys.X, keys.Count, targets, default, scores)), 1e-6));
        Occlusion("occlusion_4x4_stride4", new([1, 4, 4], [1, 4, 4]));
        Occlusion("occlusion_5x5_stride3", new([1, 5, 5], [1, 3, 3]));
        Occlusion("occlusion_1x1", new(1, 1, 1));
        keys.Keys.Add("saliency_softmax_output", () =>
        {
            var softmax = Trained.MnistCnn(softmax: true).Interpret();
            var scores = new double[keys.X.Length];
            SpanExplainers.Gradient(softmax, keys.X, keys.Count,
                Targets.PerInput(Array.ConvertAll(keys.Targets, target => target.OfOutput())),
                scores);
            // p (1 - p) at 1 - p = 1e-8: the difference costs PyTorch, as it costs us, half of all digits.
            keys.Same("saliency_softmax_output", scores, 1e-8);
        });
        return keys;
    }

    // The rule of this golden, with the weights that Captum gives it: they sum to 1 - 1/n.
    private static PathPoints CaptumTrapezoid(int n)
    {
        double[] weights = [.. Enumerable.Repeat(1.0 / n, n)];
        weights[0] = weights[^1] = 0.5 / n;
        return new(PathPoints.Of(Quadrature.Trapezoid, n).Alphas, weights);
    }
}
