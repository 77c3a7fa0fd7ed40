namespace Whence.Networks.Tests.Backends;

/// <summary>
/// An executor of the tests' own, over the interpreter: as far from the host's as the line between them allows. It shows that drivers read
/// nothing of the device but what an executor hands back, and that the host's shortcuts are shortcuts.
/// </summary>
public sealed class FarBackend : BackendSuite<double>
{
    private protected override double Tolerance => 1e-11;

    private protected override IModel<double> Load(string network) => new FarModel<double>(BackendNetworks.Interpreted(network));
}
