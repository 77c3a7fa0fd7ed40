namespace Whence.Networks.Tests.Compiled;

/// <summary>The laws over every operator's examples and every activation, in a network of their own each.</summary>
public sealed class OperatorLaws : LawfulNetworks
{
    private static readonly Lazy<InMemory> networks = OperatorNetworks.All;

    public static TheoryData<string> Names => [.. OperatorSources.All.Keys];

    // A split between two winners divides by the difference of one element from its reference, whose rounding a small difference magnifies.
    private protected override double WalkTolerance(string name) => name.Contains("MaxPool", StringComparison.Ordinal)
        || name.StartsWith("Max", StringComparison.Ordinal)
        || name.StartsWith("Min", StringComparison.Ordinal)
        ? 1e-4
        : Laws.Tolerance;

    private protected override Trio Load(string name) => networks.Value.Network(name).Load(Weights.Random(11));
}
