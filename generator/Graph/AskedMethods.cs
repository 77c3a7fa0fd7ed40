using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>What a network was asked to explain, by the names of the runtime's Methods.</summary>
/// <param name="Names">The names of all members that were asked for, those among them that stand for several others too.</param>
/// <param name="Interfaces">The interfaces of the namespace Whence that the network gets by them.</param>
internal sealed record AskedMethods(EquatableArray<string> Names, EquatableArray<string> Interfaces)
{
    /// <summary>Only Predict.</summary>
    public static AskedMethods None { get; } = new(EquatableArray.Of<string>(), EquatableArray.Of<string>());

    /// <summary>Whether there is nothing to explain.</summary>
    public bool IsEmpty => Names.Count == 0;

    /// <summary>Whether a method was asked for.</summary>
    public bool Has(string name) => Names.Contains(name);
}
