namespace Whence.Gpu.Tests;

using Whence.Networks.Tests.Backends;
using Whence.Networks.Tests.Compiled;

/// <summary>
/// What every backend must do, on a device: <c>WHENCE_LONG=1 dotnet test tests/Whence.Gpu.Tests --filter Long=gpu</c>.
/// </summary>
public abstract class DeviceBackend(string device) : BackendSuite<float>
{
    private static readonly Lazy<InMemory> Compiled = new(() => InMemory.Compile(
        BackendNetworks.Text.Replace("[Network(", "[Network(Backends = Backends.Cpu | Backends.Gpu, "), typeof(GpuDevice).Assembly,
        typeof(ILGPU.Context).Assembly));

    private protected override double Tolerance => 5e-5;

    private protected override IModel<float> Load(string network)
    {
        var gpu = Devices.Get(device);
        var net = BackendNetworks.Load(Compiled.Value, network).Compiled;
        return (IModel<float>)net.GetType().GetMethod("OnGpu")!.Invoke(net, [gpu])!;
    }
}

/// <summary>On CUDA.</summary>
[Trait("Long", "gpu")]
public sealed class CudaBackend() : DeviceBackend("Cuda");

/// <summary>On OpenCL, by the products of a GPU; those of a processor the other tests run.</summary>
[Trait("Long", "gpu")]
public sealed class OpenCLBackend() : DeviceBackend("OpenCL in groups");
