using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>Fields and constructors: what a network's members hold before Forward runs.</summary>
internal sealed partial class Binder
{
    /// <summary>What a readonly field, a property without a setter or a constructor parameter holds; null if it is not known when compiled.</summary>
    private Value? Member(ISymbol member, Instance? instance, bool isReadOnly)
    {
        if (instance is not null && instance.Members.TryGetValue(member, out var known))
            return known;
        if (member is IFieldSymbol { HasConstantValue: true } constant)
            return new ConstantValue(constant.ConstantValue);
        if (member is IParameterSymbol)
            return Value.Unknown;
        if (member is IFieldSymbol field && field.Type.IsNetwork())
            return instance is null ? Broken() : SubNetwork(field, instance);
        if (member is IFieldSymbol { Type: IArrayTypeSymbol { ElementType: var element } } && element.IsNetwork())
            return Broken();
        if (!isReadOnly || sources.Initializer(member) is not { } initializer)
            return IsAssigned(member, instance) ? Value.Unknown : null;
        var value = Within(instance, initializer);
        if (instance is not null)
            instance.Members[member] = value;
        return value;
    }

    /// <summary>Whether a constructor gives it a value, which is not known because the class is read by itself.</summary>
    private bool IsAssigned(ISymbol member, Instance? instance) =>
        instance is { Fields.Count: 0 } && member.ContainingType.InstanceConstructors.Any(constructor =>
            sources.Body(constructor)?.Descendants().OfType<ISimpleAssignmentOperation>().Any(assignment => SymbolEqualityComparer.Default.Equals(Target(assignment), member)) == true);

    private static ISymbol? Target(ISimpleAssignmentOperation assignment) => (assignment.Target as IMemberReferenceOperation)?.Member;

    private Value SubNetwork(IFieldSymbol field, Instance instance)
    {
        if (instance.Fields.Count == 0)
            called.Add(field);
        if (!Class(instance.Type).Fields.Any(one => one.IsSound && SymbolEqualityComparer.Default.Equals(one.Field, field)))
            return Broken();
        if (instance.Types.Contains(field.Type, SymbolEqualityComparer.Default))
            return Report(Problems.Recursion, field.DeclaringSyntaxReferences[0].GetSyntax(sources.Cancellation), field.Type.Name);
        if (instance.Fields.Count >= MostFields)
            return TooNested(instance);
        return instance.Members[field] = sources.Initializer(field) is { } initializer
            ? Within(instance, initializer, field)
            : Assigned(field, instance);
    }

    /// <summary>Reports networks inside networks without end in sight, at the field with which they begin in this class.</summary>
    private Value TooNested(Instance instance)
    {
        var field = network.Type.GetMembers(instance.Fields[0]).First();
        Report(Problems.NotInForward, field.DeclaringSyntaxReferences[0].GetSyntax(sources.Cancellation), [$"networks that are nested more than {MostFields} deep"], network.Type);
        isStopped = true;
        return Value.Unknown;
    }

    /// <summary>Evaluates an initialiser, in which the constructor's parameters are known.</summary>
    private Value Within(Instance? instance, IOperation initializer, IFieldSymbol? field = null)
    {
        var outer = frame;
        frame = new Frame(null, instance);
        var value = field is null ? Evaluate(initializer) : Make(initializer, field);
        frame = outer;
        return value;
    }

    /// <summary>A sub-network made in the constructor.</summary>
    private Value Assigned(IFieldSymbol field, Instance instance)
    {
        var assignment = field.ContainingType.InstanceConstructors
            .SelectMany(constructor => sources.Body(constructor)?.Descendants().OfType<ISimpleAssignmentOperation>() ?? [])
            .FirstOrDefault(assignment => SymbolEqualityComparer.Default.Equals(Target(assignment), field));
        return assignment is null ? Broken() : Within(instance, assignment.Value, field);
    }

    private Value Make(IOperation initializer, IFieldSymbol field)
    {
        if (FieldReader.Plain(initializer) is not IObjectCreationOperation { Constructor: { } constructor } creation)
            return Broken();
        if (creation.Initializer is not null)
            return Report(Problems.FieldUnfit, creation.Initializer.Syntax, field.Name, "has an initialiser with braces; give its values to the constructor");
        var made = new Instance((INamedTypeSymbol)field.Type, [.. frame.Self!.Fields, field.Name], creation.Syntax) { Types = [.. frame.Self.Types, field.Type] };
        foreach (var argument in creation.Arguments)
        {
            var value = Evaluate(argument.Value);
            if (value is TensorValue)
                return NotInForward(argument.Value);
            made.Members[argument.Parameter!] = value;
        }
        Construct(constructor, made);
        return new InstanceValue(made);
    }

    /// <summary>Runs the body of an ordinary constructor, which gives fields their values.</summary>
    private void Construct(IMethodSymbol constructor, Instance made)
    {
        if (sources.Body(constructor) is not IConstructorBodyOperation body)
            return;
        var inner = new Frame(constructor, made);
        Run(inner, constructor, (IOperation?)body.BlockBody ?? body.ExpressionBody, constructor.Parameters.Select(parameter => made.Members.TryGetValue(parameter, out var value) ? value : Value.Unknown).ToList());
    }
}
