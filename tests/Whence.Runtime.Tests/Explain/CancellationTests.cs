using Whence.Evaluate;

namespace Whence.Runtime.Tests.Explaining;

/// <summary>Calls that take long can be ended between two chunks of rows, and tell how much is done.</summary>
public class CancellationTests
{
    private const int Count = 4;

    private static readonly double[] x = Inputs.Random<double>(Count);
    private static readonly double[] scores = new double[Count * SmallNet<double>.In];

    [Theory]
    [InlineData(null)]
    [InlineData(1e-9)]
    public void ACancelledCallEnds(double? tolerance)
    {
        var net = SmallNet<double>.Tanh();
        using var source = new CancellationTokenSource();
        var told = new Told(share => source.Cancel());
        var options = new PathOptions { Cancellation = source.Token, Progress = told, Tolerance = tolerance };
        Assert.Throws<OperationCanceledException>(
            () => SpanExplainers.IntegratedGradients<double>(net, x, Count, Target.Unit(1), default, scores,
                options: options));
        Assert.Single(told.Shares);
    }

    [Fact]
    public void ACallThatWasCancelledBeforeAsksNothing()
    {
        var options = new ExplainOptions { Cancellation = new CancellationToken(true) };
        var net = SmallNet<double>.Tanh();
        var window = new SlidingWindow(1, 1);
        Assert.Throws<OperationCanceledException>(
            () => SpanExplainers.Gradient<double>(net, x, Count, Target.Unit(1), scores, options: options));
        Assert.Throws<OperationCanceledException>(
            () => SpanExplainers.DeepLift<double>(net, x, Count, Target.Unit(1), Rule.Rescale, default, scores,
                options: options));
        Assert.Throws<OperationCanceledException>(
            () => SpanExplainers.Occlusion<double>(net, window, x, Count, Target.Unit(1), default, scores,
                options: options));
        var noise = new NoiseOptions { Cancellation = new CancellationToken(true) };
        Assert.Throws<OperationCanceledException>(() => SpanExplainers.SmoothGrad<double>(net, x, Count, Target.Unit(1), scores, noise));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void PredictionsEndToo(int threads)
    {
        var cancelled = new CancellationToken(true);
        var outputs = new double[Count * 4];
        Assert.ThrowsAny<OperationCanceledException>(
            () => SpanExplainers.Predict<double>(SmallNet<double>.Tanh(), x, outputs, Count, threads, cancelled));
    }

    [Fact]
    public void SoDoesWhatIsAskedAroundThem()
    {
        var cancelled = new CancellationToken(true);
        var net = SmallNet<double>.Tanh();
        Assert.Throws<OperationCanceledException>(() => SpanExplainers.Prepare<double>(net, x, each: Count, cancellation: cancelled));
        Assert.Throws<OperationCanceledException>(
            () => Erasing.LogOddsChanges<double>(net, x, Count, scores, 0, 1, cancellation: cancelled));
        Assert.Throws<OperationCanceledException>(() => Bootstrap.Mean([1, 2, 3], new() { Cancellation = cancelled }));
        Assert.Throws<OperationCanceledException>(() => Bootstrap.MedianDifference([1, 2, 3], [2], new() { Cancellation = cancelled }));
        var peaks = Enumerable.Range(0, 20 * 4 * 30).Select(i => i % 30 is 10 or 11 ? 1f : 0.01f * (i % 7)).ToArray();
        Assert.NotEmpty(SeqletMotif.Find(peaks, 20, options: new() { Width = 4 }));
        Assert.Throws<OperationCanceledException>(
            () => SeqletMotif.Find(peaks, 20, options: new() { Width = 4, Cancellation = cancelled }));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(3, 1e-3)]
    public void ProgressEndsAtOne(int threads, double? tolerance)
    {
        var told = new Told(share => { });
        var options = new PathOptions { Progress = told, Threads = threads, Tolerance = tolerance };
        Target[] targets = [Target.Unit(1), Target.Unit(0).OfOutput()];
        SpanExplainers.IntegratedGradients<double>(SmallNet<double>.Tanh(), x, Count, Targets.Each(targets), default,
            new double[2 * scores.Length],
            options: options);
        Assert.Equal(1, told.Shares.Max());
        Assert.Equal(told.Shares.Count, told.Shares.Distinct().Count());
        Assert.All(told.Shares, share => Assert.InRange(share, 0, 1));
        if (threads == 1)
            Assert.Equal(told.Shares.Order(), told.Shares);
    }

    [Fact]
    public void ProgressOfCounterfactualsAndDrawsEndsAtOne()
    {
        var net = SmallNet<double>.Tanh();
        var told = new Told(share => { });
        double[] three = Inputs.Random<double>(3, 2);
        SpanExplainers.ShapleySampling<double>(net, null, x, Count, Target.Unit(1), References.Several(three, 3), scores,
            options: new() { Progress = told });
        Assert.Equal(1, told.Shares[^1]);
        told.Shares.Clear();
        SpanExplainers.ExpectedGradients<double>(net, x, Count, Target.Unit(1), References.Several(three, 3), scores,
            options: new() { Progress = told });
        Assert.Equal(1, told.Shares[^1]);
        told.Shares.Clear();
        SpanExplainers.SmoothGrad<double>(net, x, Count, Target.Unit(1), scores, new() { Progress = told });
        Assert.Equal(1, told.Shares[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ProgressOfPredictionsEndsAtOne(int threads)
    {
        const int many = 1000;
        var net = SmallNet<double>.Tanh();
        var inputs = Inputs.Random<double>(many);
        AssertEndsAtOne(told => SpanExplainers.Predict<double>(net, inputs, new double[many * 4], many, threads, progress: told));
        AssertEndsAtOne(told => SpanExplainers.LayerActivation<double>(net, net.Signature.Points[^1].Name, inputs, many,
            new double[many * net.Signature.Points[^1].Shape.Size], threads, progress: told));
    }

    [Fact]
    public void ProgressOfWhatIsAskedAroundThemEndsAtOne()
    {
        var net = SmallNet<double>.Tanh();
        AssertEndsAtOne(told => SpanExplainers.Prepare<double>(net, x, each: Count, progress: told));
        AssertEndsAtOne(told => Erasing.LogOddsChanges<double>(net, x, Count, scores, 0, 1, progress: told));
    }

    [Fact]
    public void ProgressOfWeightsEndsAtOne()
    {
        var tensors = Enumerable.Range(1, 5).ToDictionary(i => $"layer{i}.weight", i => new Tensor(new Shape(i, 9), new double[9 * i]));
        using var file = new MemoryStream();
        AssertEndsAtOne(told => Weights.Save(file, tensors, progress: told));
        AssertEndsAtOne(told =>
        {
            using var weights = Weights.Read(file.ToArray()).WithProgress(told);
            foreach (var (name, tensor) in tensors)
                weights.Values(name, tensor.Shape);
            weights.Values("layer1.weight", new Shape(1, 9));
            Assert.Equal(tensors.Count, told.Shares.Count);
        });
    }

    private static void AssertEndsAtOne(Action<Told> call)
    {
        var told = new Told(share => { });
        call(told);
        Assert.Equal(1, told.Shares.Max());
        Assert.Equal(told.Shares.Count, told.Shares.Distinct().Count());
    }

    private sealed class Told(Action<double> then) : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double share)
        {
            lock (Shares)
                Shares.Add(share);
            then(share);
        }
    }
}
