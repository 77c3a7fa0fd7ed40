namespace Whence.Networks.Tests.Compiled;

/// <summary>The networks of <see cref="NetworkSources"/>, compiled once for all tests that ask them.</summary>
internal static class WholeNetworks
{
    public static Lazy<InMemory> All { get; } = new(() => InMemory.Compile(NetworkSources.Text));
}
