namespace Whence.Networks.Tests.Backends;

/// <summary>Compiled classes on the processor.</summary>
public sealed class CpuBackend : BackendSuite<float>
{
    private protected override double Tolerance => 1e-5;

    private protected override IModel<float> Load(string network) => BackendNetworks.Load(network).Compiled;
}
