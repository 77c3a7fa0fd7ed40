using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Derive;

/// <summary>
/// All calls of a layer as one value: they are joined one after the other, and what read a call reads its stretch of the whole. So a path
/// or a difference of the layer moves all of its calls together, and scores are complete where everything passes one of them.
/// </summary>
internal sealed class AllCalls
{
    /// <summary>What marks the moves that do this: rules look through them for the layer below.</summary>
    private const string Mark = "calls";

    private readonly List<Node> nodes;
    private readonly Dictionary<int, int> instead = [];

    public AllCalls(Graph core) => nodes = [.. core.Nodes];

    /// <summary>Whether a node only brings a call of a layer to its readers.</summary>
    public static bool IsPassage(Node node) => node.Settings.Has(Mark);

    /// <summary>The node with the values of all these calls, [calls * size].</summary>
    public int Join(IReadOnlyList<int> calls)
    {
        var now = calls.Select(Now).Distinct().ToList();
        if (now.Count == 1)
            return now[0];
        var first = nodes.Count;
        var size = nodes[now[0]].Shape!.Size;
        var flat = now.Select(call => Add(Registry.Relabel, Settings.Of("axes", [size]), new Shape(size), call)).ToArray();
        var whole = Add(Registry.Join, Settings.Of(("axis", 0)), new Shape(size * now.Count), flat);
        for (var i = 0; i < now.Count; i++)
        {
            var shape = nodes[now[i]].Shape!;
            var cut = Add(Registry.Cut, Settings.Of(("axis", 0), ("start", i * size), ("length", size)), new Shape(size), whole);
            instead[now[i]] = Add(Registry.Relabel, Settings.Of("axes", shape.ToArray()), shape, cut);
        }
        for (var id = 0; id < first; id++)
            nodes[id] =
                nodes[id] with { Inputs = nodes[id].Inputs.Select(input => now.Contains(input) ? instead[input] : input).ToEquatable() };
        return whole;
    }

    /// <summary>The node that others read in place of a core node.</summary>
    public int Now(int node) => instead.TryGetValue(node, out var later) ? Now(later) : node;

    /// <summary>The graph, and the new index of each node.</summary>
    public (Graph Core, IReadOnlyDictionary<int, int> NodeOf) Build(Graph core)
    {
        if (instead.Count == 0)
            return (core, Enumerable.Range(0, nodes.Count).ToDictionary(i => i));
        var old = Scans.Order(nodes);
        var now = old.Select((from, to) => (from, to)).ToDictionary(pair => pair.from, pair => pair.to);
        var ordered = old.Select(i => nodes[i] with { Inputs = nodes[i].Inputs.Select(input => now[input]).ToEquatable() });
        return (core with { Nodes = ordered.ToEquatable(), Outputs = core.Outputs.Select(output => now[Now(output)]).ToEquatable() }, now);
    }

    private int Add(Op op, Settings settings, Shape shape, params int[] inputs)
    {
        nodes.Add(new Node(op, inputs.ToEquatable(), settings.With(Mark, 1)) { Shape = shape });
        return nodes.Count - 1;
    }
}
