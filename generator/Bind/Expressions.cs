using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>Expressions: what is a tensor becomes a node, what is a constant is computed.</summary>
internal sealed partial class Binder
{
    private Value Evaluate(IOperation operation)
    {
        if (isStopped)
            return Value.Unknown;
        depth++;
        var value = depth <= MostDepth && HasStack() ? Read(operation) : TooDeep(operation);
        depth--;
        return value;
    }

    // An editor's threads may have little stack left, and running out of it would take the editor along.
    private static bool HasStack()
    {
        try
        {
            System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
            return true;
        }
        catch (InsufficientExecutionStackException)
        {
            return false;
        }
    }

    private Value TooDeep(IOperation operation)
    {
        Report(Check.Problems.NotInForward, operation.Syntax, $"calls and expressions nested more than {MostDepth} deep: use locals");
        isStopped = true;
        return Value.Unknown;
    }

    private Value Read(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true } constant)
            return new ConstantValue(constant.Value);
        return operation switch
        {
            IParenthesizedOperation inner => Evaluate(inner.Operand),
            IConversionOperation conversion => Convert(conversion),
            ILocalReferenceOperation local => frame.Read(local.Local) ?? Broken(),
            IParameterReferenceOperation parameter => Read(parameter),
            IFieldReferenceOperation field => Read(field),
            IPropertyReferenceOperation property => Read(property),
            IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } => frame.Self is null ? Value.Unknown : new InstanceValue(frame.Self),
            IInvocationOperation call => Call(call),
            ITupleOperation tuple => new TupleValue(tuple.Elements.Select(Evaluate).ToList()),
            IBinaryOperation binary => Combine(binary),
            IUnaryOperation unary => Combine(unary),
            IConditionalOperation condition => Choose(condition),
            ISimpleAssignmentOperation { IsRef: false } assignment => Assign(assignment),
            ICompoundAssignmentOperation compound => Assign(compound),
            IIncrementOrDecrementOperation increment => Increment(increment),
            IDeconstructionAssignmentOperation deconstruction => Deconstruct(deconstruction),
            IArrayCreationOperation array => List(array),
            IObjectCreationOperation { Initializer: null } list when IsListOfTensors(list.Type) => new GrownValue([], scan),
            ICollectionExpressionOperation { Elements.IsEmpty: true } list when IsListOfTensors(list.Type) => new GrownValue([], scan),
            ICollectionExpressionOperation collection when collection.Elements.All(element => element is not ISpreadOperation) =>
                new ListValue(collection.Elements.Select(Evaluate).ToList()),
            IArrayElementReferenceOperation element => Element(element),
            IInvalidOperation => Broken(),
            _ => NotInForward(operation),
        };
    }

    private static bool IsListOfTensors(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeArguments: [var item] } && type.OriginalDefinition.Is(Known.List) && item.IsTensor();

    private Value Convert(IConversionOperation conversion)
    {
        var value = Evaluate(conversion.Operand);
        if (value is ConstantValue { Constant: { } number } && conversion.Type is { } type)
            return Numbers.Convert(number, type.SpecialType) is { } converted ? new ConstantValue(converted) : NotInForward(conversion);
        return value is ListValue list && conversion.Type.IsTensor() ? Constant(list.Items, conversion.Syntax) : value;
    }

    /// <summary>Numbers as a vector, or one as a scalar.</summary>
    private Value Constant(IEnumerable<Value> numbers, SyntaxNode place, bool isScalar = false)
    {
        var values = numbers.Select(Numbers.Of).ToList();
        if (values.Exists(value => value is null))
            return Value.Unknown;
        var settings = new Settings(EquatableArray.Of(
            new Setting("values", values.Select(value => value!.Value).ToEquatable()),
            new Setting("axes", isScalar ? EquatableArray.Of<double>() : EquatableArray.Of((double)values.Count))));
        return Add(Registry.Constant, settings, place);
    }

    private Value Read(IParameterReferenceOperation parameter) =>
        parameter.Parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
            && frame.Self is { } self && self.Members.TryGetValue(parameter.Parameter, out var value)
            ? value
            : frame.Read(parameter.Parameter) ?? Value.Unknown;

    private Value Read(IFieldReferenceOperation reference)
    {
        var field = reference.Field;
        if (reference.Instance is { Type.IsTupleType: true } tuple)
            return Evaluate(tuple) is not TupleValue items ? Value.Unknown : Place(field) is { } place && place < items.Items.Count ? items.Items[place] : NotInForward(reference);
        var owner = reference.Instance is null ? null : Evaluate(reference.Instance);
        if (owner == Value.Unknown)
            return Value.Unknown;
        return Member(field, (owner as InstanceValue)?.Instance, field.IsReadOnly) ?? NotInForward(reference);
    }

    /// <summary>The place of a tuple's element, whose other name is Item1, Item2, ...; null of Rest, which is no element.</summary>
    private static int? Place(IFieldSymbol element)
    {
        var item = element.CorrespondingTupleField ?? element;
        return item.Name.StartsWith("Item", StringComparison.Ordinal) && int.TryParse(item.Name.Substring("Item".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place - 1 : null;
    }

    private Value Read(IPropertyReferenceOperation reference)
    {
        if (reference.Property.Type.IsNetwork())
            return Broken();
        if (reference.Instance is null)
            return Member(reference.Property, null, reference.Property.SetMethod is null) ?? NotInForward(reference);
        var owner = Evaluate(reference.Instance);
        return owner switch
        {
            ListValue list when reference.Property.Name is "Length" or "Count" => new ConstantValue(list.Items.Count),
            InstanceValue instance when reference.Arguments.IsEmpty => Member(reference.Property, instance.Instance, reference.Property.SetMethod is null) ?? NotInForward(reference),
            ListValue list when reference.Arguments is [var index] => Element(list, Evaluate(index.Value), reference),
            _ when owner == Value.Unknown => Value.Unknown,
            _ => NotInForward(reference),
        };
    }

    private Value Combine(IBinaryOperation binary)
    {
        if (binary.OperatorKind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr)
        {
            var first = Evaluate(binary.LeftOperand);
            var settles = binary.OperatorKind == BinaryOperatorKind.ConditionalOr;
            return first is ConstantValue { Constant: bool known } && known == settles ? first : Evaluate(binary.RightOperand);
        }
        return Combine(binary, binary.OperatorKind, binary.OperatorMethod, Evaluate(binary.LeftOperand), Evaluate(binary.RightOperand), binary.Type);
    }

    private Value Combine(IOperation operation, BinaryOperatorKind kind, IMethodSymbol? method, Value left, Value right, ITypeSymbol? type)
    {
        if (left == Value.Unknown || right == Value.Unknown)
            return Value.Unknown;
        if (left is ConstantValue { Constant: { } a } && right is ConstantValue { Constant: { } b })
            return Numbers.Combine(kind, a, b, type?.SpecialType ?? default) is { } number ? new ConstantValue(number) : NotInForward(operation);
        Op? op = kind switch
        {
            BinaryOperatorKind.Add => Registry.Add,
            BinaryOperatorKind.Subtract => Registry.Subtract,
            BinaryOperatorKind.Multiply => Registry.Multiply,
            BinaryOperatorKind.Divide => Registry.Divide,
            _ => null,
        };
        if (op is null || method?.ContainingType.IsTensor() != true)
            return NotInForward(operation);
        var (first, second) = (Operand(left, operation), Operand(right, operation));
        if (first is not TensorValue && first != Value.Unknown || second is not TensorValue && second != Value.Unknown)
            return Report(Check.Problems.NotInForward, operation.Syntax, "something other than tensors and numbers here");
        return first is TensorValue x && second is TensorValue y ? Add(op, Settings.None, operation.Syntax, x.Node, y.Node) : Value.Unknown;
    }

    /// <summary>An operand of tensor arithmetic: a tensor, or a number as a node.</summary>
    private Value Operand(Value value, IOperation operation) => value is ConstantValue { Constant: not null } ? Constant([value], operation.Syntax, isScalar: true) : value;

    private Value Combine(IUnaryOperation unary)
    {
        var value = Evaluate(unary.Operand);
        return value switch
        {
            ConstantValue { Constant: { } number } => Numbers.Combine(unary.OperatorKind, number, unary.Type?.SpecialType ?? default) is { } result ? new ConstantValue(result) : NotInForward(unary),
            TensorValue tensor when unary.OperatorKind == UnaryOperatorKind.Minus => Add(Registry.Negate, Settings.None, unary.Syntax, tensor.Node),
            TensorValue when unary.OperatorKind == UnaryOperatorKind.Plus => value,
            _ when value == Value.Unknown => value,
            _ => NotInForward(unary),
        };
    }

    private Value Choose(IConditionalOperation condition)
    {
        var test = Evaluate(condition.Condition);
        if (test is ConstantValue { Constant: bool holds })
            return Evaluate(holds ? condition.WhenTrue : condition.WhenFalse!);
        if (test != Value.Unknown)
        {
            Unfit(condition.Condition);
            return Value.Unknown;
        }
        Evaluate(condition.WhenTrue);
        Evaluate(condition.WhenFalse!);
        return Value.Unknown;
    }

    private Value Assign(ISimpleAssignmentOperation assignment)
    {
        var value = Evaluate(assignment.Value);
        return Assign(assignment.Target, value) ? value : NotInForward(assignment);
    }

    private Value Assign(ICompoundAssignmentOperation compound)
    {
        var value = Combine(compound, compound.OperatorKind, compound.OperatorMethod, Evaluate(compound.Target), Evaluate(compound.Value), compound.Target.Type);
        return Assign(compound.Target, value) ? value : NotInForward(compound);
    }

    private Value Increment(IIncrementOrDecrementOperation increment)
    {
        var before = Evaluate(increment.Target);
        var kind = increment.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        var after = Combine(increment, kind, null, before, new ConstantValue(1), increment.Type);
        if (!Assign(increment.Target, after))
            return NotInForward(increment);
        return increment.IsPostfix ? before : after;
    }

    private Value Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        var value = Evaluate(deconstruction.Value);
        return Assign(deconstruction.Target, value) ? value : NotInForward(deconstruction);
    }

    /// <summary>Gives a local, a parameter or each part of a tuple its value; false if the target is something else.</summary>
    private bool Assign(IOperation target, Value value)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                naming.Offer(value, frame, local.Local.Name);
                frame.Assign(local.Local, value);
                return true;
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.None } parameter when parameter.Parameter.ContainingSymbol is IMethodSymbol { MethodKind: not MethodKind.Constructor }:
                naming.Offer(value, frame, parameter.Parameter.Name);
                frame.Assign(parameter.Parameter, value);
                return true;
            case IFieldReferenceOperation { Instance: IInstanceReferenceOperation } field when frame.Method?.MethodKind == MethodKind.Constructor:
                frame.Self!.Members[field.Field] = value;
                return true;
            case IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } property when frame.Method?.MethodKind == MethodKind.Constructor:
                frame.Self!.Members[property.Property] = value;
                return true;
            case IDeclarationExpressionOperation declaration:
                return Assign(declaration.Expression, value);
            case IDiscardOperation:
                return true;
            case IConversionOperation conversion:
                return Assign(conversion.Operand, value);
            case ITupleOperation tuple:
                var parts = (value as TupleValue)?.Items;
                return (parts is not null ? parts.Count == tuple.Elements.Length : value == Value.Unknown)
                    && !tuple.Elements.Where((element, i) => !Assign(element, parts?[i] ?? Value.Unknown)).Any();
            default:
                return target is IInvalidOperation;
        }
    }

    private Value List(IArrayCreationOperation array)
    {
        if (array.Initializer is null || array.DimensionSizes.Length != 1)
            return array.Syntax is null || array.DimensionSizes is [{ ConstantValue: { HasValue: true, Value: 0 } }] ? new ListValue([]) : NotInForward(array);
        return new ListValue(array.Initializer.ElementValues.Select(Evaluate).ToList());
    }

    private Value Element(IArrayElementReferenceOperation element) =>
        Evaluate(element.ArrayReference) switch
        {
            ListValue list when element.Indices is [var index] => Element(list, Evaluate(index), element),
            var value when value == Value.Unknown => value,
            _ => NotInForward(element),
        };

    private Value Element(ListValue list, Value index, IOperation place) =>
        index is ConstantValue { Constant: int at }
            ? at >= 0 && at < list.Items.Count ? list.Items[at] : Report(Check.Problems.NotInForward, place.Syntax, $"element {at} of an array of {list.Items.Count}")
            : index == Value.Unknown ? index : NotInForward(place);
}
