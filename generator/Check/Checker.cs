using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Check;

/// <summary>A bound graph with shapes, and what is wrong with it. Nodes that depend on a wrong one have no shape and no finding of their own.</summary>
internal sealed record Checked(Graph Graph, EquatableArray<Finding> Findings);

/// <summary>Infers every shape, and asks every operator whether it is content.</summary>
internal static class Checker
{
    public static Checked Check(Graph bound)
    {
        var nodes = new List<Node>();
        var findings = new List<Finding>();
        for (var i = 0; i < bound.Nodes.Count; i++)
        {
            var node = bound.Nodes[i];
            if (node.Shape is not null || node.Inputs.Any(input => nodes[input].Shape is null))
            {
                nodes.Add(node);
                continue;
            }
            var shapes = node.Inputs.Select(input => nodes[input].Shape!).ToList();
            if (node.Op.Complain(shapes, node.Settings) is { } complaint)
            {
                findings.Add(new Finding(Problems.ShapesDiffer, i, EquatableArray.Of(Called(node), complaint)));
                nodes.Add(node);
            }
            else if (node.Op.Output(shapes, node.Settings) is var shape && shape.ToArray().Aggregate(1.0, (size, axis) => size * axis) > int.MaxValue)
            {
                findings.Add(new Finding(Problems.ShapesDiffer, i, EquatableArray.Of(Called(node), $"gives {shape}, which is more than {int.MaxValue} elements")));
                nodes.Add(node);
            }
            else
            {
                nodes.Add(node with { Shape = shape });
            }
        }
        return new Checked(bound with { Nodes = nodes.ToEquatable() }, findings.ToEquatable());
    }

    private static string Called(Node node) => node.Layer?.Path is { } path ? $"{path} ({node.Op.Name})" : node.Function?.Name ?? node.Op.Name;
}
