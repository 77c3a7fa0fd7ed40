using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>
/// A question about a network, as one graph: the forward pass, perhaps the reference's, and the way back. What is read out of it is
/// said in <paramref name="Points"/> and <paramref name="Results"/>.
/// </summary>
/// <param name="Method">The flow's name in the runtime, or null for the forward pass alone.</param>
/// <param name="Nodes">The nodes.</param>
/// <param name="Points">The values that can be asked about, in the signature's order.</param>
/// <param name="Outputs">The forward nodes that Forward returns.</param>
/// <param name="Results">For each input, the nodes of its multipliers; null where nothing flows back to it.</param>
internal sealed record Question(
    string? Method,
    EquatableArray<Node> Nodes,
    EquatableArray<PointNodes> Points,
    EquatableArray<int> Outputs,
    EquatableArray<Flow?> Results)
{
    /// <summary>The forward node whose multiplier a node holds, for names in emitted code.</summary>
    public IReadOnlyDictionary<int, int> MultiplierOf { get; init; } = new Dictionary<int, int>();
}

/// <summary>A point's nodes in a question's graph.</summary>
/// <param name="Point">Which point.</param>
/// <param name="Value">Its value.</param>
/// <param name="Multipliers">Its multipliers, seeds included; null in the forward pass.</param>
/// <param name="Deltas">A layer's parts; null without a reference, and where no walk ends.</param>
internal sealed record PointNodes(NetworkPoint Point, int Value, Flow? Multipliers, Parts? Deltas);

/// <summary>A value that can be asked about: its name, shape and kind ("Output", "Logits", "Layer"), and its node in the core graph.</summary>
internal sealed record NetworkPoint(string Name, Shape Shape, string Kind, int Node)
{
    /// <summary>How many calls of a layer it holds, along a first axis of its own where they are several.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>The axis of the classes; null where it is not known.</summary>
    public int? ClassAxis { get; init; }
}
