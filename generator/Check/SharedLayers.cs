using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Check;

/// <summary>A layer called twice has one set of weights, so that every call must need weights of the same shapes.</summary>
internal static class SharedLayers
{
    public static IEnumerable<Finding> Findings(Graph shaped)
    {
        var calls = Enumerable.Range(0, shaped.Nodes.Count).Where(i => shaped.Nodes[i] is { Layer: not null, Shape: not null });
        foreach (var layer in calls.GroupBy(i => shaped.Nodes[i].Layer!.Path))
        {
            var first = shaped.Nodes[layer.First()];
            var weights = first.Parameters(shaped).ToList();
            foreach (var call in layer.Skip(1).Where(call => !shaped.Nodes[call].Parameters(shaped).SequenceEqual(weights)))
                yield return new(Problems.ShapesDiffer, call,
                    EquatableArray.Of(layer.Key, $"takes {InputShape(shaped, shaped.Nodes[call])} here and {InputShape(shaped, first)} in "
                        + "its first call, but has weights for one of them only"));
        }
    }

    private static Shape? InputShape(Graph graph, Node node) => graph.Nodes[node.Inputs[0]].Shape;
}
