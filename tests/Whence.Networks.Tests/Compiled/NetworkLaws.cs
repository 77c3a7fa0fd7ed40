using Whence.Golden;

namespace Whence.Networks.Tests.Compiled;

/// <summary>The laws over whole networks.</summary>
public sealed class NetworkLaws
{
    private static readonly Lazy<InMemory> networks = WholeNetworks.All;

    public static TheoryData<string> Names => [.. NetworkSources.Trained, .. NetworkSources.Drawn];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheCompiledForwardPassIsForward(string name) => Laws.ForwardIsForward(Load(name), ToleranceOf(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryWalkGivesTheInterpretersNumbers(string name)
    {
        var net = Load(name);
        // The interpreter takes its time over the trained ones.
        foreach (var route in Laws.Routes(net.Signature).Where(route => !NetworkSources.Trained.Contains(name) || route.From == 0))
            Laws.WalkIsTheInterpreters(net, route, ToleranceOf(name));
    }

    // Rounding goes from step to step. What half a unit in the last place of the inputs alone moves the language model's outputs by, in
    // double precision, is 5e-6 of the largest; its states in single precision are within 9e-6 at the wider vectors, and within 3e-5
    // without fused multiplication and addition.
    private static double ToleranceOf(string name) => name == "lstm_lm" || NetworkSources.Scans.Contains(name) ? 1e-4 : Laws.Tolerance;

    public static TheoryData<string> DrawnNames => [.. NetworkSources.Drawn];

    [Theory]
    [MemberData(nameof(DrawnNames))]
    public void RowsAreIndependent(string name) => Laws.RowsAreIndependent(Load(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void DeepLiftIsComplete(string name)
    {
        // Max-pools routed like gradients, and softmax taken element by element, are not complete, and are not meant to be.
        if (name == "Routed")
            return;
        var net = Load(name);
        Laws.ContributionsAreComplete(net, Pass.Rescale);
        Laws.ContributionsAreComplete(net, Pass.RevealCancel);
        Laws.ContributionsAreComplete(net, Pass.Genomics);
    }

    internal static Generator.Graphs.Network Bound(string name) => networks.Value.Network(name).Network;

    internal static Trio Load(string name) => networks.Value.Network(name).Load(
        NetworkSources.Trained.Contains(name) ? Weights.Open(Npz.PathOf($"weights/{name}.safetensors")) : Weights.Random(11));
}
