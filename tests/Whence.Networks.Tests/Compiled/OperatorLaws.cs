namespace Whence.Networks.Tests.Compiled;

/// <summary>The laws over every operator's examples and every activation, in a network of their own each.</summary>
public sealed class OperatorLaws
{
    private static readonly Lazy<InMemory> networks = new(() => InMemory.Compile(string.Concat(OperatorSources.All.Values)));

    public static TheoryData<string> Names => [.. OperatorSources.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheCompiledForwardPassIsForward(string name) => Laws.ForwardIsForward(Load(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryWalkGivesTheInterpretersNumbers(string name) => Laws.WalksAreTheInterpreters(Load(name), Tolerance(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void RowsAreIndependent(string name) => Laws.RowsAreIndependent(Load(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void DeepLiftIsComplete(string name)
    {
        var net = Load(name);
        Laws.ContributionsAreComplete(net, Flow.Rescale);
        Laws.ContributionsAreComplete(net, Flow.RevealCancel);
    }

    // A split between two winners divides by the difference of one element from its reference, whose rounding a small difference magnifies.
    private static double Tolerance(string name) => name.Contains("MaxPool", StringComparison.Ordinal)
        || name.StartsWith("Max", StringComparison.Ordinal)
        || name.StartsWith("Min", StringComparison.Ordinal)
        ? 1e-4
        : Laws.Tolerance;

    private static Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(11));
}
