using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>What the attribute of an input of Forward says of it.</summary>
internal enum InputKind
{
    /// <summary>[Shape]: what explanations are about.</summary>
    Live,

    /// <summary>[Shape(..., Variable = true)]: as many positions along axis 0 as the shape says, or fewer.</summary>
    VariableLive,

    /// <summary>[Mask]: held fixed.</summary>
    Mask,

    /// <summary>[Tokens]: whole numbers, for embeddings.</summary>
    Tokens,

    /// <summary>[Tokens(..., Variable = true)]: as many as the shape says, or fewer.</summary>
    VariableTokens,
}

/// <summary>An input of Forward as it is declared.</summary>
internal sealed record DeclaredInput(InputKind Kind, Shape Shape)
{
    /// <summary>The names of the features along an axis; null if they have none.</summary>
    public InputFeatures? Features { get; init; }
}

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

    /// <summary>The inputs, in order; null for a block, whose shapes come from the network that it is part of, and for a mistake.</summary>
    public IReadOnlyList<DeclaredInput>? Inputs(IMethodSymbol forward, bool isParameterised, bool isAsked)
    {
        var attributes = forward.Parameters.Select(Declaring).ToList();
        if (attributes.All(attribute => attribute is null))
        {
            foreach (var parameter in forward.Parameters)
                new FeatureReader(reports).Read(parameter, null);
            if (isAsked)
                reports.Add(new(Problems.InputShape, Identifier(forward), $"The network {type.Name}",
                    "is asked for explanations, but its inputs have no shapes: write [Shape(...)] before each parameter of Forward"));
            return null;
        }
        if (isParameterised)
        {
            var attribute = attributes.First(attribute => attribute is not null)!;
            reports.Add(new(Problems.InputShape, Place(attribute), $"The network {type.Name}", "has constructor parameters without which "
                + "it cannot be made, so that it can only be a field of another network, whose values give its inputs their shapes: leave "
                + $"out [{Kind(attribute)}]"));
            return null;
        }
        var inputs = forward.Parameters.Zip(attributes, Read).OfType<DeclaredInput>().ToList();
        return inputs.Count == attributes.Count ? inputs : null;
    }

    private AttributeData? Declaring(IParameterSymbol parameter)
    {
        var found = parameter.GetAttributes().Where(attribute => Known.Inputs.Any(name => attribute.AttributeClass.Is(name))).ToList();
        foreach (var another in found.Skip(1))
            reports.Add(new(Problems.InputShape, Place(another), $"The input {parameter.Name}",
                $"is declared [{Kind(found[0])}] already; an input has one declaration"));
        return found.FirstOrDefault();
    }

    /// <summary>The attribute's name as it is written.</summary>
    private static string Kind(AttributeData attribute) => attribute.AttributeClass!.Name.Replace("Attribute", "");

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
            Report(parameter.Locations[0], $"takes {parameter.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, but its "
                + "parameters must be Tensors; sizes are parameters of the class's constructor");
        var returned = forward.ReturnType;
        if (returned is INamedTypeSymbol { IsTupleType: true } tuple
            ? tuple.TupleElements.Any(element => IsWrong(element.Type))
            : IsWrong(returned))
            Report(ReturnType(forward), $"returns {returned.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, but must "
                + "return a Tensor or a tuple of Tensors");
        return reports.Count == before;
    }

    private static bool IsWrong(ITypeSymbol type) => !type.IsTensor() && type.TypeKind != TypeKind.Error;

    private DeclaredInput? Read(IParameterSymbol parameter, AttributeData? attribute)
    {
        if (attribute is null)
        {
            reports.Add(new(Problems.InputShape, parameter.Locations[0], $"The input {parameter.Name}",
                "has no shape, though another input has: write [Shape(...)] before it"));
            return null;
        }
        if (attribute.AttributeConstructor is null || Axes(attribute) is not { } axes)
            return null;
        if (axes.Length > 0 && axes.All(axis => axis > 0) && Shape.Count(axes) <= Shape.MostElements)
        {
            var declared = new DeclaredInput(KindOf(attribute), new Shape(axes));
            return declared with { Features = new FeatureReader(reports).Read(parameter, declared) };
        }
        reports.Add(new(Problems.InputShape, Place(attribute), $"The input {parameter.Name}", $"has the shape [{Listing.Of(axes)}], "
            + $"but a shape has at least one axis, each axis at least 1, and at most {Shape.MostElements} elements"));
        return null;
    }

    private static int[]? Axes(AttributeData attribute) => attribute.ConstructorArguments switch
    {
        [{ Kind: TypedConstantKind.Array, IsNull: true }] => [],
        [{ Kind: TypedConstantKind.Array } list] => list.Values.Select(axis => axis.Value is int size ? size : 0).ToArray(),
        [{ Kind: TypedConstantKind.Primitive, Value: int length }] => [length],
        _ => null,
    };

    private static InputKind KindOf(AttributeData attribute) =>
        attribute.AttributeClass.Is(Known.Mask) ? InputKind.Mask :
        attribute.AttributeClass.Is(Known.Tokens) ? IsVariable(attribute) ? InputKind.VariableTokens : InputKind.Tokens :
        IsVariable(attribute) ? InputKind.VariableLive : InputKind.Live;

    /// <summary>What a parameter is declared as; null of one that says nothing.</summary>
    public static InputKind? Kind(IParameterSymbol parameter) =>
        parameter.GetAttributes()
            .FirstOrDefault(attribute => Known.Inputs.Any(name => attribute.AttributeClass.Is(name))) is { } attribute
            ? KindOf(attribute)
            : null;

    private static bool IsVariable(AttributeData attribute) =>
        attribute.NamedArguments.Any(argument => argument is { Key: "Variable", Value.Value: true });

    private void Report(Location place, string what) => reports.Add(new(Problems.ForwardSignature, place, type.Name, what));

    private static Location Place(AttributeData attribute) => attribute.ApplicationSyntaxReference!.GetSyntax().GetLocation();

    private static Location Identifier(IMethodSymbol method) => method.Locations[0];

    private static Location ReturnType(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is MethodDeclarationSyntax syntax
            ? syntax.ReturnType.GetLocation()
            : method.Locations[0];
}
