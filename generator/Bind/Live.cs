using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>Leaves out of a graph what no output needs; inputs stay.</summary>
internal static class Live
{
    /// <summary>The smaller graph, and the old index of each of its nodes.</summary>
    public static (Graph Graph, IReadOnlyList<int> Old) Of(Graph graph)
    {
        var needed = Scans.Reached(graph.Nodes, graph.Outputs.Concat(graph.Inputs));
        var old = Scans.Order(graph.Nodes).Where(i => needed[i]).ToList();
        var now = old.Select((from, to) => (from, to)).ToDictionary(pair => pair.from, pair => pair.to);
        var nodes = old.Select(i => graph.Nodes[i] with { Inputs = graph.Nodes[i].Inputs.Select(input => now[input]).ToEquatable() });
        return (graph with { Nodes = nodes.ToEquatable(), Outputs = graph.Outputs.Select(output => now[output]).ToEquatable() }, old);
    }
}
