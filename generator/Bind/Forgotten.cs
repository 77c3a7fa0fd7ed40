using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;

namespace Whence.Generator.Bind;

/// <summary>
/// What a class or a call lacks that the compiler says nothing helpful about: [Network] around layers, a method in Explain.
/// </summary>
internal static class Forgotten
{
    /// <summary>A class, or a struct, with layers that is no network.</summary>
    public static Report? Attribute(INamedTypeSymbol type)
    {
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || type.IsNetwork() || !type.GetMembers()
            .OfType<IMethodSymbol>()
            .Any(method => method.MethodKind == MethodKind.Ordinary && method.GetAttributes().Any(LayerReader.IsLayer)))
            return null;
        if (type.TypeKind == TypeKind.Struct)
            return new(Problems.AttributeForgotten, type.Locations[0], type.Name, ", and write a class: a struct cannot be a network");
        var isPartial = type.DeclaringSyntaxReferences.All(reference =>
            reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
        return new(Problems.AttributeForgotten, type.Locations[0], type.Name, isPartial ? "" : ", and partial among its modifiers");
    }

    /// <summary>A question to a network that was not asked for in its attribute, and so has no code.</summary>
    public static Report? Method(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellation)
    {
        if (call.Expression
            is not MemberAccessExpressionSyntax { Name: { Identifier.ValueText: var name } place, Expression: var receiver })
            return null;
        if (written.Contains(name))
            return Written(call, name, place, receiver, model, cancellation);
        if (Explainers(model.Compilation, name) is not { Count: > 0 } explainers)
            return null;
        if (model.GetTypeInfo(receiver, cancellation).Type is not INamedTypeSymbol type
            || type.Attribute(Known.Network) is not { } attribute)
            return null;
        // A method of the class's own of that name is another.
        if (model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol found && !found.ContainingType.Is(Known.Explainers))
            return null;
        var asked = NetworkClass.Argument(attribute, "Explain").Value as int? ?? 0;
        if (explainers.Any(explainer => MethodsEnum.Answers(model.Compilation, asked, explainer.Parameters[0].Type)))
            return null;
        var needed = $"Methods.{MethodsEnum.Giver(model.Compilation, explainers[0].Parameters[0].Type)}";
        return new(Problems.MethodForgotten, place.GetLocation(), type.Name, name, needed) { Nearest = needed };
    }

    private static readonly HashSet<string> written = ["Load", "Predict", "PredictUnchecked", "Embed"];

    /// <summary>A call of what is written into a network by itself, but not into one that is only a part of others.</summary>
    private static Report? Written(InvocationExpressionSyntax call, string name, SimpleNameSyntax place, ExpressionSyntax receiver,
        SemanticModel model,
        CancellationToken cancellation)
    {
        if (model.GetTypeInfo(receiver, cancellation).Type is not INamedTypeSymbol type || !type.IsNetwork()
            || model.GetSymbolInfo(call, cancellation).Symbol is not null)
            return null;
        var declared = new Sources(model.Compilation, cancellation).Class(type.OriginalDefinition);
        // What is wrong with it is reported there.
        if (declared.Inputs is not null || declared.Forward is null || declared.Reports.Any(report => !report.Problem.IsWarning))
            return null;
        var why = NetworkClass.Made(type) is null
            ? "its constructor needs arguments: make it a readonly field of another network"
            : "the inputs of its Forward have no shapes: write [Shape(...)] before each, or make it a readonly field of another network";
        return new(Problems.NotByItself, place.GetLocation(), type.Name, name, why);
    }

    private static IReadOnlyList<IMethodSymbol> Explainers(Compilation compilation, string name) =>
        compilation.GetTypeByMetadataName(Known.Explainers)?.GetMembers(name).OfType<IMethodSymbol>()
            .Where(method => method.IsExtensionMethod).ToList()
            ?? [];
}
