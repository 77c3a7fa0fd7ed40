namespace Whence.Runtime.Tests.Explaining;

/// <summary>
/// Every method over batches: no bit of an input's answer may depend on the others, on the chunks or on the threads; and no call may
/// allocate.
/// </summary>
public class BatchTests
{
    internal delegate void Method(SmallNet<float> net, ReadOnlySpan<float> x, int count, Targets targets, ReadOnlySpan<float> references,
        Span<float> scores, Span<Completeness> sums, PathOptions options);

    private static readonly PathPoints Three = new([0.2, 0.5, 0.9]);
    private static readonly SlidingWindow Wide = new([2, 1], [1, 1]);
    private static readonly FeatureGroups Two = new([0, 0, 1, -1, 1]);

    private static readonly Dictionary<string, (int Size, int Sums, Method Run)> Methods = new()
    {
        ["Gradient"] = (5, 1, (net, x, n, t, r, s, c, o) => SpanExplainers.Gradient(net, x, n, t, new() { Scores = s, Sums = c }, o)),
        ["GradientTimesInput"] = (5, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.GradientTimesInput(net, x, n, t, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["GuidedBackprop"] = (5, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.GuidedBackprop(net, x, n, t, new() { Scores = s, Sums = c }, o)),
        ["DeconvNet"] = (5, 1, (net, x, n, t, r, s, c, o) => SpanExplainers.DeconvNet(net, x, n, t, new() { Scores = s, Sums = c }, o)),
        ["LayerGradientTimesActivation"] = (4, 1,
            (net, x, n, t, r, s, c, o) =>
                SpanExplainers.LayerGradientTimesActivation(net, "Hidden", x, n, t, new() { Scores = s, Sums = c }, o)),
        ["GradCam"] = (2, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.GradCam(net, "Hidden", x, n, t, new() { Scores = s, Sums = c }, o)),
        ["InteriorGradients"] = (15, 3, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.InteriorGradients(net, x, n, t, References.PerInput(r[..(n * 5)]), Three, new() { Scores = s, Sums = c },
                o)),
        ["IntegratedGradients"] = (5, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.IntegratedGradients(net, x, n, t, default, new() { Scores = s, Sums = c }, o)),
        ["IntegratedGradientsOfSeveralReferences"] = (5, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.IntegratedGradients(net, x, n, t, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["IntegratedGradientsToATolerance"] = (5, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.IntegratedGradients(net, x, n, t, References.SeveralPerInput(r, 3), new() { Scores = s, Sums = c },
                Doubling(o))),
        ["LayerIntegratedGradients"] = (4, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.LayerIntegratedGradients(net, "Hidden", x, n, t, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["Conductance"] = (4, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.Conductance(net, "Hidden", x, n, t, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["InternalInfluence"] = (4, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.InternalInfluence(net, "Hidden", x, n, t, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["NeuronConductance"] = (5, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.NeuronConductance(net, "Hidden", 2, x, n, t, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["DeepLift"] = (5, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.DeepLift(net, x, n, t, Rule.Rescale, default, new() { Scores = s, Sums = c }, o)),
        ["DeepLiftOfSeveralReferences"] = (5, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.DeepLift(net, x, n, t, Rule.RevealCancel, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["LayerDeepLift"] = (4, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.LayerDeepLift(net, "Hidden", x, n, t, Rule.RevealCancel, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["ExpectedGradients"] = (5, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.ExpectedGradients(net, x, n, t, References.SeveralPerInput(r, 3), new() { Scores = s, Sums = c },
                Sampling(o))),
        ["Occlusion"] = (5, 1,
            (net, x, n, t, r, s, c, o) =>
                SpanExplainers.Occlusion(net, Wide, x, n, t, References.SeveralPerInput(r, 3), new() { Scores = s, Sums = c }, o)),
        ["Ablation"] = (5, 1,
            (net, x, n, t, r, s, c, o) =>
                SpanExplainers.Ablation(net, null, x, n, t, References.SeveralPerInput(r, 3), new() { Scores = s, Sums = c }, o)),
        ["AblationOfGroups"] = (2, 1,
            (net, x, n, t, r, s, c, o) =>
                SpanExplainers.Ablation(net, Two, x, n, t, References.SeveralPerInput(r, 3), new() { Scores = s, Sums = c }, o)),
        ["ShapleyValues"] = (5, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.ShapleyValues(net, null, x, n, t, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["ShapleyInteractions"] = (25, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.ShapleyInteractions(net, null, x, n, t, References.SeveralPerInput(r, 3),
                new() { Scores = s, Sums = c }, o)),
        ["ShapleySampling"] = (5, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.ShapleySampling(net, null, x, n, t, References.SeveralPerInput(r, 3), new() { Scores = s, Sums = c },
                Sampling(o))),
        ["KernelShapOfAllCoalitions"] = (2, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.KernelShap(net, Two, x, n, t, References.SeveralPerInput(r, 3), new() { Scores = s, Sums = c },
                Sampling(o))),
        ["KernelShap"] = (5, 1, (net, x, n, t, r, s, c, o) =>
            SpanExplainers.KernelShap(net, null, x, n, t, References.SeveralPerInput(r, 3), new() { Scores = s, Sums = c },
                Sampling(o))),
        ["Mutagenesis"] = (5, 1,
            (net, x, n, t, r, s, c, o) => SpanExplainers.Mutagenesis(net, x, n, t, new() { Scores = s, Sums = c },
                o.Threads == 1 ? OneThreadMutants : FourThreadsMutants)),
    };

    private static readonly SamplingOptions OneThreadSampling = new() { Samples = 11, Seed = 3 };
    private static readonly SamplingOptions FourThreadsSampling = OneThreadSampling with { Threads = 4 };
    private static readonly MutagenesisOptions OneThreadMutants = new() { Centred = true };
    private static readonly MutagenesisOptions FourThreadsMutants = OneThreadMutants with { Threads = 4 };

    private static SamplingOptions Sampling(PathOptions options) => options.Threads == 1 ? OneThreadSampling : FourThreadsSampling;

    private static readonly PathOptions OneThread = new() { Quadrature = Quadrature.GaussLegendre, Steps = 6 };
    private static readonly PathOptions FourThreads = OneThread with { Threads = 4 };
    private static readonly PathOptions OneThreadDoubling = OneThread with { Tolerance = 1e-4, MaxSteps = 100 };
    private static readonly PathOptions FourThreadsDoubling = FourThreads with { Tolerance = 1e-4, MaxSteps = 100 };

    private static PathOptions Doubling(PathOptions options) => options.Threads == 1 ? OneThreadDoubling : FourThreadsDoubling;

    private static Target TargetOf(int input) =>
        (input % 5) switch { 0 => Target.Unit(1), 1 => Target.Unit(2), 2 => Target.Difference(0, 1), 3 => Target.Unit(0).OfOutput(), _ =>
            Target.Unit(2).OfOutput() };

    public static TheoryData<string> Names => [.. Methods.Keys];

    [Theory, MemberData(nameof(Names))]
    public void BitsDependOnNothingButTheInput(string method)
    {
        var (size, sumsEach, run) = Methods[method];
        const int Most = 257;
        var x = Inputs.Random<float>(Most, 11);
        var references = Inputs.Random<float>(3 * Most, 12);
        Target[] targets = [.. Enumerable.Range(0, Most).Select(TargetOf)];
        var expected = new float[Most * size];
        var expectedSums = new Completeness[Most * sumsEach];
        for (var n = 0; n < Most; n++)
        {
            // Interior gradients take one reference for an input: row n of the first 257.
            var own = method == "InteriorGradients" ? references.AsSpan(n * 5, 5) : references.AsSpan(n * 15, 15);
            run(SmallNet<float>.Tanh(64), x.AsSpan(n * 5, 5), 1, targets[n], own, expected.AsSpan(n * size, size),
                expectedSums.AsSpan(n * sumsEach, sumsEach), OneThread);
        }
        Assert.Contains(expected, score => score != 0);
        foreach (var chunkRows in new[] { 1, 4, 64 })
        {
            foreach (var count in new[] { 1, 2, 11, 12, 13, Most })
            {
                foreach (var options in new[] { OneThread, FourThreads })
                {
                    var scores = new float[count * size];
                    var sums = new Completeness[count * sumsEach];
                    run(SmallNet<float>.Tanh(chunkRows), x.AsSpan(0, count * 5), count, Targets.PerInput(targets.AsSpan(0, count)),
                        references.AsSpan(0, count * 15), scores, sums, options);
                    Assert.True(expected.AsSpan(0, count * size).SequenceEqual(scores),
                        $"Scores of {count} in chunks of {chunkRows} on {options.Threads} threads.");
                    Assert.True(expectedSums.AsSpan(0, count * sumsEach).SequenceEqual(sums),
                        $"Sums of {count} in chunks of {chunkRows} on {options.Threads} threads.");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void NothingIsAllocatedAfterTheFirstCall(string method)
    {
        var (size, sumsEach, run) = Methods[method];
        var net = SmallNet<float>.Tanh(8);
        var x = Inputs.Random<float>(13, 11);
        var references = Inputs.Random<float>(3 * 13, 12);
        Target[] targets = [.. Enumerable.Range(0, 13).Select(TargetOf)];
        var scores = new float[13 * size];
        var sums = new Completeness[13 * sumsEach];
        Assert.Equal(0, Allocated.By(() => run(net, x, 13, Targets.PerInput(targets), references, scores, sums, OneThread)));
    }

    [Fact]
    public void ManyThreadsShareANetworkAndItsPreparedReference()
    {
        var net = SmallNet<float>.Tanh(8);
        var prepared = SpanExplainers.Prepare<float>(net, Inputs.Random<float>(4, 3), Rule.RevealCancel, 4);
        var x = Inputs.Random<float>(40, 11);
        var expected = new float[200];
        SpanExplainers.DeepLift(net, x, 40, Target.Unit(1), Rule.RevealCancel, prepared, expected);
        Parallel.For(0, 32, _ =>
        {
            var scores = new float[200];
            SpanExplainers.DeepLift(net, x, 40, Target.Unit(1), Rule.RevealCancel, prepared, scores);
            Assert.Equal(expected, scores);
        });
    }

    [Fact]
    public void PredictIsForwardWhateverTheChunksAndThreads()
    {
        var x = Inputs.Random<float>(30, 11);
        var expected = new float[30 * 4];
        for (var n = 0; n < 30; n++)
            SmallNet<float>.Tanh().Forward(x.AsSpan(n * 5, 5), -1, expected.AsSpan(n * 4, 4), 1);
        foreach (var (chunkRows, threads) in new[] { (1, 1), (7, 1), (64, 1), (7, 3), (2, 50) })
        {
            var y = new float[30 * 4];
            SpanExplainers.Predict(SmallNet<float>.Tanh(chunkRows), x, y, 30, threads);
            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void SinglePrecisionIsCloseToDouble()
    {
        var x = Inputs.Random<float>(10, 11);
        var single = new float[50];
        var exact = new double[50];
        SpanExplainers.IntegratedGradients(SmallNet<float>.Tanh(), x, 10, Target.Unit(1), default, single,
            options: new PathOptions { Steps = 2000 });
        SpanExplainers.IntegratedGradients(SmallNet<double>.Tanh(), [.. x.Select(value => (double)value)], 10, Target.Unit(1), default,
            exact,
            options: new PathOptions { Steps = 2000 });
        Inputs.Close(exact, [.. single.Select(value => (double)value)], 2e-7);
    }
}
