using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Bind;

/// <summary>Parts of a tensor along axis 0, as C# writes them: x[^1], x[1..3].</summary>
internal sealed partial class Binder
{
    private static bool IsPart(IPropertySymbol indexer) => indexer.ContainingType.IsTensor()
        && indexer.Parameters is [{ Type: var type }]
        && (type.Is("System.Index") || type.Is("System.Range"));

    private Value Part(TensorValue x, IPropertyReferenceOperation reference)
    {
        var place = FieldReader.Plain(reference.Arguments[0].Value);
        if (place is IRangeOperation range)
            return Part(x, range, reference);
        // Of a sequence of a variable length it is the last that is there.
        if (FromEnd(place) is { } operand && Evaluate(operand) is ConstantValue { Constant: 1 })
            return Add(Registry.Find("Last")!, Settings.None, reference.Syntax, x.Node);
        if (Whole(x, reference) is not { } shape)
            return Value.Unknown;
        return Place(shape[0], place) switch
        {
            ConstantValue { Constant: int at } when at >= 0 && at < shape[0] => At(x, at, shape, reference.Syntax),
            ConstantValue => Outside(reference, shape[0]),
            var unknown when unknown == Value.Unknown => unknown,
            _ => NotInForward(reference),
        };
    }

    private Value At(TensorValue x, int at, Shape shape, SyntaxNode place) =>
        Cut(x, at, 1, place) is TensorValue part
            ? Add(Registry.Find("Reshape")!, Settings.Of("axes", shape.Without(0).ToArray()), place, part.Node)
            : Value.Unknown;

    private Value Cut(TensorValue x, int start, int length, SyntaxNode place) =>
        Add(Registry.Find("Slice")!, Settings.Of(("axis", 0), ("start", start), ("length", length)), place, x.Node);

    private Value Part(TensorValue x, IRangeOperation range, IOperation reference)
    {
        var to = range.RightOperand is { } end && FromEnd(end) is null ? Evaluate(FieldReader.Plain(end)) : null;
        var from = range.LeftOperand is null ? new ConstantValue(0)
            : FromEnd(range.LeftOperand) is null ? Evaluate(FieldReader.Plain(range.LeftOperand)) : null;
        if (to == Value.Unknown || from == Value.Unknown)
            return Value.Unknown;
        if (to is LengthValue length)
            return from is ConstantValue { Constant: 0 }
                ? Taken(reference.Syntax, x, 0, length)
                : Varies(reference, $"length of {length.Text}");
        // Places from the front need no size, which a block by itself does not know, and a variable length has not.
        if (from is ConstantValue { Constant: int start } && to is ConstantValue { Constant: int stop })
            return start >= 0 && start < stop ? Cut(x, start, stop - start, reference.Syntax) : Outside(reference, null);
        if (Whole(x, reference) is not { } shape)
            return Value.Unknown;
        from ??= Place(shape[0], range.LeftOperand!);
        to ??= range.RightOperand is null ? new ConstantValue(shape[0]) : Place(shape[0], range.RightOperand);
        if (from is not ConstantValue { Constant: int first } || to is not ConstantValue { Constant: int last })
            return from == Value.Unknown || to == Value.Unknown ? Value.Unknown : NotInForward(reference);
        return first >= 0 && first < last && last <= shape[0]
            ? Cut(x, first, last - first, reference.Syntax)
            : Outside(reference, shape[0]);
    }

    /// <summary>What stands behind ^; null of what is counted from the front.</summary>
    private static IOperation? FromEnd(IOperation place) =>
        FieldReader.Plain(place) is IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat, Operand: var operand } ? operand : null;

    /// <summary>A place among so many: a number, or ^ and a number from the end.</summary>
    private Value Place(int count, IOperation index) => FromEnd(index) is { } fromEnd
        ? Evaluate(fromEnd) is ConstantValue { Constant: int back } ? new ConstantValue(count - back) : Value.Unknown
        : Evaluate(FieldReader.Plain(index));

    /// <summary>The shape of what has an axis 0 of one size; null where that is a mistake, which is reported, or not known.</summary>
    private Shape? Whole(TensorValue x, IOperation reference)
    {
        var shape = ShapeOf(x, reference);
        if (shape is VaryingShapeValue varying)
            Varies(reference, $"end of {varying.Text}");
        if (shape is ShapeValue { Shape.Rank: 0 })
            Report(Problems.ShapesDiffer, reference.Syntax, Words(reference.Syntax), "is of axis 0, which a scalar has not");
        return shape is ShapeValue { Shape: { Rank: > 0 } whole } ? whole : null;
    }

    private Value Outside(IOperation reference, int? size) => Report(Problems.ShapesDiffer, reference.Syntax, Words(reference.Syntax),
        size is null ? "is no part of anything" : $"is no part of an axis of {size}");
}
