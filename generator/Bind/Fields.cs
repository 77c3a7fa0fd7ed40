using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>Reads the fields of a class that are networks themselves.</summary>
internal sealed class FieldReader(INamedTypeSymbol type, Sources sources, List<Report> reports)
{
    /// <summary>The sub-networks, in the order in which they are declared, each with whether it is one that can be compiled.</summary>
    public IEnumerable<(IFieldSymbol Field, bool IsSound)> Read()
    {
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (field.IsImplicitlyDeclared && field.AssociatedSymbol is null || !Element(field.Type).IsNetwork())
                continue;
            var complaint = Complain(field);
            if (complaint is not null)
                reports.Add(complaint);
            yield return (field, complaint is null);
        }
    }

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
