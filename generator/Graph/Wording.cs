using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>
/// What a reader of emitted code is told of a derived value. It is no part of what is computed: values that differ in it alone are equal.
/// </summary>
/// <param name="Of">The forward node that the words are about, whose name stands in place of {0}.</param>
/// <param name="Symbol">The symbol of the papers, put after the node's name: "P" in "fc1P"; one that begins with m goes before it: "mP" in
/// "mFc1P".</param>
/// <param name="Words">What the value is: "{0}'s positive part". Null where nothing was said.</param>
internal readonly record struct Wording(int Of, string Symbol, string? Words)
{
    /// <summary>What the loop that computes it is called, which may serve other values too; null for what the words say.</summary>
    public string? Loop { get; init; }

    /// <summary>What a formula calls each of the node's inputs: "x", "x0", "P".</summary>
    public EquatableArray<string> Roles { get; init; } = EquatableArray.Of<string>();

    public bool Equals(Wording other) => true;

    public override int GetHashCode() => 0;
}
