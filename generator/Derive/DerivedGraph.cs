using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>
/// A question about a network, as one graph: the forward pass, perhaps the reference's, and the way back. What is read out of it is
/// said in <paramref name="Points"/> and <paramref name="Results"/>.
/// </summary>
/// <param name="Method">The pass's name in the runtime, or null for the forward pass alone.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="Points">The values that can be asked about, in the signature's order; of a path, those that have a value at each
/// step.</param>
/// <param name="Outputs">The forward nodes that Forward returns.</param>
/// <param name="Results">For each input, the nodes of its multipliers; null where nothing flows back to it.</param>
internal sealed record DerivedGraph(
    string? Method,
    EquatableArray<Node> Nodes,
    EquatableArray<PointNodes> Points,
    EquatableArray<int> Outputs,
    EquatableArray<Multipliers?> Results)
{
    /// <summary>The forward node whose multiplier a node holds, for names in emitted code.</summary>
    public IReadOnlyDictionary<int, int> MultiplierOf { get; init; } = new Dictionary<int, int>();

    /// <summary>Of a path, for names in emitted code: the forward node whose move a node holds.</summary>
    public IReadOnlyDictionary<int, int> MoveOf { get; init; } = new Dictionary<int, int>();

    /// <summary>Of a path, the node of each forward node's value; of other questions they are the first, in their order.</summary>
    public IReadOnlyList<int>? Forward { get; init; }

    /// <summary>The node of a forward node's value.</summary>
    public int At(int forward) => Forward is null ? forward : Forward[forward];

    /// <summary>Whether it is about the path from a reference to an input.</summary>
    public bool IsPath => Method == PathDeriver.Name;

    /// <summary>Of a path: whether a slope may be infinite at an end of it.</summary>
    public bool IsSteep { get; init; }
}

/// <summary>A point's nodes in a question's graph.</summary>
/// <param name="Point">Which point.</param>
/// <param name="Value">Its value.</param>
/// <param name="Multipliers">Its multipliers, seeds included; null in the forward pass.</param>
/// <param name="Deltas">A layer's parts; null without a reference, and where no backward pass ends.</param>
internal sealed record PointNodes(NetworkPoint Point, int Value, Multipliers? Multipliers, Parts? Deltas)
{
    /// <summary>Its place in the signature.</summary>
    public required int Index { get; init; }
}

/// <summary>
/// A value that can be asked about: its name, shape and kind ("Output", "Logits", "Layer"), and its node in the core graph.
/// </summary>
internal sealed record NetworkPoint(string Name, Shape Shape, string Kind, int Node)
{
    /// <summary>How many calls of a layer it holds, along a first axis of its own where they are several.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>The axis of the classes.</summary>
    public Ops.Classes Classes { get; init; }
}
