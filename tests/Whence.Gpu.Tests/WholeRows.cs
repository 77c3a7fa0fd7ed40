namespace Whence.Gpu.Tests;

using Whence.CompilerServices;

/// <summary>Passes of small networks that one kernel answers for, rows of a batch side by side in a group of threads.</summary>
[Trait("Long", "gpu")]
public class WholeRows
{
    // A sample has one of those that differ in their steps, which whole paths have too.
    private static readonly string[] Names = ["Table", .. Sampled.OneOf(["Curved", "Slid", "Looked", "Remembered"])];

    private static (IHostPasses<float> Host, GpuNetwork On) Load(string name, GpuDevice device)
    {
        var host = name == "Table" ? Table.Host() : WholeSmall.Networks.Value.Network(name).Load(Weights.Random(7)).Compiled;
        return ((IHostPasses<float>)host, (GpuNetwork)Table.On(host, device));
    }

    private static int Rows(string device) => StepsAgree.IsSlow(device) ? 9 : 70;

    private static IEnumerable<int> OutputsOf(Signature signature) => Enumerable.Range(0, signature.Points.Count)
        .Where(point => signature.Points[point].Kind != PointKind.Layer);

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void SayWhatTheHostSays(string device)
    {
        var gpu = Devices.Get(Devices.WithGroups(device));
        foreach (var name in Names)
        {
            var (host, on) = Load(name, gpu);
            AllPasses.Agree(host, new DevicePasses(on, host), Rows(device), 11);
        }
    }

    /// <summary>Outputs in one, and a walk back to the inputs in one an answer, from every output, whatever the rows.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AreOneLaunch(string device)
    {
        using var gpu = Devices.Beside(Devices.WithGroups(device));
        foreach (var name in Names)
        {
            var (host, on) = Load(name, gpu);
            var signature = host.Signature;
            foreach (var rows in new[] { 1, Rows(device) })
            {
                foreach (var point in OutputsOf(signature).Prepend(-1))
                    Assert.Equal(1, Launched(gpu, () => Forward(on, point, rows)));
                foreach (var pass in signature.Passes)
                {
                    foreach (var point in OutputsOf(signature))
                    {
                        var launches = Launched(gpu, () => Backward(host, on, pass, point, rows, ofRows: true));
                        Assert.True(launches == 1, $"{name} {pass} from {point}: {launches} launches");
                    }
                }
            }
        }
    }

    /// <summary>From seeds and references of their own, and from those that serve all.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ARowAloneHasTheBitsOfABatch(string device)
    {
        var gpu = Devices.Get(Devices.WithGroups(device));
        var rows = Rows(device);
        foreach (var name in Names)
        {
            var (host, on) = Load(name, gpu);
            foreach (var pass in host.Signature.Passes)
            {
                foreach (var (point, ofRows) in OutputsOf(host.Signature).SelectMany(point => new[] { (point, true), (point, false) }))
                {
                    var all = Backward(host, on, pass, point, rows, ofRows);
                    var expected = OfHost(host, pass, point, rows, ofRows);
                    Alike(expected, all, $"{name} {pass} from {point}");
                    foreach (var row in new[] { 0, rows - 1 })
                    {
                        var (each, alone) = (all.Length / rows, Backward(host, on, pass, point, 1, ofRows, row));
                        Assert.Equal(all[(row * each)..((row + 1) * each)], alone);
                    }
                }
            }
        }
    }

    private static void Alike(float[] expected, float[] found, string what)
    {
        var scale = Math.Max(1e-6, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 2e-4 * scale, $"{what}, [{i}]: expected {expected[i]}, found {found[i]}");
    }

    private static long Launched(GpuDevice gpu, Action run)
    {
        var before = gpu.Kernels.Launches;
        run();
        return gpu.Kernels.Launches - before;
    }

    private static void Forward(GpuNetwork on, int point, int rows)
    {
        var size = point < 0 ? on.Signature.OutputSize : on.Signature.Points[point].Shape.Size;
        ((IModel<float>)on).Forward(Numbers(rows * on.Signature.InputSize, 1, 0), point, new float[rows * size], rows);
    }

    private static float[] OfHost(IHostPasses<float> host, Pass pass, int from, int rows, bool ofRows)
    {
        var multipliers = new float[rows * host.Signature.InputSize];
        var arguments = Arguments(host, pass, from, rows, ofRows, 0, multipliers);
        host.Backward(pass, ref arguments);
        return multipliers;
    }

    private static float[] Backward(IHostPasses<float> host, GpuNetwork on, Pass pass, int from, int rows, bool ofRows, int first = 0)
    {
        var multipliers = new float[rows * on.Signature.InputSize];
        var arguments = Arguments(host, pass, from, rows, ofRows, first, multipliers);
        new DevicePasses(on, host).Backward(pass, ref arguments);
        return multipliers;
    }

    // Some rows from one on, each with what is its own wherever it stands.
    private static BackwardArguments<float> Arguments(IHostPasses<float> host, Pass pass, int from, int rows, bool ofRows, int first,
        float[] multipliers)
    {
        var (size, seed, some) = (host.Signature.InputSize, host.Signature.Points[from].Shape.Size, ofRows ? rows : 1);
        var kept = new float[some * host.KeptSize(pass)];
        host.Keep(pass, Numbers(some * size, 2, ofRows ? first * size : 0), kept, some);
        return new()
        {
            X = Numbers(rows * size, 1, first * size), Rows = rows, Kept = kept, ReferenceRows = some, From = from,
            Seed = Numbers(some * seed, 3, ofRows ? first * seed : 0), SeedRows = some, Answers = 1, To = -1, InjectAt = -1,
            Multipliers = multipliers,
        };
    }

    private static float[] Numbers(int count, int seed, int skip)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, skip + count).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray()[skip..];
    }
}
