using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>Leaves out of a graph what no output needs; inputs stay.</summary>
internal static class Live
{
    /// <summary>The smaller graph, and the old index of each of its nodes.</summary>
    public static (Graph Graph, IReadOnlyList<int> Old) Of(Graph graph)
    {
        var needed = new bool[graph.Nodes.Count];
        foreach (var output in graph.Outputs.Concat(graph.Inputs))
            needed[output] = true;
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (!needed[i])
                continue;
            foreach (var input in graph.Nodes[i].Inputs)
                needed[input] = true;
        }
        var old = Enumerable.Range(0, graph.Nodes.Count).Where(i => needed[i]).ToList();
        var now = old.Select((from, to) => (from, to)).ToDictionary(pair => pair.from, pair => pair.to);
        var nodes = old.Select(i => graph.Nodes[i] with { Inputs = graph.Nodes[i].Inputs.Select(input => now[input]).ToEquatable() });
        return (graph with { Nodes = nodes.ToEquatable(), Outputs = graph.Outputs.Select(output => now[output]).ToEquatable() }, old);
    }
}
