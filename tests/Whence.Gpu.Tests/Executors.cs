namespace Whence.Gpu.Tests;

using Whence.Networks.Tests.Backends;

/// <summary>Questions whose rows are formed and folded on the device.</summary>
public class Executors
{
    // Every fold and finish, rows placed in every way.
    private static readonly (string Network, string Question)[] Asked =
    [
        ("Held", "integrated gradients over references"), ("Row", "integrated gradients by trapezoid"), ("Row", "expected gradients"),
        ("Held", "Rescale over references"), ("Letters", "RevealCancel"), ("Held", "ablation in groups"), ("Letters", "occlusion"),
        ("Letters", "mutagenesis"), ("Row", "Shapley values"), ("Letters", "layer Rescale"), ("Row", "layer integrated gradients"),
        ("Row", "conductance"), ("Row", "conductance between steps"), ("Row", "internal influence"), ("Digits", "Grad-CAM"),
        ("Row", "score along"), ("Row", "gradient along"), ("Row", "gradient times input"), ("Row", "interior gradients"),
    ];

    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AnswerAsTheHost(string device)
    {
        foreach (var (network, question) in Asked)
        {
            if (!BackendQuestions.Of(network).Contains(question))
                throw new ArgumentException($"{question} is no question of {network}.");
            var (host, on) = WholePaths.Load(network, Devices.Get(device));
            var expected = Inquiry<float>.Of(host, network, 2).Answer(question);
            var found = Inquiry<float>.Of(on, network, 2).Answer(question);
            var scale = expected.Max(Math.Abs);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - found[i]) <= 2e-5 * scale, $"{network}, {question}, [{i}]: {expected[i]}, {found[i]}");
        }
    }

    /// <summary>Inputs, references, seeds and steps go up; scores and targets come down; once, however many steps there are.</summary>
    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void IntegratedGradientsOfABatchGoUpAndDownOnce(string device)
    {
        using var gpu = Devices.Beside(device);
        var (_, on) = WholePaths.Load("Digits", gpu);
        const int count = 32;
        var (x, x0, scores) = (Numbers(count * 64, 1), Numbers(count * 64, 2), new float[count * 64]);
        (long Up, long UpBytes, long Down, long DownBytes, long Launches) Ask(int steps)
        {
            var (t, launched) = (gpu.Traffic, gpu.Kernels.Launches);
            var before = (t.Uploads, t.UploadedBytes, t.Downloads, t.DownloadedBytes);
            SpanExplainers.IntegratedGradients<float>(on, x, count, Target.Unit(1), References.PerInput(x0), scores,
                new PathOptions { Steps = steps });
            return (t.Uploads - before.Uploads, t.UploadedBytes - before.UploadedBytes, t.Downloads - before.Downloads,
                t.DownloadedBytes - before.DownloadedBytes, gpu.Kernels.Launches - launched);
        }
        // Weights go up at the first question.
        Ask(1);
        var (few, many) = (Ask(3), Ask(50));
        // Beside both, the seed of three units, in a line of its own which unit is asked about, and steps' alphas and weights.
        Assert.Equal(sizeof(float) * (2 * count * 64 + 64 + 1 + 2 * 50), many.UpBytes);
        // Scores, and the unit at each input and each reference.
        Assert.Equal(sizeof(float) * (count * 64 + 2 * count), many.DownBytes);
        Assert.Equal((4, 2), (many.Up, many.Down));
        Assert.Equal(few.Launches, many.Launches);
    }

    /// <summary>Prepared references and what is kept of them stay there.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void PreparedReferencesGoUpOnce(string device)
    {
        const int references = 400;
        using var gpu = Devices.Beside(device);
        var on = (IModel<float>)Table.On(Table.Host(), gpu);
        var (x, scores) = (Table.Rows(1, 1), new float[Table.Inputs]);
        var prepared = SpanExplainers.Prepare<float>(on, Table.Rows(references, 2), Rule.Rescale, references);
        long Ask()
        {
            var before = gpu.Traffic.UploadedBytes;
            SpanExplainers.DeepLift<float>(on, x, 1, Target.Unit(1), Rule.Rescale, prepared, scores);
            return gpu.Traffic.UploadedBytes - before;
        }
        const int bytes = references * Table.Inputs * sizeof(float);
        Assert.InRange(Ask(), bytes, long.MaxValue);
        // Then rows are only told of: half of what a reference takes.
        Assert.InRange(Ask(), 1, bytes * 2 / 3);
    }

    internal static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray();
    }
}
