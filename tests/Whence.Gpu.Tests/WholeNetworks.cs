namespace Whence.Gpu.Tests;

using Whence.CompilerServices;
using Whence.Golden;
using Whence.Networks.Tests.Compiled;
using Xunit.Abstractions;

/// <summary>Networks that one kernel answers for, whole paths at a time: in how many launches, and how well.</summary>
public class WholeNetworks(ITestOutputHelper output)
{
    internal static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile(
        NetworkSources.Only("tabular_mlp", "lstm_lm", "mnist_cnn")
            .Replace("[Network(", "[Network(Backends = Backends.Cpu | Backends.Gpu, "),
        typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly));

    private static (Trio Net, GpuNetwork On) Load(string name, GpuDevice device) => Load(Networks.Value, name, device);

    internal static (Trio Net, GpuNetwork On) Load(InMemory networks, string name, GpuDevice device)
    {
        var net = networks.Network(name).Load(Weights.Open(Npz.PathOf($"weights/{name}.safetensors")));
        var on = net.Compiled.GetType().GetMethod("OnGpu")!.Invoke(net.Compiled, [device])!;
        return (net, (GpuNetwork)on);
    }

    [Fact]
    public void AreThoseThatAreSmall()
    {
        Assert.Contains("tabular_mlp.Paths.Gpu.g.cs", Networks.Value.Files.Keys);
        Assert.Contains("lstm_lm.Paths.Gpu.g.cs", Networks.Value.Files.Keys);
        Assert.DoesNotContain("mnist_cnn.Paths.Gpu.g.cs", Networks.Value.Files.Keys);
    }

    /// <summary>The recurrence of 128 units, four gates each, there and back at each of 50 positions.</summary>
    [Fact]
    public void CountTheStepsOfTheirScans() => Assert.Contains(FormattableString.Invariant($", {2 * 50 * 128 * 512:N0} a step."),
        Networks.Value.Files["lstm_lm.Paths.Gpu.g.cs"]);

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AreOneLaunchWhateverThePathsAndSteps(string device)
    {
        using var own = Devices.Beside(device);
        foreach (var (name, most) in new[] { ("tabular_mlp", 300), ("lstm_lm", 3) })
        {
            var (net, on) = Load(name, own);
            foreach (var (pairs, steps) in new[] { (1, 1), (most, 3), (2, 70) })
            {
                var paths = new PathQuestion(net.Compiled.Signature, pairs, steps);
                var before = on.Device.Kernels.Launches;
                paths.OnDevice(on);
                Assert.Equal(1, on.Device.Kernels.Launches - before);
            }
        }
    }

    /// <summary>Where there is memory for one group at a time, it goes through all paths.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void TakeFewerGroupsWhereMemoryIsShort(string device)
    {
        using var own = Devices.Beside(device);
        var (net, on) = Load("lstm_lm", own);
        var paths = new PathQuestion(net.Compiled.Signature, 4, 3);
        var expected = paths.OnDevice(on);
        // What it has taken is used again.
        own.Lanes.Clear();
        own.LaneMemory = 40 << 20;
        var before = own.Kernels.Launches;
        Assert.Equal(expected, paths.OnDevice(on));
        Assert.Equal(1, own.Kernels.Launches - before);
    }

    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AgreeWithDoublePrecision(string device)
    {
        // Rounding goes from step to step of a recurrence, on the CPU as here.
        foreach (var (name, pairs, steps, most) in new[] { ("tabular_mlp", 7, 50, 5e-6), ("lstm_lm", 1, 9, 2e-4) })
        {
            var (net, on) = Load(name, Devices.Get(device));
            var paths = new PathQuestion(net.Compiled.Signature, pairs, steps);
            var (expected, found) = (paths.InDouble(net.Interpreted), paths.OnDevice(on));
            var scale = expected.Max(Math.Abs);
            var error = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max() / scale;
            output.WriteLine($"{name}: {error:e1} of the largest");
            Assert.InRange(error, 0, most);
        }
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void APathAloneHasTheBitsOfABatch(string device)
    {
        foreach (var (name, pairs) in new[] { ("tabular_mlp", 150), ("lstm_lm", 7) })
        {
            var (net, on) = Load(name, Devices.Get(device));
            var paths = new PathQuestion(net.Compiled.Signature, pairs, 66);
            var all = paths.OnDevice(on);
            foreach (var pair in new[] { 0, pairs / 2, pairs - 1 })
                Assert.Equal(all[(pair * paths.Size)..((pair + 1) * paths.Size)], paths.Alone(pair).OnDevice(on));
        }
    }
}

