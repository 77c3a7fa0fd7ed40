namespace Whence.Gpu.Tests;

using Whence.CompilerServices;

using Whence.Networks.Tests.Compiled;

/// <summary>
/// Every program of a network around every operator's examples, on a device, against the same program on the CPU. All of them:
/// <c>WHENCE_LONG=1 dotnet test tests/Whence.Gpu.Tests --filter Long=gpu</c>; a sample with <c>WHENCE_GPU=sample</c> besides.
/// </summary>
[Trait("Long", "gpu")]
public class Operators
{
    private const int Rows = 3;

    // Of every kind of step, in few networks.
    private static readonly string[] Sample = ["Conv2d1", "MaxPool2d1", "MultiHeadAttention1", "Lstm1", "LogSoftmax1", "UpsampleBilinear1",
        "MaxPool1d2"];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var device in Devices.Names)
        {
            foreach (var name in Sampled.IsSample ? Sample : OperatorSources.All.Keys)
                cases.Add(device, name);
        }
        return cases;
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Agree(string device, string name)
    {
        var gpu = Devices.Get(device);
        var networks = InMemory.Compile(
            OperatorSources.All[name].Replace("[Network(", "[Network(Backends = Backends.Cpu | Backends.Gpu, "),
            typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly);
        var net = networks.Network(name).Load(Weights.Random(11)).Compiled;
        var (host, on) = ((IHostPasses<float>)net, (GpuNetwork)net.GetType().GetMethod("OnGpu")!.Invoke(net, [gpu])!);
        AllPasses.Agree(host, new DevicePasses(on, host), Rows, 11);
    }
}
