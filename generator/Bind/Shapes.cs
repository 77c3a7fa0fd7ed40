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
        if (VaryingShape(tensor.Node) is { } most)
            return most;
        if (VariesWith(tensor.Node) is { } varying)
            return Varies(place, $"shape of what depends on {varying}");
        if (measured?.Graph.Nodes.Count != nodes.Count)
            measured = Checker.Check(new Graph(nodes.ToEquatable(), EquatableArray.Of<int>(), EquatableArray.Of<string>()));
        if (measured.Graph.Nodes[tensor.Node].Shape is { } shape)
            return new ShapeValue(shape);
        foreach (var finding in measured.Findings)
            Report(finding.Problem, places[finding.Node], [.. finding.Arguments]);
        return Broken();
    }

    /// <summary>The shape of an input of a variable number of positions, or of its embeddings; null of all else.</summary>
    private VaryingShapeValue? VaryingShape(int node)
    {
        var input = nodes[node].Op is Embedding ? nodes[node].Inputs[0] : node;
        var mask = nodes.FindIndex(one => IsPresence(one) && one.Inputs.Contains(input));
        return mask < 0 || nodes[input].Shape is not { } most ? null : new VaryingShapeValue(
            input == node ? most : new Shape(most[0], nodes[node].Settings.Int("width")), mask, nodes[input].Name!);
    }

    private Value Varies(IOperation place, string what) => Report(Problems.NotInForward, place.Syntax,
        $"the {what}, whose number of positions varies: Sum and Mean over axis 0 count the positions that are there, x[^1] is the last of "
            + "them, and p[..text.Shape[0]] takes as many of p as a text has");

    /// <summary>The length of an axis of what varies: a number, unless it is that of the positions.</summary>
    private Value Read(VaryingShapeValue shape, IPropertyReferenceOperation property) => property.Property.Name switch
    {
        "Rank" => new ConstantValue(shape.Most.Rank),
        _ when property.Arguments is [var axis] => Place(shape.Most.Rank, axis.Value) switch
        {
            ConstantValue { Constant: 0 } => new LengthValue(shape.Most[0], shape.Mask, shape.Text),
            _ => Read(shape.Most, property),
        },
        _ => Varies(property, $"size of {shape.Text}"),
    };

    /// <summary>The first positions of what has a fixed number of them, as many as a text has.</summary>
    private Value Taken(IInvocationOperation call, IReadOnlyList<(IParameterSymbol Parameter, Value Value)> arguments)
    {
        Value? Given(string name) => arguments.FirstOrDefault(argument => argument.Parameter.Name == name).Value;
        var length = arguments.Select(argument => argument.Value).OfType<LengthValue>().First();
        if (call.TargetMethod.Name != "Slice"
            || Given("length") != length
            || Numbers.Of(Given("start") ?? Value.Unknown) is not 0
            || Numbers.Of(Given("axis") ?? Value.Unknown) is not { } axis
            || Given("x") is not TensorValue x)
            return Varies(call, $"length of {length.Text}");
        return Taken(call.Syntax, x, axis, length);
    }

    private Value Taken(SyntaxNode place, TensorValue x, double axis, LengthValue length) =>
        Add(Registry.Find("Slice")!, Settings.Of(("axis", axis), ("start", 0), ("length", length.Most))
            .With(Slice.With, nodes.Take(length.Mask).Count(IsPresence), length.More), place, x.Node);

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
        _ when property.Arguments is [var axis] => Place(shape.Rank, axis.Value) switch
        {
            ConstantValue { Constant: int at } when at >= 0 && at < shape.Rank => new ConstantValue(shape[at]),
            ConstantValue { Constant: int at } => Report(Problems.NotInForward, property.Syntax, $"axis {at} of {shape}"),
            _ => Value.Unknown,
        },
        _ => NotInForward(property),
    };
}
