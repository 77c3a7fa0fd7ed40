using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Plan;

/// <summary>
/// Chooses how values of one axis lie: as the user sees them, or, where they are a flattened image whose order only elementwise steps
/// and dense layers see, as the image lies in memory, so that flattening costs nothing.
/// </summary>
internal sealed class Layouts
{
    private readonly EquatableArray<Node> nodes;
    private readonly int[] parent;
    private readonly Dictionary<int, int> channels = [];

    private Layouts(EquatableArray<Node> nodes)
    {
        this.nodes = nodes;
        parent = Enumerable.Range(0, nodes.Count).ToArray();
    }

    /// <summary>For each node, its channels in memory: 1 where it lies in the user's order.</summary>
    public static int[] Choose(EquatableArray<Node> nodes, Func<int, bool> needed)
    {
        var layouts = new Layouts(nodes);
        var ids = Enumerable.Range(0, nodes.Count).Where(needed).ToList();
        foreach (var id in ids)
            layouts.Join(id);
        foreach (var id in ids)
            layouts.Wish(id);
        foreach (var id in ids)
            layouts.Pin(id);
        return Enumerable.Range(0, nodes.Count).Select(layouts.Channels).ToArray();
    }

    private static bool Flat(Node node) => node.Shape!.Rank == 1;

    private int Root(int node)
    {
        while (parent[node] != node)
            node = parent[node] = parent[parent[node]];
        return node;
    }

    // Elementwise neighbours lie alike.
    private void Join(int id)
    {
        if (!Flat(nodes[id]) || !(Elementary.Of(nodes[id]) is not null || nodes[id].Op is Seed))
            return;
        foreach (var input in nodes[id].Inputs)
            parent[Root(input)] = Root(id);
    }

    private void Wish(int id)
    {
        if (nodes[id].Op is not Relabel)
            return;
        var (from, to) = (nodes[nodes[id].Inputs[0]], nodes[id]);
        if (Flat(to) && from.Shape!.Rank > 1)
            Wish(id, from.Shape[0]);
        else if (Flat(from) && to.Shape!.Rank > 1)
            Wish(nodes[id].Inputs[0], to.Shape[0]);
    }

    // Two different wishes cannot both be met: then the value lies as the user sees it.
    private void Wish(int id, int wished)
    {
        var root = Root(id);
        channels[root] = channels.TryGetValue(root, out var other) && other != wished ? 1 : wished;
    }

    private void Pin(int id)
    {
        if (Elementary.Of(nodes[id]) is not null || nodes[id].Op is Seed or Relabel or Affine or WeightOperand or Constant)
            return;
        if (Flat(nodes[id]))
            channels[Root(id)] = 1;
        foreach (var input in nodes[id].Inputs.Where(input => Flat(nodes[input])))
            channels[Root(input)] = 1;
    }

    private int Channels(int id)
    {
        var shape = nodes[id].Shape!;
        if (shape.Rank == 1)
            return channels.TryGetValue(Root(id), out var wished) && wished < shape.Size ? wished : 1;
        return shape.Rank == 0 || shape[0] == shape.Size ? 1 : shape[0];
    }
}
