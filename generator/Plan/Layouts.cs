using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Plan;

/// <summary>
/// Chooses how values lie. Of several axes: channels last, unless a dense layer over the last axis or a matrix product has them as the
/// user sees them, and all that stands between such. Of one axis: as the user sees it, or, where it is a flattened image whose order only
/// elementwise steps and dense layers see, as the image lies in memory, so that flattening costs nothing.
/// </summary>
internal sealed class Layouts
{
    private readonly EquatableArray<Node> nodes;
    private readonly int[] parent;
    private readonly HashSet<int> natural = [];
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
        layouts.SpreadNatural(ids);
        foreach (var id in ids)
            layouts.Wish(id);
        foreach (var id in ids)
            layouts.Pin(id);
        return Enumerable.Range(0, nodes.Count).Select(layouts.Channels).ToArray();
    }

    private bool Is(int id, Order order) => Lowerings.Of(nodes[id]).OrderOf(nodes[id]) == order;

    private static bool Flat(Node node) => node.Shape!.Rank == 1;

    private int Root(int node)
    {
        while (parent[node] != node)
            node = parent[node] = parent[parent[node]];
        return node;
    }

    // Elementwise neighbours lie alike, and so does what a scan carries.
    private void Join(int id)
    {
        if (!Is(id, Order.Alike))
            return;
        foreach (var input in nodes[id].Inputs)
            parent[Root(input)] = Root(id);
    }

    /// <summary>From the operators that want the user's order to what follows them, up to those that want channels last.</summary>
    private void SpreadNatural(List<int> ids)
    {
        foreach (var id in ids.Where(id => Is(id, Order.Natural)))
            natural.UnionWith(Around(id).Select(Root));
        // A sequence whose steps lie one after the other is read and written in one piece a step.
        natural.UnionWith(ids.SelectMany(id => Lowerings.Of(nodes[id]).Sequences(id, nodes[id])).Select(Root));
        if (natural.Count == 0)
            return;
        var images = new HashSet<int>(ids.Where(id => Is(id, Order.ChannelsLast)).SelectMany(Around).Select(Root));
        natural.ExceptWith(images);
        var links = ids.Where(id => Is(id, Order.Followed)).Select(id => Around(id).Select(Root).ToArray()).ToList();
        for (var before = 0; before < natural.Count;)
        {
            before = natural.Count;
            foreach (var link in links.Where(link => link.Any(natural.Contains)))
                natural.UnionWith(link.Where(root => !images.Contains(root)));
        }
    }

    private IEnumerable<int> Around(int id) => nodes[id].Inputs.Append(id);

    private void Wish(int id)
    {
        if (nodes[id].Op is not Relabel)
            return;
        var (from, to) = (nodes[nodes[id].Inputs[0]], nodes[id]);
        if (Flat(to) && from.Shape!.Rank > 1)
            Wish(id, Channels(nodes[id].Inputs[0]));
        else if (Flat(from) && to.Shape!.Rank > 1)
            Wish(nodes[id].Inputs[0], Channels(id));
    }

    // Two different wishes cannot both be met: then the value lies as the user sees it.
    private void Wish(int id, int wished)
    {
        var root = Root(id);
        channels[root] = channels.TryGetValue(root, out var other) && other != wished ? 1 : wished;
    }

    private void Pin(int id)
    {
        if (Lowerings.Of(nodes[id]).TakesFlattened(nodes[id]))
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
        return natural.Contains(Root(id)) ? 1 : Memory.ChannelsLast(shape);
    }
}
