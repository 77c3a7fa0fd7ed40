namespace Whence.Networks.Tests.Compiled;

/// <summary>The networks of <see cref="OperatorSources"/>, compiled once for all tests that ask them.</summary>
internal static class OperatorNetworks
{
    public static Lazy<InMemory> All { get; } = new(() => InMemory.Compile(string.Concat(OperatorSources.All.Values)));
}
