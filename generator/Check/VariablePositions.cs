using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Check;

/// <summary>Which values have a variable number of positions along their first axis, and the masks that say which are present.</summary>
internal sealed class VariablePositions(Graph graph)
{
    private readonly Dictionary<int, int> masks = [];
    private readonly Dictionary<int, int> scans = [];

    /// <summary>The name of the tokens whose number is that of a value's positions; null if its shape is fixed.</summary>
    public string? Vary(int node) => masks.TryGetValue(node, out var mask) ? Text(mask) : null;

    /// <summary>Why a node cannot take what varies, in words that follow the operator's name; null if it can.</summary>
    public string? Complain(int index, Node node, IReadOnlyList<Shape> shapes)
    {
        if (node.Op is Embedding)
        {
            if (MaskOf(node.Inputs[0]) is { } own)
                masks[index] = own;
            return null;
        }
        var varying = node.Inputs.Where(masks.ContainsKey).Select(input => masks[input]).Distinct().ToList();
        // A scan over what varies adds something for each position.
        if (node.Op is Stacked && scans.TryGetValue(node.Settings.Int("scan"), out var over))
            masks[index] = over;
        if (varying.Count == 0)
            return null;
        if (node is { Op: StepOf, Scan: { } scan })
            scans[scan.Id] = varying[0];
        if (varying.Count > 1)
            return $"combines positions of {Text(varying[0])} and of {Text(varying[1])}, whose numbers vary apart";
        var along = Along(node, shapes);
        if (along is Positions.Apart or Positions.Weighed)
            masks[index] = varying[0];
        return along == Positions.Mixed
            ? $"would count positions past the end of {Text(varying[0])}, whose number varies; sum or average over axis 0 first, or leave out Variable"
            : null;
    }

    /// <summary>A node with the mask that it takes, if it takes one.</summary>
    public Node Masked(Node node, IReadOnlyList<Shape> shapes)
    {
        var varying = node.Inputs.Where(masks.ContainsKey).ToList();
        if (varying.Count == 0 || Along(node, shapes) is not (Positions.Gathered or Positions.Weighed))
            return node;
        return node with { Inputs = node.Inputs.Append(masks[varying[0]]).ToEquatable() };
    }

    private Positions Along(Node node, IReadOnlyList<Shape> shapes) => node.Op.Along(shapes, node.Settings, node.Inputs.Select(masks.ContainsKey).ToList());

    private string Text(int mask) => graph.Nodes[graph.Nodes[mask].Inputs[0]].Name!;

    private int? MaskOf(int tokens)
    {
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            if (graph.Nodes[i].Op is HeldInput && graph.Nodes[i].Inputs.Contains(tokens))
                return i;
        }
        return null;
    }
}