/// <summary>Paths with steps of their own weights, one of which is 0, from references and with seeds of their own.</summary>
internal sealed record PathQuestion(float[] X, float[] References, float[] Seeds, float[] Alphas, float[] Weights)
{
    public PathQuestion(Signature signature, int pairs, int steps, int point = 0)
        : this(Numbers(pairs * signature.InputSize, 1), Numbers(pairs * signature.InputSize, 2),
            Numbers(pairs * signature.Points[point].Shape.Size, 3), [.. Enumerable.Range(0, steps).Select(step => (step + 0.5f) / steps)],
            [.. Enumerable.Range(0, steps).Select(step => step == 2 ? 0 : 1f / steps)]) =>
        (Size, Pairs, Point, Signature) = (signature.InputSize, pairs, point, signature);

    public int Size { get; init; }

    public int Pairs { get; init; }

    public int Point { get; init; }

    public Signature Signature { get; init; } = null!;

    /// <summary>Whether the first reference serves all.</summary>
    public bool HasOneReference { get; init; }

    private int From => Seeds.Length / Pairs;

    public PathQuestion Alone(int pair) => this with
    {
        X = X[(pair * Size)..((pair + 1) * Size)], References = References[(pair * Size)..((pair + 1) * Size)],
        Seeds = Seeds[(pair * From)..((pair + 1) * From)], Pairs = 1,
    };

    public float[] OnDevice(GpuNetwork on)
    {
        var lane = on.Device.Lanes.Rent();
        try
        {
            var multipliers = lane.Take(Pairs * Size);
            on.Programs.Paths(new PathArguments
            {
                X = lane.Up(X), References = lane.Up(References.AsSpan(0, HasOneReference ? Size : References.Length)),
                ReferenceRows = HasOneReference ? 1 : Pairs, Alphas = lane.Up(Alphas),
                Weights = lane.Up(Weights), Steps = Alphas.Length, Pairs = Pairs, From = Point, Seed = lane.Up(Seeds), SeedRows = Pairs,
                Answers = 1, Sizes = on.Paths!.PathSizes, Multipliers = multipliers,
            });
            var found = new float[multipliers.Length];
            multipliers.Write(found);
            return found;
        }
        finally
        {
            on.Device.Lanes.Return(lane);
        }
    }

    /// <summary>The same step by step by the gradient.</summary>
    public double[] InDouble(IHostPasses<double> net)
    {
        var sums = new double[Pairs * Size];
        for (var pair = 0; pair < Pairs; pair++)
        {
            var (x, x0) = (X.AsMemory(pair * Size, Size), References.AsMemory(HasOneReference ? 0 : pair * Size, Size));
            var seed = Array.ConvertAll(Seeds[(pair * From)..((pair + 1) * From)], each => (double)each);
            for (var step = 0; step < Alphas.Length; step++)
            {
                var (row, m) = (new double[Size], new double[Size]);
                double[] begin = [.. x0.ToArray()], end = [.. x.ToArray()];
                Masks.Between<double>(Signature, begin, end, Alphas[step], row);
                var arguments = new BackwardArguments<double>
                {
                    X = row, Rows = 1, ReferenceRows = 1, From = Point, Seed = seed, SeedRows = 1, To = -1, InjectAt = -1, Multipliers = m,
                };
                net.Backward(Pass.Gradient, ref arguments);
                for (var i = 0; i < Size; i++)
                    sums[pair * Size + i] += Weights[step] * m[i];
            }
        }
        return sums;
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray();
    }
}
