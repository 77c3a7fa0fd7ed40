using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;
using Whence.Generator.Graphs;

namespace Whence.Generator.Bind;

/// <summary>Reads Forward's header: its inputs and what it returns.</summary>
internal sealed class InputReader(INamedTypeSymbol type, List<Report> reports)
{
    /// <summary>The one Forward of the class; null, and reported, if it has none that can be compiled.</summary>
    public IMethodSymbol? Forward()
    {
        var found = type.GetMembers(Known.Forward).OfType<IMethodSymbol>().ToList();
        if (found.Count == 0)
        {
            reports.Add(new(Problems.ForwardMissing, NetworkClass.Identifier(type), type.Name));
            return null;
        }
        foreach (var another in found.Skip(1))
            Report(Identifier(another), "is declared twice; a network has one Forward");
        return found.Count == 1 && IsSound(found[0]) ? found[0] : null;
    }

    /// <summary>The inputs' shapes, in order; null for a block, whose shapes come from the network that it is part of, and for a mistake.</summary>
    public IReadOnlyList<Shape>? Shapes(IMethodSymbol forward, bool isParameterised, bool isAsked)
    {
        var attributes = forward.Parameters.Select(parameter => parameter.Attribute(Known.Shape)).ToList();
        if (attributes.All(attribute => attribute is null))
        {
            if (isAsked)
                reports.Add(new(Problems.InputShape, Identifier(forward), $"The network {type.Name}", "is asked for explanations, but its inputs have no shapes: write [Shape(...)] before each parameter of Forward"));
            return null;
        }
        if (isParameterised)
        {
            reports.Add(new(Problems.InputShape, Place(attributes.First(attribute => attribute is not null)!), $"The network {type.Name}", "has constructor parameters, so that it can only be a field of another network, whose values give its inputs their shapes: leave out [Shape]"));
            return null;
        }
        var shapes = forward.Parameters.Zip(attributes, Read).OfType<Shape>().ToList();
        return shapes.Count == attributes.Count ? shapes : null;
    }

    private bool IsSound(IMethodSymbol forward)
    {
        var before = reports.Count;
        if (forward.IsStatic)
            Report(Identifier(forward), "must not be static");
        else if (forward.IsGenericMethod)
            Report(Identifier(forward), "must not be generic");
        else if (forward.IsAsync)
            Report(Identifier(forward), "must not be async");
        else if (forward.Parameters.IsEmpty)
            Report(Identifier(forward), "must take at least one Tensor");
        foreach (var parameter in forward.Parameters.Where(parameter => parameter.RefKind != RefKind.None || IsWrong(parameter.Type)))
            Report(parameter.Locations[0], $"takes {parameter.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, but its parameters must be Tensors; sizes are parameters of the class's constructor");
        var returned = forward.ReturnType;
        if (returned is INamedTypeSymbol { IsTupleType: true } tuple ? tuple.TupleElements.Any(element => IsWrong(element.Type)) : IsWrong(returned))
            Report(ReturnType(forward), $"returns {returned.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, but must return a Tensor or a tuple of Tensors");
        return reports.Count == before;
    }

    private static bool IsWrong(ITypeSymbol type) => !type.IsTensor() && type.TypeKind != TypeKind.Error;

    private Shape? Read(IParameterSymbol parameter, AttributeData? attribute)
    {
        if (attribute is null)
        {
            reports.Add(new(Problems.InputShape, parameter.Locations[0], $"The input {parameter.Name}", "has no shape, though another input has: write [Shape(...)] before it"));
            return null;
        }
        if (attribute.AttributeConstructor is null || attribute.ConstructorArguments is not [{ Kind: TypedConstantKind.Array, IsNull: false } list])
            return null;
        var axes = list.Values.Select(axis => axis.Value is int size ? size : 0).ToArray();
        if (axes.Length > 0 && axes.All(axis => axis > 0) && axes.Aggregate(1.0, (size, axis) => size * axis) <= int.MaxValue)
            return new Shape(axes);
        reports.Add(new(Problems.InputShape, Place(attribute), $"The input {parameter.Name}", $"has the shape [{string.Join(", ", axes)}], but a shape has at least one axis, each axis at least 1, and at most {int.MaxValue} elements"));
        return null;
    }

    private void Report(Location place, string what) => reports.Add(new(Problems.ForwardSignature, place, type.Name, what));

    private static Location Place(AttributeData attribute) => attribute.ApplicationSyntaxReference!.GetSyntax().GetLocation();

    private static Location Identifier(IMethodSymbol method) => method.Locations[0];

    private static Location ReturnType(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax syntax ? syntax.ReturnType.GetLocation() : method.Locations[0];
}
