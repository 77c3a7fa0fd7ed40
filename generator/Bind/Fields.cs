using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>A field of a network that holds another.</summary>
/// <param name="Field">The field.</param>
/// <param name="Given">What its [Name] says, or null.</param>
/// <param name="IsSound">Whether it is one that can be compiled.</param>
internal sealed record SubNetworkField(IFieldSymbol Field, string? Given, bool IsSound)
{
    /// <summary>What the names of its weights may begin with in a file, without the dot; empty where it adds nothing.</summary>
    public IReadOnlyList<string> Prefixes { get; } = Given is null ? TensorNames.Of(Field.Name) : [Given];
}

/// <summary>Reads the fields of a class that are networks themselves.</summary>
internal sealed class FieldReader(INamedTypeSymbol type, Sources sources, List<Report> reports)
{
    /// <summary>The sub-networks, in the order in which they are declared.</summary>
    public IReadOnlyList<SubNetworkField> Read()
    {
        var fields = new List<SubNetworkField>();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            var isSubNetwork = (!field.IsImplicitlyDeclared || field.AssociatedSymbol is not null) && Element(field.Type).IsNetwork();
            var given = ReadName(field, isSubNetwork, fields);
            if (!isSubNetwork)
                continue;
            var complaint = Complain(field);
            if (complaint is not null)
                reports.Add(complaint);
            fields.Add(new(field, given, complaint is null));
        }
        return fields;
    }

    /// <summary>What [Name] says of a field; null if it says nothing, or nothing that could be meant, which is reported.</summary>
    private string? ReadName(IFieldSymbol field, bool isSubNetwork, IEnumerable<SubNetworkField> before)
    {
        if (field.Attribute(Known.Name) is not { AttributeConstructor: not null } attribute)
            return null;
        var given = attribute.ConstructorArguments[0].Value as string;
        var same = before.FirstOrDefault(
            other => SymbolEqualityComparer.Default.Equals(other.Field.Type, field.Type) && other.Prefixes[0] == given);
        var what =
            !isSubNetwork ? "is no sub-network; a layer is named in its own attribute, as in [Linear(10, Name = \"classifier\")]" :
            given is null ? "is named null; leave [Name] out for the field's own name, or write \"\" for none" :
            Unfit(given) is { } unfit ? $"is named {SafetensorsHeader.Quote(given)}, {unfit}" :
            same is null ? null :
            $"has the weights of {same.Field.Name}, which begin with {SafetensorsHeader.Quote(given)} too; call {same.Field.Name} twice, "
                + "or give one of them another name";
        if (what is not null)
            reports.Add(new(Problems.NameUnfit, AttributeArguments.Place(attribute, isSubNetwork ? "name" : ""), field.Name, what));
        return what is null ? given : null;
    }

    /// <summary>Why no tensor of a file is named so, or not by who meant this; null if some may be.</summary>
    private static string? Unfit(string name) =>
        name.Length > 0 && name.Trim().Length == 0 ? "which is blank; write \"\" for no name at all" :
        name.Any(char.IsControl) ? "in which there is a line break or another control character" :
        name.Length > 0 && name.Split('.').Contains("")
            ? "but dots stand between two parts of a name, and the one behind it is added; leave out the dot that is too much"
            : null;

    private Report? Complain(IFieldSymbol field)
    {
        var place = Identifier((ISymbol?)field.AssociatedSymbol ?? field);
        var name = field.AssociatedSymbol?.Name ?? field.Name;
        if (field.Type.IsNetwork() && !SymbolEqualityComparer.Default.Equals(field.Type.ContainingAssembly, type.ContainingAssembly))
            return new(Problems.NetworkElsewhere, place, field.Type.Name, field.Type.ContainingAssembly.Name);
        var what =
            !field.Type.IsNetwork() ? $"is an array of sub-networks; give each {Element(field.Type).Name} a field of its own" :
            field.AssociatedSymbol is not null ? "is a property; a sub-network is a readonly field" :
            field.IsStatic ? "is static; the weights of a sub-network belong to the network, so it must be an instance field" :
            !field.IsReadOnly ? "must be readonly, so that it is the same sub-network whenever Forward runs" :
            !IsMade(field) ? $"must be made where it is declared: = new {field.Type.Name}(...)" : null;
        return what is null ? null : new(Problems.FieldUnfit, place, name, what);
    }

    /// <summary>Made where it is declared, or in a constructor, by new; what does not compile is the compiler's to report.</summary>
    private bool IsMade(IFieldSymbol field)
    {
        if (sources.Initializer(field) is { } initializer)
            return Plain(initializer) is IObjectCreationOperation or IInvalidOperation;
        return type.InstanceConstructors
            .Any(constructor => sources.Body(constructor)?.Descendants().OfType<ISimpleAssignmentOperation>().Any(
                assignment =>
                    assignment.Target is IFieldReferenceOperation target && SymbolEqualityComparer.Default.Equals(target.Field, field)
                        && Plain(assignment.Value) is IObjectCreationOperation or IInvalidOperation) == true);
    }

    /// <summary>The operation within conversions.</summary>
    public static IOperation Plain(IOperation operation) =>
        operation is IConversionOperation conversion ? Plain(conversion.Operand) : operation;

    private static ITypeSymbol Element(ITypeSymbol type) => type is IArrayTypeSymbol array ? array.ElementType : type;

    private static Location Identifier(ISymbol symbol) => symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        VariableDeclaratorSyntax field => field.Identifier.GetLocation(),
        PropertyDeclarationSyntax property => property.Identifier.GetLocation(),
        _ => symbol.Locations[0],
    };
}
