using System.Reflection;

namespace Whence.Networks.Tests.Compiled;

/// <summary>Loading ends when it is cancelled, before it begins and amid, and leaves weights and networks that work.</summary>
public sealed class LoadingCancelled
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile("""
        [Network(Explain = Methods.DeepLift & ~Methods.Genomics)]
        public sealed partial class Net
        {
            [Linear(4)] private partial Tensor Fc1(Tensor x);
            [Linear(4)] private partial Tensor Fc2(Tensor x);
            [Linear(2)] private partial Tensor Head(Tensor x);
            public Tensor Forward([Shape(3)] Tensor x) => Head(Relu(Fc2(Relu(Fc1(x)))));
        }
        """));

    private static readonly Type type = networks.Value.Network("Net").Type;

    /// <summary>Weights by chance, of which reading one cancels.</summary>
    private sealed class Cancelling(CancellationTokenSource source, int at) : WeightSource
    {
        private readonly WeightSource random = new Initialise(3);

        public int Reads { get; private set; }

        public override IReadOnlyList<SafetensorsEntry> Entries => [];

        public override string Choose(ReadOnlySpan<string> candidates, Shape shape) => random.Choose(candidates, shape);

        public override double[] Read(string name, Shape shape, CancellationToken cancellation)
        {
            if (++Reads == at)
                source.Cancel();
            return random.Read(name, shape, CancellationToken.None);
        }

        public override void Dispose() => random.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public void AmidNothingMoreIsRead(int at)
    {
        using var cancelled = new CancellationTokenSource();
        var source = new Cancelling(cancelled, at);
        using var weights = new Weights(source);
        Assert.ThrowsAny<OperationCanceledException>(() => Load(weights, cancelled.Token));
        Assert.Equal(at, source.Reads);
        // The weights are whole, for whoever asks next.
        var net = (INetwork)Load(weights, CancellationToken.None);
        Assert.Equal(((INetwork)Load(Weights.Random(3), CancellationToken.None)).Predict([1, 2, -3]), net.Predict([1, 2, -3]));
    }

    [Fact]
    public void NoWeightsAreAnErrorOfTheCall() =>
        Assert.Equal("weights", Assert.Throws<ArgumentNullException>(() => Load<Weights>(null!, CancellationToken.None)).ParamName);

    [Fact]
    public void BeforehandNothingIs()
    {
        var cancelled = new CancellationToken(canceled: true);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.safetensors");
        var source = new Cancelling(new(), 0);
        Assert.ThrowsAny<OperationCanceledException>(() => Load(new Weights(source), cancelled));
        Assert.Equal(0, source.Reads);
        var values = new Dictionary<string, Tensor> { ["fc1.weight"] = new(new Shape(4, 3), new double[12]) };
        try
        {
            Weights.Save(path, values);
            Assert.ThrowsAny<OperationCanceledException>(() => Load(path, cancelled));
            Assert.ThrowsAny<OperationCanceledException>(() => Weights.Open(path, cancelled));
            Assert.ThrowsAny<OperationCanceledException>(() => Weights.Read(new MemoryStream(File.ReadAllBytes(path)), cancelled));
            var (written, before) = (File.GetLastWriteTimeUtc(path), Beside(path));
            Assert.ThrowsAny<OperationCanceledException>(() => Weights.Save(path, values, cancellation: cancelled));
            Assert.Equal(written, File.GetLastWriteTimeUtc(path));
            Assert.Equal(before, Beside(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] Beside(string path) => Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*");

    // What is packed later, and what runs eagerly, was read.
    [Fact]
    public void AfterwardsItHindersNothing()
    {
        using var cancelled = new CancellationTokenSource();
        var net = Load(Weights.Random(3), cancelled.Token);
        cancelled.Cancel();
        float[] x = [1, 2, -3];
        Assert.True(Math.Abs(((IDeepLiftNetwork)net).DeepLift(x, Target.Unit(1)).RelativeGap ?? 0) < 1e-5);
        var eager = (Tensor)type.GetMethod("Forward")!.Invoke(net, [new Tensor(new Shape(3), x)])!;
        Assert.Equal(((INetwork)net).Predict(x)[1], eager.Values[1], 1e-5);
    }

    // One that was not cancelled asks for what another is reading, who is.
    [Fact]
    public async Task OneThatIsCancelledCancelsNoOther()
    {
        using var cancelled = new CancellationTokenSource();
        using var weights = new Weights(new Waiting(cancelled));
        var other = Task.Run(() => weights.Values("w", new Shape(1)));
        Assert.ThrowsAny<OperationCanceledException>(() => weights.WithCancellation(cancelled.Token).Values("w", new Shape(1)));
        var found = await other;
        Assert.Equal(7.0, Assert.Single(found));
    }

    /// <summary>Reading cancels who reads and can be cancelled.</summary>
    private sealed class Waiting(CancellationTokenSource source) : WeightSource
    {
        public override IReadOnlyList<SafetensorsEntry> Entries => [];

        public override string Choose(ReadOnlySpan<string> candidates, Shape shape) => candidates[0];

        public override double[] Read(string name, Shape shape, CancellationToken cancellation)
        {
            source.Cancel();
            cancellation.ThrowIfCancellationRequested();
            return [7];
        }

        public override void Dispose()
        {
        }
    }

    private static object Load<T>(T from, CancellationToken cancellation)
    {
        try
        {
            return type.GetMethod("Load", [typeof(T), typeof(CancellationToken)])!.Invoke(null, [from, cancellation])!;
        }
        catch (TargetInvocationException inner)
        {
            throw inner.InnerException!;
        }
    }
}
