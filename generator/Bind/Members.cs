using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>Fields, properties and constructor parameters: what a network's members hold when Forward runs.</summary>
internal sealed partial class Binder
{
    private readonly Dictionary<ISymbol, Value> statics = new(SymbolEqualityComparer.Default);
    private readonly Stack<ISymbol> initialising = new();

    /// <summary>What a readonly field, a property or a constructor parameter holds; null if it is not known when compiled.</summary>
    private Value? Member(ISymbol member, Instance? instance, SyntaxNode place)
    {
        member = member.OriginalDefinition;
        if (member is IFieldSymbol { HasConstantValue: true } constant)
            return new ConstantValue(constant.ConstantValue);
        if (member is IFieldSymbol field && field.Type.IsNetwork())
            return instance is null ? Broken() : SubNetwork(field, instance, place);
        if (member is IFieldSymbol { Type: IArrayTypeSymbol { ElementType: var element } } && element.IsNetwork())
            return Broken();
        member = (member as IPropertySymbol)?.PartialImplementationPart ?? member;
        if (member is IPropertySymbol { GetMethod: { } getter } property && sources.Code(getter) is { } code)
            return property.Parameters.IsEmpty ? Compute(getter, code, instance, place) : null;
        if (member is IFieldSymbol { IsReadOnly: false } or IPropertySymbol { SetMethod: not null })
            return null;
        return Held(member, instance, place) is { } value ? Trusted(member, value) : null;
    }

    /// <summary>What a getter gives.</summary>
    private Value Compute(IMethodSymbol getter, IOperation code, Instance? instance, SyntaxNode place)
    {
        if (running.Contains(getter, SymbolEqualityComparer.Default))
            return Report(Problems.Recursion, place, getter.AssociatedSymbol!.Name, "");
        running.Push(getter);
        var value = Run(new Frame(getter, instance ?? frame.Self), getter, code, []);
        running.Pop();
        return value;
    }

    /// <summary>What construction has put, or would put, into a member; null if its source is not in this project.</summary>
    private Value? Held(ISymbol member, Instance? instance, SyntaxNode place)
    {
        if (member.IsStatic)
            RunStaticConstructor(member.ContainingType);
        if (member.IsStatic && IsReadTooSoon(member))
            return Report(Problems.MemberUnclear, place, member.Name,
                "is read here before it has its value: static fields get theirs from top to bottom, so declare it above");
        var held = member.IsStatic ? statics : instance?.Members;
        if (held is not null && held.TryGetValue(member, out var known))
            return known;
        if (member is IParameterSymbol || instance?.IsUnclear == true)
            return Value.Unknown;
        if (sources.Initializer(member) is not { } initializer)
            return member.DeclaringSyntaxReferences.IsEmpty || IsBeingConstructed(member) ? null : WithoutValue(member);
        initialising.Push(member);
        var value = Within(member.IsStatic ? null : instance, initializer);
        initialising.Pop();
        if (value is GrownValue)
            value = new UnclearValue(initializer.Syntax,
                "keeps what Forward adds from one run to the next: make the list a local of Forward");
        if (held is not null)
            held[member] = value;
        return value;
    }

    /// <summary>A member's value, if nothing changes it behind the compiler's back.</summary>
    private Value Trusted(ISymbol member, Value value)
    {
        Keep(value);
        var unclear = value as UnclearValue ?? (value as ListValue)?.Items.OfType<UnclearValue>().FirstOrDefault();
        if (unclear is not null)
            return Report(Problems.MemberUnclear, unclear.Place, member.Name, unclear.What);
        var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        if ((member is IParameterSymbol || Writes.IsMutable(type)) && sources.Changes.Of(member) is var (place, how))
            return Report(Problems.MemberUnclear, place, member.Name,
                $"{how}, after the network is compiled with the value from its constructor");
        return value;
    }

    private static void Keep(Value value)
    {
        if (value is ListValue list)
            list.IsKept = true;
        foreach (var item in (value as ListValue)?.Items ?? (value as TupleValue)?.Items ?? [])
            Keep(item);
    }

    private Value WithoutValue(ISymbol member)
    {
        // The compiler asks for its other half.
        if (member is IPropertySymbol { IsPartialDefinition: true })
            return Broken();
        var place = member.DeclaringSyntaxReferences[0].GetSyntax(sources.Cancellation);
        return Report(Problems.MemberWithoutValue, place switch
        {
            VariableDeclaratorSyntax field => field.Identifier.GetLocation(),
            PropertyDeclarationSyntax property => property.Identifier.GetLocation(),
            _ => place.GetLocation(),
        }, [member.Name], frame.Self?.Type ?? network.Type);
    }

