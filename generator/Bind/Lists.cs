using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>Arrays, collection expressions and lists: made, read by element, and written by element.</summary>
internal sealed partial class Binder
{
    private Value List(IArrayCreationOperation array)
    {
        if (array.Initializer is { } initializer && array.DimensionSizes.Length == 1)
            return new ListValue([.. initializer.ElementValues.Select(Evaluate)]) { Scan = scan };
        if (array is not { DimensionSizes: [var length], Type: IArrayTypeSymbol { ElementType: var element } })
            return NotInForward(array);
        return Evaluate(length) switch
        {
            ConstantValue { Constant: int count } when count is >= 0 and <= MostNodes =>
                new ListValue([.. Enumerable.Repeat(Default(element), count)]) { Scan = scan },
            ConstantValue { Constant: int count } =>
                Report(Problems.NotInForward, array.Syntax, $"an array of {count} elements: it has from 0 to {MostNodes}"),
            var unknown when unknown == Value.Unknown => unknown,
            _ => NotInForward(array),
        };
    }

    /// <summary>What an element holds before it is given a value.</summary>
    private static Value Default(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Boolean
            ? new ConstantValue(false)
            : type.IsValueType && Numbers.Convert(0, type.SpecialType) is { } zero ? new ConstantValue(zero) : Value.Nothing;

    private Value List(ICollectionExpressionOperation collection)
    {
        var items = new List<Value>();
        foreach (var element in collection.Elements)
        {
            var spread = element as ISpreadOperation;
            var whole = Evaluate(spread?.Operand ?? element);
            if (spread is null)
                items.Add(whole);
            else if (Items(whole) is { } several)
                items.AddRange(several);
            else
                return whole == Value.Unknown ? whole : NotInForward(spread);
        }
        return new ListValue([.. items]) { Scan = scan };
    }

    /// <summary>What is in an array, or in a list that no scan has filled.</summary>
    private static IReadOnlyList<Value>? Items(Value value) => value switch
    {
        ListValue list => list.Items,
        GrownValue { Whole: null, InStep: null } grown => grown.Items,
        _ => null,
    };

    private Value Element(IArrayElementReferenceOperation element) =>
        Evaluate(element.ArrayReference) switch
        {
            ListValue list when element.Indices is [var index] => Element(list, index, element),
            var value when value == Value.Unknown => value,
            _ => NotInForward(element),
        };

    private Value Element(IImplicitIndexerReferenceOperation element) =>
        Evaluate(element.Instance) switch
        {
            ListValue list => Element(list, element.Argument, element),
            GrownValue grown when Items(grown) is { } items => Element(new ListValue([.. items]), element.Argument, element),
            var value when value == Value.Unknown => value,
            _ => NotInForward(element),
        };

    private Value Element(ListValue list, IOperation index, IOperation place)
    {
        if (FieldReader.Plain(index) is IRangeOperation range)
            return Part(list, range, place);
        return Place(list.Items.Count, index) switch
        {
            ConstantValue { Constant: int at } => Element(list, at, place),
            var unknown when unknown == Value.Unknown => unknown,
            _ => NotInForward(place),
        };
    }

    private Value Element(ListValue list, int at, IOperation place)
    {
        if (at < 0 || at >= list.Items.Count)
            return Report(Problems.NotInForward, place.Syntax, $"element {at} of an array of {list.Items.Count}");
        var item = list.Items[at];
        if (item is UnclearValue unclear)
            return Report(Problems.MemberUnclear, unclear.Place, place.Syntax.ToString(), unclear.What);
        return item is ConstantValue { Constant: null } && place.Type.IsTensor()
            ? Report(Problems.NotInForward, place.Syntax, $"element {at} of an array before it is given a value")
            : item;
    }

    private Value Part(ListValue list, IRangeOperation range, IOperation place)
    {
        var from = range.LeftOperand is null ? new ConstantValue(0) : Place(list.Items.Count, range.LeftOperand);
        var to = range.RightOperand is null ? new ConstantValue(list.Items.Count) : Place(list.Items.Count, range.RightOperand);
        if (from is not ConstantValue { Constant: int start } || to is not ConstantValue { Constant: int end })
            return from == Value.Unknown || to == Value.Unknown ? Value.Unknown : NotInForward(place);
        return start >= 0 && start <= end && end <= list.Items.Count
            ? new ListValue(list.Items.GetRange(start, end - start)) { Scan = scan }
            : Report(Problems.NotInForward, place.Syntax, $"elements {start} to {end} of an array of {list.Items.Count}");
    }

    /// <summary>
    /// The array, and the place in it, that an element is read from or written to; null of what is no element. Both are found before the
    /// value is, as C# does.
    /// </summary>
    private (Value List, Value Index)? Slot(IOperation target)
    {
        (IOperation?, IOperation?) found = target switch
        {
            IArrayElementReferenceOperation { Indices: [var only] } element => (element.ArrayReference, only),
            IPropertyReferenceOperation { Instance: { } instance, Arguments: [var argument] } when Writes.IsMutable(instance.Type) =>
                (instance, argument.Value),
            IImplicitIndexerReferenceOperation indexer => (indexer.Instance, indexer.Argument),
            _ => (null, null),
        };
        if (found is not ({ } array, { } index))
            return null;
        var list = Evaluate(array);
        return (list, list is ListValue known ? Place(known.Items.Count, index) : Value.Unknown);
    }

    private Value Read(Value list, Value index, IOperation place) =>
        list is ListValue known && index is ConstantValue { Constant: int at }
            ? Element(known, at, place)
            : list == Value.Unknown || index == Value.Unknown ? Value.Unknown : NotInForward(place);

    /// <summary>
    /// Writes an element of an array that Forward itself has made, or of a member while it is constructed; null of any other. In a scan
    /// only of an array made in the step: every step is the same.
    /// </summary>
    private Value? Write(Value target, Value index, Value value, SyntaxNode place)
    {
        if (target == Value.Unknown || target is ListValue && index == Value.Unknown)
            return Value.Unknown;
        if (target is not ListValue list
            || list.IsKept && constructing.Count == 0
            || list.Scan != scan
            || index is not ConstantValue { Constant: int at })
            return null;
        if (at < 0 || at >= list.Items.Count)
            return Report(Problems.NotInForward, place, $"element {at} of an array of {list.Items.Count}");
        return list.Items[at] = value;
    }

    /// <summary>Gives a member its value in a constructor; false anywhere else.</summary>
    private bool AssignMember(IMemberReferenceOperation target, Value value)
    {
        var member = target.Member.OriginalDefinition;
        if (frame.Method?.MethodKind == MethodKind.Constructor && target.Instance is IInstanceReferenceOperation)
            frame.Self!.Members[member] = value;
        else if (frame.Method?.MethodKind == MethodKind.StaticConstructor
            && member.IsStatic
            && SymbolEqualityComparer.Default.Equals(member.ContainingType, frame.Method.ContainingType))
            statics[member] = value;
        else
            return false;
        Keep(value);
        return true;
    }
}
