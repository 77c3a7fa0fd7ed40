using Whence.Generator.Derive;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>Leaves out of a graph what no output needs and no question is about; inputs stay.</summary>
internal static class Live
{
    /// <summary>
    /// The smaller graph, and the old index of each of its nodes. A name in [Network(Layers = ...)] that means no value which an output
    /// needs may mean one that none does.
    /// </summary>
    public static (Graph Graph, IReadOnlyList<int> Old) Of(Graph graph, IReadOnlyList<string> asked)
    {
        var (live, old) = Of(graph, graph.Outputs);
        var more = asked.SelectMany(name => Asked.Values(live, name).Count == 0 ? Asked.Values(graph, name) : []).ToList();
        return more.Count == 0 ? (live, old) : Of(graph, graph.Outputs.Concat(more));
    }

    /// <summary>The graph in which a name has its meaning: the smaller one, unless it has none there.</summary>
    public static Graph Meaning(Graph live, Graph whole, string name) => Asked.Values(live, name).Count > 0 ? live : whole;

    /// <summary>Every name that can be asked about, those of what no output needs last.</summary>
    public static IReadOnlyList<string> Names(Graph live, Graph whole) =>
        Asked.Names(live).Concat(Asked.Names(whole).Where(name => Asked.Values(live, name).Count == 0)).Distinct().ToList();

    private static (Graph Graph, IReadOnlyList<int> Old) Of(Graph graph, IEnumerable<int> roots)
    {
        var needed = Scans.Reached(graph.Nodes, roots.Concat(graph.Inputs));
        var old = Scans.Order(graph.Nodes).Where(i => needed[i]).ToList();
        var now = old.Select((from, to) => (from, to)).ToDictionary(pair => pair.from, pair => pair.to);
        var nodes = old.Select(i => graph.Nodes[i] with { Inputs = graph.Nodes[i].Inputs.Select(input => now[input]).ToEquatable() });
        return (graph with { Nodes = nodes.ToEquatable(), Outputs = graph.Outputs.Select(output => now[output]).ToEquatable() }, old);
    }
}
