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
            ILocalReferenceOperation local => Clear(local.Local, frame.Read(local.Local)) ?? Broken(),
            IParameterReferenceOperation parameter => Read(parameter),
            IFieldReferenceOperation field => Read(field),
            IPropertyReferenceOperation property => Read(property),
            IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } =>
                frame.Self is null ? Value.Unknown : new InstanceValue(frame.Self),
            IInvocationOperation call => Call(call),
            ITupleOperation tuple => new TupleValue(tuple.Elements.Select(Evaluate).ToList()),
            IBinaryOperation binary => Combine(binary),
            IUnaryOperation unary => Combine(unary),
            IConditionalOperation condition => Choose(condition),
            ISwitchExpressionOperation choice => Choose(choice),
            IIsPatternOperation test => Test(test),
            ICoalesceOperation either => Choose(either),
            ICoalesceAssignmentOperation assignment => Assign(assignment),
            ISimpleAssignmentOperation { IsRef: false } assignment => Assign(assignment),
            ICompoundAssignmentOperation compound => Assign(compound),
            IIncrementOrDecrementOperation increment => Increment(increment),
            IDeconstructionAssignmentOperation deconstruction => Deconstruct(deconstruction),
            IArrayCreationOperation array => List(array),
            IObjectCreationOperation { Initializer: null } list when IsListOfTensors(list.Type) => new GrownValue([], scan),
            ICollectionExpressionOperation { Elements.IsEmpty: true } list when IsListOfTensors(list.Type) => new GrownValue([], scan),
            ICollectionExpressionOperation collection => List(collection),
            IArrayElementReferenceOperation element => Element(element),
            IImplicitIndexerReferenceOperation element => Element(element),
            IInvalidOperation => Broken(),
            _ when operation.ChildOperations.Any(IsUnknown) => Value.Unknown,
            _ => NotInForward(operation),
        };
    }

    /// <summary>Whether an operand is a local that has no known value because of a mistake, which is reported.</summary>
    private bool IsUnknown(IOperation? operand) =>
        operand is not null && FieldReader.Plain(operand) is ILocalReferenceOperation local && frame.Read(local.Local) == Value.Unknown;

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

    private Value Read(IParameterReferenceOperation reference)
    {
        var parameter = reference.Parameter.OriginalDefinition;
        if (Clear(parameter, frame.Read(parameter)) is { } local)
            return local;
        if (parameter.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.Constructor } || frame.Self is not { } self)
            return Value.Unknown;
        // What initialises a field has the value that the constructor was given; a method finds what methods have made of it.
        return frame.Method is null && self.Members.TryGetValue(parameter, out var given) && Clear(parameter, given) is { } clear
            ? clear
            : Member(parameter, self, reference.Syntax) ?? Value.Unknown;
    }

    /// <summary>A variable's value, unless it comes from a statement of a constructor that could not be followed.</summary>
    private Value? Clear(ISymbol variable, Value? value) =>
        value is UnclearValue unclear ? Report(Check.Problems.MemberUnclear, unclear.Place, variable.Name, unclear.What) : value;

    private Value Read(IFieldReferenceOperation reference)
    {
        var field = reference.Field;
        if (reference.Instance is { Type.IsTupleType: true } tuple)
            return Evaluate(tuple) is not TupleValue items
                ? Value.Unknown
                : Place(field) is { } place && place < items.Items.Count ? items.Items[place] : NotInForward(reference);
        var owner = reference.Instance is null ? null : Evaluate(reference.Instance);
        if (owner == Value.Unknown)
            return Value.Unknown;
        return Member(field, (owner as InstanceValue)?.Instance, reference.Syntax) ?? NotInForward(reference);
    }

    /// <summary>The place of a tuple's element, whose other name is Item1, Item2, ...; null of Rest, which is no element.</summary>
    private static int? Place(IFieldSymbol element)
    {
        var item = element.CorrespondingTupleField ?? element;
        return item.Name.StartsWith("Item", StringComparison.Ordinal)
            && int.TryParse(item.Name.Substring("Item".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? place - 1
            : null;
    }

    private Value Read(IPropertyReferenceOperation reference)
    {
        var property = reference.Property;
        if (property.Type.IsNetwork())
            return Broken();
        if (IsExtension(property.ContainingType))
            return CallExtension(reference);
        if (reference.Instance is null)
            return Member(property, null, reference.Syntax) ?? NotInForward(reference);
        var owner = Evaluate(reference.Instance);
        return owner switch
        {
            ListValue list when property.Name is "Length" or "Count" => new ConstantValue(list.Items.Count),
            GrownValue { Whole: null, Scan: var made } list when property.Name is "Count" && made == scan =>
                new ConstantValue(list.Items.Count),
            InstanceValue { Instance: var self } when reference.Arguments.IsEmpty =>
                Member(Overriding(property, self, reference.Instance), self, reference.Syntax) ?? NotInForward(reference),
            ListValue list when reference.Arguments is [var index] => Element(list, index.Value, reference),
            TensorValue tensor when IsPart(property) => Part(tensor, reference),
            ConstantValue { Constant: string text } when property.Name is "Length" => new ConstantValue(text.Length),
            TensorValue tensor when property.Name == "Shape" && property.ContainingType.IsTensor() => ShapeOf(tensor, reference),
            ShapeValue { Shape: var shape } => Read(shape, reference),
            VaryingShapeValue shape => Read(shape, reference),
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
        return Combine(binary, binary.OperatorKind, binary.OperatorMethod, Evaluate(binary.LeftOperand), Evaluate(binary.RightOperand),
            binary.Type);
    }

    private Value Combine(IOperation operation, BinaryOperatorKind kind, IMethodSymbol? method, Value left, Value right, ITypeSymbol? type)
    {
        if (left == Value.Unknown || right == Value.Unknown)
            return Value.Unknown;
        if ((left as LengthValue ?? right as LengthValue) is { } length)
            return Longer(kind, length, left == length ? right : left) ?? Varies(operation, $"length of {length.Text}");
        if (left is ConstantValue { Constant: { } a } && right is ConstantValue { Constant: { } b })
            return Numbers.Combine(kind, a, b, type?.SpecialType ?? default) is { } number
                ? new ConstantValue(number)
                : Report(Check.Problems.NotInForward, operation.Syntax, Describe.NoResult(operation, kind, b));
        // What is not null is never equal to null.
        if (kind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && (left == Value.Nothing || right == Value.Nothing))
            return new ConstantValue(left == right == (kind == BinaryOperatorKind.Equals));
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

    /// <summary>The length of what has some more before it, as a class token; null of any other arithmetic.</summary>
    private static LengthValue? Longer(BinaryOperatorKind kind, LengthValue length, Value more) =>
        kind == BinaryOperatorKind.Add && more is ConstantValue { Constant: int and >= 0 and <= MostSteps and var count }
            ? length with { Most = length.Most + count, More = length.More + count }
            : null;

    /// <summary>
    /// Warns of numbers for a function by which nothing that it gives is finite. A bound, a mask and what surrounds a tensor may be
    /// infinite.
    /// </summary>
    private void CheckNumbers(IInvocationOperation call, IReadOnlyList<Value> arguments, bool mayBeInfinite)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var numbers = (arguments[i] is ListValue list ? list.Items.Select(Numbers.Of) : [Numbers.Of(arguments[i])])
                .OfType<double>()
                .ToList();
            var unfit = numbers.Exists(double.IsNaN) ? "NaN" : !mayBeInfinite && numbers.Exists(double.IsInfinity) ? "infinity" : null;
            if (unfit is null)
                continue;
            var place = call.Arguments.FirstOrDefault(
                argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Ordinal == i)?.Value.Syntax
                ?? call.Syntax;
            Report(Check.Problems.NotANumber, place, $"{call.TargetMethod.Name} is given {unfit}");
        }
    }

    /// <summary>An operand of tensor arithmetic: a tensor, or a number as a node.</summary>
    private Value Operand(Value value, IOperation operation) =>
        value is ConstantValue { Constant: not null } ? Constant([value], operation.Syntax, isScalar: true) : value;

    private Value Combine(IUnaryOperation unary)
    {
        var value = Evaluate(unary.Operand);
        return value switch
        {
            ConstantValue { Constant: { } number } =>
                Numbers.Combine(unary.OperatorKind, number, unary.Type?.SpecialType ?? default) is { } result
                    ? new ConstantValue(result)
                    : NotInForward(unary),
            TensorValue tensor when unary.OperatorKind == UnaryOperatorKind.Minus =>
                Add(Registry.Negate, Settings.None, unary.Syntax, tensor.Node),
            TensorValue when unary.OperatorKind == UnaryOperatorKind.Plus => value,
            _ when value == Value.Unknown => value,
            _ => NotInForward(unary),
        };
    }

    private Value Choose(ICoalesceOperation either) =>
        Evaluate(either.Value) is var value && value == Value.Nothing ? Evaluate(either.WhenNull) : value;

    private Value Assign(ICoalesceAssignmentOperation assignment)
    {
        if (Evaluate(assignment.Target) is var before && before != Value.Nothing)
            return before;
        var value = Evaluate(assignment.Value);
        return Assign(assignment.Target, value) ? value : NotInForward(assignment);
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
        if (Slot(assignment.Target) is var (list, index))
            return Write(list, index, Evaluate(assignment.Value), assignment.Target.Syntax) ?? NotInForward(assignment);
        var value = assignment.Target is IFieldReferenceOperation { Instance: IInstanceReferenceOperation, Field: var field }
            && field.Type.IsNetwork()
            && frame.Method?.MethodKind == MethodKind.Constructor
            ? Class(field.ContainingType).Field(field) is { } declared ? Make(assignment.Value, declared) : Broken()
            : Evaluate(assignment.Value);
        return Assign(assignment.Target, value) ? value : NotInForward(assignment);
    }

    private Value Assign(ICompoundAssignmentOperation compound)
    {
        var slot = Slot(compound.Target);
        var before = slot is var (list, index) ? Read(list, index, compound.Target) : Evaluate(compound.Target);
        var value = Combine(compound, compound.OperatorKind, compound.OperatorMethod, before, Evaluate(compound.Value),
            compound.Target.Type);
        return Store(compound.Target, slot, value) ? value : NotInForward(compound);
    }

    private Value Increment(IIncrementOrDecrementOperation increment)
    {
        var slot = Slot(increment.Target);
        var before = slot is var (list, index) ? Read(list, index, increment.Target) : Evaluate(increment.Target);
        var kind = increment.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        var after = Combine(increment, kind, null, before, new ConstantValue(1), increment.Type);
        if (!Store(increment.Target, slot, after))
            return NotInForward(increment);
        return increment.IsPostfix ? before : after;
    }

    private bool Store(IOperation target, (Value List, Value Index)? slot, Value value) =>
        slot is var (list, index) ? Write(list, index, value, target.Syntax) is not null : Assign(target, value);

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
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.None } parameter
                when frame.Read(parameter.Parameter.OriginalDefinition) is not null:
                naming.Offer(value, frame, parameter.Parameter.Name);
                frame.Assign(parameter.Parameter.OriginalDefinition, value);
                return true;
            case IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }:
                return AssignMember((IMemberReferenceOperation)target, value);
            case IArrayElementReferenceOperation or IPropertyReferenceOperation
                when target.DescendantsAndSelf().All(part => part == target || Writes.IsFree(part)):
                return Slot(target) is var (list, index) && Write(list, index, value, target.Syntax) is not null;
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
}
