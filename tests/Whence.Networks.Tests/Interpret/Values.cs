using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Networks.Tests.Interpret;

/// <summary>The values of a graph while it is evaluated: one a node, or one a step for a node in a scan.</summary>
internal sealed class Values(int count)
{
    private readonly Block?[]?[] steps = new Block?[]?[count];
    private readonly Dictionary<int, Block> states = [];

    /// <summary>The values outside of scans; null where no seed reaches.</summary>
    public Block?[] Whole { get; } = new Block?[count];

    /// <summary>The nodes that have been computed, or are being.</summary>
    public HashSet<int> Known { get; } = [];

    /// <summary>The step being computed.</summary>
    public int Step { get; set; }

    /// <summary>A node's value, in this step if it is in a scan.</summary>
    public Block? Of(int node, EquatableArray<Node> nodes) => nodes[node].Scan is null ? Whole[node] : steps[node]?[Step];

    /// <summary>This step's part of a sequence.</summary>
    public Block Part(Block sequence, int size)
    {
        var part = new Block(size, sequence.Rows);
        for (var i = 0; i < size; i++)
            sequence[Step * size + i].CopyTo(part[i]);
        return part;
    }

    /// <summary>Computes the nodes of a scan, step by step; what the steps carry is written at the end of each.</summary>
    public void Run(Scan scan, List<int> members, EquatableArray<Node> nodes, Action<int> begin, Func<int, Block?> value)
    {
        foreach (var id in members)
            steps[id] = new Block?[scan.Steps];
        foreach (var id in members.Where(id => nodes[id].Op is Carried))
            states[id] = Whole[nodes[id].Inputs[0]] ?? new Block(nodes[id].Shape!.Size, 1);
        for (var i = 0; i < scan.Steps; i++)
        {
            begin(scan.Reversed ? scan.Steps - 1 - i : i);
            foreach (var id in members.Where(id => nodes[id].Op is not Next))
                steps[id]![Step] = nodes[id].Op is Carried ? states[id] : value(id);
            foreach (var id in members.Where(id => nodes[id].Op is Next))
            {
                steps[id]![Step] = Of(nodes[id].Inputs[1], nodes) ?? new Block(nodes[id].Shape!.Size, 1);
                states[nodes[id].Inputs[0]] = steps[id]![Step]!;
            }
        }
    }

    /// <summary>What a scan leaves: all steps of a value, or a state after the last.</summary>
    public Block? Leaving(Node node, EquatableArray<Node> nodes)
    {
        var from = node.Inputs[0];
        if (node.Op is Final)
            return states.GetValueOrDefault(nodes[from].Inputs[0]);
        if (steps[from] is not { } each)
            return null;
        var rows = each.Max(step => step?.Rows ?? 1);
        var stacked = new Block(node.Shape!.Size, rows);
        var size = node.Shape.Size / each.Length;
        for (var step = 0; step < each.Length; step++)
        {
            for (var i = 0; i < size && each[step] is { } one; i++)
                one.Over(rows)[i].CopyTo(stacked[step * size + i]);
        }
        return stacked;
    }
}
