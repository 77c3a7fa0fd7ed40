namespace Whence.Gpu.Tests;

using Whence.CompilerServices;
using Whence.Networks.Tests.Backends;
using Whence.Networks.Tests.Compiled;

/// <summary>Whole paths on a device, against the host's passes step by step.</summary>
[Trait("Long", "gpu")]
public class WholePaths
{
    private const int Steps = 7;

    private static readonly Lazy<InMemory> Networks = new(() => InMemory.Compile(
        BackendNetworks.Text.Replace("[Network(", "[Network(Backends = Backends.Cpu | Backends.Gpu, "), typeof(GpuDevice).Assembly,
        typeof(ILGPU.Context).Assembly));

    private static readonly float[] Alphas = [.. Enumerable.Range(0, Steps).Select(step => (step + 0.5f) / Steps)];

    // One step that adds nothing.
    private static readonly float[] Weights = [.. Enumerable.Range(0, Steps).Select(step => step == 2 ? 0 : 1f / Steps)];

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void AreTheHostsSteps(string device)
    {
        foreach (var name in new[] { "Digits", "Held", "Steps" })
        {
            var (host, on) = Load(name, Devices.Get(device));
            foreach (var (ownReferences, ownSeeds, answers) in new[] { (false, false, 1), (true, true, 1), (true, false, 2) })
            {
                var question = new Question(host, 5, ownReferences, ownSeeds, answers);
                var expected = question.OfHost(host);
                Alike(expected, question.OfDevice(on), name);
                Alike(expected, question.OfDevice(on, step: true), name);
            }
        }
    }

    /// <summary>Into chunks of less than a path, and of some paths.</summary>
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void NoBitDependsOnWhereTheyAreCut(string device)
    {
        var gpu = Devices.Get(device);
        var (host, on) = Load("Digits", gpu);
        foreach (var (ownSeeds, answers) in new[] { (true, 1), (false, 2) })
        {
            var question = new Question(host, 9, ownReferences: true, ownSeeds, answers);
            var expected = question.OfDevice(on, step: true);
            foreach (var rows in new[] { 3, 4 * Steps })
            {
                var before = gpu.MostRows;
                gpu.MostRows = rows;
                try
                {
                    Assert.Equal(expected, question.OfDevice(on, step: true));
                }
                finally
                {
                    gpu.MostRows = before;
                }
            }
        }
    }

    internal static (IPathPasses<float> Host, GpuNetwork On) Load(string name, GpuDevice device)
    {
        var net = BackendNetworks.Load(Networks.Value, name).Compiled;
        return ((IPathPasses<float>)net, (GpuNetwork)net.GetType().GetMethod("OnGpu")!.Invoke(net, [device])!);
    }

    private static void Alike(float[] expected, float[] found, string what)
    {
        var scale = expected.Max(Math.Abs);
        Assert.NotEqual(0, scale);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 2e-5 * scale, $"{what}, [{i}]: expected {expected[i]}, found {found[i]}");
    }

    private sealed class Question(IPathPasses<float> net, int pairs, bool ownReferences, bool ownSeeds, int answers)
    {
        private readonly int size = net.Signature.InputSize;
        private readonly int from = net.Signature.Points[0].Shape.Size;
        private readonly float[] x = Numbers(pairs * net.Signature.InputSize, 1);
        private readonly float[] references = Numbers((ownReferences ? pairs : 1) * net.Signature.InputSize, 2);
        private readonly float[] seeds = Numbers(answers * (ownSeeds ? pairs : 1) * net.Signature.Points[0].Shape.Size, 3);

        public float[] OfHost(IPathPasses<float> host)
        {
            var sizes = host.PathSizes;
            var multipliers = new float[answers * pairs * size];
            for (var i = 0; i < answers * pairs; i++)
            {
                var (answer, pair) = Math.DivRem(i, pairs);
                var (kept, sums) = (new float[sizes.Kept], new double[sizes.Sums]);
                host.BeginPaths(x.AsSpan(pair * size, size), references.AsSpan(ownReferences ? pair * size : 0, size), kept, 1);
                for (var step = 0; step < Steps; step++)
                {
                    var arguments = new BackwardArguments<float>
                    {
                        Rows = 1, Kept = kept, ReferenceRows = 1, From = 0, SeedRows = 1, To = -1, InjectAt = -1,
                        Seed = seeds.AsSpan((ownSeeds ? pair : answer) * from, from), Alphas = Alphas.AsSpan(step, 1),
                        Weights = new double[] { Weights[step] }, Sums = sums,
                    };
                    host.StepPath(ref arguments);
                }
                host.EndPaths(sums, kept, multipliers.AsSpan(i * size, size), 1);
            }
            return multipliers;
        }

        // Perhaps by a kernel for whole paths, or by those for steps.
        public float[] OfDevice(GpuNetwork on, bool step = false)
        {
            var lane = on.Device.Lanes.Rent();
            try
            {
                var multipliers = lane.Take(answers * pairs * size);
                var paths = new PathArguments
                {
                    X = lane.Up(x), References = lane.Up(references), ReferenceRows = ownReferences ? pairs : 1, Alphas = lane.Up(Alphas),
                    Weights = lane.Up(Weights), Steps = Steps, Pairs = pairs, From = 0, Seed = lane.Up(seeds),
                    SeedRows = ownSeeds ? pairs : 1, Answers = answers, Sizes = net.PathSizes, Multipliers = multipliers,
                };
                if (step)
                    PathBlocks.Run(on.Programs, paths);
                else
                    on.Programs.Paths(paths);
                var found = new float[multipliers.Length];
                multipliers.Write(found);
                return found;
            }
            finally
            {
                on.Device.Lanes.Return(lane);
            }
        }

        private static float[] Numbers(int count, int seed)
        {
            var random = new Random(seed);
            return Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray();
        }
    }
}