    /// <summary>Whether a static member is read by what initialises another that comes before it.</summary>
    private bool IsReadTooSoon(ISymbol member) => initialising.Any(other =>
        other.IsStatic && SymbolEqualityComparer.Default.Equals(other.ContainingType, member.ContainingType) && !IsBefore(member, other));

    private static bool IsBefore(ISymbol first, ISymbol second) =>
        first.DeclaringSyntaxReferences[0].SyntaxTree == second.DeclaringSyntaxReferences[0].SyntaxTree
            && first.DeclaringSyntaxReferences[0].Span.Start < second.DeclaringSyntaxReferences[0].Span.Start;

    private Value SubNetwork(IFieldSymbol field, Instance instance, SyntaxNode place)
    {
        if (instance.Fields.Count == 0)
            called.Add(field);
        if (!SymbolEqualityComparer.Default.Equals(field.ContainingType, instance.Type))
            return Report(Problems.FieldUnfit, place, field.Name,
                $"is a field of {field.ContainingType.Name}; a sub-network is a field of the network's own class");
        if (Class(instance.Type).Field(field) is not { IsSound: true } declared)
            return Broken();
        if (instance.Types.Contains(field.Type, SymbolEqualityComparer.Default))
            return Circle(instance, field);
        if (instance.Fields.Count >= MostFields)
            return TooNested(instance);
        if (instance.Members.TryGetValue(field, out var known))
            return Trusted(field, known);
        return instance.Members[field] = sources.Initializer(field) is { } initializer ? Within(instance, initializer, declared) : Broken();
    }

    /// <summary>
    /// Reports a network that holds itself, at the field with which that begins. Another one's circle is reported where that is read.
    /// </summary>
    private Value Circle(Instance instance, IFieldSymbol last)
    {
        if (!SymbolEqualityComparer.Default.Equals(last.Type, network.Type))
            return Broken();
        var first = instance.Fields.Count == 0 ? last : instance.Fields[0].Field;
        var between = string.Join(" and ", instance.Types.Skip(1).Select(type => type.Name));
        Report(Problems.Recursion, first.DeclaringSyntaxReferences[0].GetSyntax(sources.Cancellation).GetLocation(),
            [network.Type.Name, between.Length == 0 ? "" : " by way of " + between], network.Type);
        return Value.Unknown;
    }

    /// <summary>Reports networks inside networks without end in sight, at the field with which they begin in this class.</summary>
    private Value TooNested(Instance instance)
    {
        Report(Problems.NotInForward, instance.Fields[0].Field.DeclaringSyntaxReferences[0].GetSyntax(sources.Cancellation).GetLocation(),
            [$"networks that are nested more than {MostFields} deep"], network.Type);
        isStopped = true;
        return Value.Unknown;
    }

    /// <summary>Evaluates an initialiser, in which the constructor's parameters are known.</summary>
    private Value Within(Instance? instance, IOperation initializer, SubNetworkField? field = null)
    {
        var outer = frame;
        frame = new Frame(null, instance);
        var value = field is null ? Evaluate(initializer) : Make(initializer, field);
        frame = outer;
        return value;
    }

    private Value Make(IOperation initializer, SubNetworkField declared)
    {
        if (FieldReader.Plain(initializer) is not IObjectCreationOperation { Constructor: { } constructor } creation)
            return Broken();
        var field = declared.Field;
        if (creation.Initializer is not null)
            return Report(Problems.FieldUnfit, creation.Initializer.Syntax, field.Name,
                "has an initialiser with braces; give its values to the constructor");
        var made = new Instance((INamedTypeSymbol)field.Type, [.. frame.Self!.Fields, declared], creation.Syntax)
        {
            Types = [.. frame.Self.Types, field.Type],
        };
        var arguments = creation.Arguments.OrderBy(argument => argument.Parameter!.Ordinal)
            .Select(argument => (argument, Value: Evaluate(argument.Value))).ToList();
        if (arguments.Exists(one => one.Value is TensorValue))
            return NotInForward(arguments.First(one => one.Value is TensorValue).argument.Value);
        Construct(constructor, made, [.. arguments.Select(one => one.Value)]);
        return new InstanceValue(made);
    }
}
