using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>A tensor's Shape in Forward: known when compiled, as far as it does not vary from example to example.</summary>
internal sealed partial class Binder
{
    private Checked? measured;

    private Value ShapeOf(TensorValue tensor, IOperation place)
    {
        // A block by itself does not know the shapes of its inputs.
        if (network.Inputs is null)
            return Value.Unknown;
        if (VariesWith(tensor.Node) is { } varying)
            return Report(Problems.NotInForward, place.Syntax, $"the shape of what depends on {varying}, whose number of positions varies: "
                + "Sum and Mean over axis 0 count the positions that are there");
        if (measured?.Graph.Nodes.Count != nodes.Count)
            measured = Checker.Check(new Graph(nodes.ToEquatable(), EquatableArray.Of<int>(), EquatableArray.Of<string>()));
        if (measured.Graph.Nodes[tensor.Node].Shape is { } shape)
            return new ShapeValue(shape);
        foreach (var finding in measured.Findings)
            Report(finding.Problem, places[finding.Node], [.. finding.Arguments]);
        return Broken();
    }

    /// <summary>The input of a variable number of positions that a node depends on; null if there is none.</summary>
    private string? VariesWith(int node)
    {
        if (!nodes.Exists(IsPresence))
            return null;
        var reached = Graphs.Scans.Reached(nodes, [node]);
        return nodes.Where((one, i) => reached[i] && nodes.Exists(other => IsPresence(other) && (other == one || other.Inputs.Contains(i))))
            .Select(one => one.Name)
            .FirstOrDefault();
    }

    /// <summary>Whether a node says which positions of an input are there.</summary>
    private static bool IsPresence(Node node) => node is { Op: MaskInput, Inputs.Count: > 0 };

    private Value Read(Shape shape, IPropertyReferenceOperation property) => property.Property.Name switch
    {
        "Rank" => new ConstantValue(shape.Rank),
        "Size" => new ConstantValue(shape.Size),
        _ when property.Arguments is [var axis] => Evaluate(axis.Value) switch
        {
            ConstantValue { Constant: int at } when at >= 0 && at < shape.Rank => new ConstantValue(shape[at]),
            ConstantValue { Constant: int at } => Report(Problems.NotInForward, property.Syntax, $"axis {at} of {shape}"),
            _ => Value.Unknown,
        },
        _ => NotInForward(property),
    };
}
