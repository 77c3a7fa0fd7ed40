namespace Whence.Gpu.Tests;

using Whence.Generator.Derive;
using Whence.Generator.Emit.Ilgpu;
using Whence.Generator.Plan;
using Whence.Networks.Tests.Compiled;
using Whence.Networks.Tests.Zoo;

/// <summary>How often a path's programs launch a kernel, and what they keep of each step.</summary>
public class Launches
{
    private const int Columns32 = 32;
    private const string Layers = ", Layers = [\"Conv2\", \"relu3\"]";

    private static readonly Lazy<InMemory> WithoutLayers = new(() => InMemory.Compile(
        NetworkSources.Only("mnist_cnn").Replace(Layers, "").Replace("Methods.All", "Methods.IntegratedGradients")
            .Replace("[Network(", "[Network(Backends = Backends.Cpu | Backends.Gpu, "),
        typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    /// <summary>
    /// Before the steps the first convolution, of the reference and of the move; the steps: the second convolution; the dense layer below
    /// the head, whose numbers become their multipliers at once, by what comes down from the seed; back the dense layer, and the second
    /// convolution, which adds to the sums; and the first convolution back.
    /// </summary>
    [Fact]
    public void AreSixWhateverTheSteps() => Are(6, WithoutLayers.Value);

    /// <summary>One more where the layer below the head is a point, from which a walk may begin.</summary>
    [Fact]
    public void AreSevenWhereAWalkMayBeginBelowTheHead() => Are(7, WholeNetworks.Networks.Value);

    private static void Are(int launches, InMemory networks)
    {
        using var gpu = GpuDevice.Recorder();
        var (net, on) = WholeNetworks.Load(networks, "mnist_cnn", gpu);
        foreach (var (paths, _) in Asked(net.Compiled.Signature))
        {
            var before = gpu.Kernels.Launches;
            paths.OnDevice(on);
            Assert.Equal(launches, gpu.Kernels.Launches - before);
        }
    }

    // One reference for all is nowhere copied.
    private static (PathQuestion Paths, bool IsSmall)[] Asked(Signature signature) =>
    [
        (new PathQuestion(signature, pairs: 2, steps: 3) { HasOneReference = true }, true),
        (new PathQuestion(signature, pairs: 3, steps: 9), false),
    ];

    /// <summary>And as many when they are run, which then say what double precision says.</summary>
    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AgreeWithDoublePrecision(string device)
    {
        foreach (var launches in Sampled.OneOf([6, 7]))
            Agree(launches, launches == 6 ? WithoutLayers.Value : WholeNetworks.Networks.Value, device);
    }

    private static void Agree(int launches, InMemory networks, string device)
    {
        using var gpu = Devices.Beside(device);
        var (net, on) = WholeNetworks.Load(networks, "mnist_cnn", gpu);
        foreach (var (paths, isSmall) in Asked(net.Compiled.Signature))
        {
            var before = gpu.Kernels.Launches;
            var found = paths.OnDevice(on);
            Assert.Equal(launches, gpu.Kernels.Launches - before);
            if (isSmall)
                Agree(paths.InDouble(net.Interpreted), found);
        }
    }

    private static void Agree(double[] expected, float[] found)
    {
        var scale = expected.Max(Math.Abs);
        Assert.NotEqual(0, scale);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 5e-6 * scale);
    }

    /// <summary>No point of the path below a product, and no multiplier that is summed.</summary>
    [Fact]
    public void KeepNoValueOfAStepThatIsFused()
    {
        var graphs = DerivedGraphs.Of(Digits(), [], AskedOf.These(Methods.IntegratedGradients));
        var apart = Planner.Plan(graphs.Path!, new IlgpuTarget().Limits);
        var fused = Planner.Plan(graphs.Path!, IlgpuTarget.Fused);
        Assert.Contains(5408, OfSteps(apart));
        Assert.Equal([1600, 128, 1600], OfSteps(fused));
        Assert.NotEmpty(apart.Sums);
        Assert.Empty(fused.Sums);
        Assert.Equal(apart.SumsSize, fused.SumsSize);
    }

    [Fact]
    public void TilesAreThoseThatTheRuntimeChooses()
    {
        for (var columns = 1; columns < 600; columns++)
            Assert.Equal(Padded.Tile(columns), LaunchCost.TileColumns(columns));
        Assert.Equal(Product<NarrowTile, DenseSites, EachSite, Reads1<Same>, Ends1<Same>>.Rows, LaunchCost.TileRows(Columns32));
        Assert.Equal(Product<TallTile, DenseSites, EachSite, Reads1<Same>, Ends1<Same>>.Rows, LaunchCost.TileRows(64));
        Assert.Equal(Product<WideTile, DenseSites, EachSite, Reads1<Same>, Ends1<Same>>.Rows, LaunchCost.TileRows(128));
        foreach (var tile in new[] { 32, 64, 128 })
            Assert.InRange(LaunchCost.SharedBytes(tile), 1, 48 * 1024);
    }

    // What steps write to memory of their own, and others read.
    private static IEnumerable<int> OfSteps(Plan plan) =>
        plan.Run.Steps.Where(step => step is not SeedStep && step.To.Last >= 0).Select(step => step.To.Size);

    private static Generator.Graphs.Graph Digits()
    {
        var s = new Sketch();
        var one = s.Relu(s.Conv2d("Conv1", s.Input("image", 1, 28, 28), 32, 4, ("stride", 2)));
        var two = s.Relu(s.Conv2d("Conv2", one, 64, 4, ("stride", 2)));
        return s.Return(s.Linear("Fc2", s.Relu(s.Linear("Fc1", s.Call("Flatten", two), 128)), 10));
    }
}
