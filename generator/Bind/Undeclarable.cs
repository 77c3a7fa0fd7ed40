using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>
/// A mistake that is one to the compiler too, which then builds without analyzers: their words would be lost, and only CS0751, CS8795 or CS0592 be
/// left. So the generator says it in a build, and the analyzer in an editor, where there is a fix. Only values: it outlives its compilation.
/// </summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="Arguments">The message's particulars.</param>
/// <param name="Place">Where.</param>
internal sealed record Undeclarable(Problem Problem, EquatableArray<string> Arguments, SourcePlace Place)
{
    /// <summary>Whether the compiler might refuse what a type declares because of how the type is declared.</summary>
    public static bool IsCandidate(SyntaxNode node, CancellationToken cancellation) =>
        node is StructDeclarationSyntax { AttributeLists.Count: > 0 } or ClassDeclarationSyntax && ((TypeDeclarationSyntax)node).Members.Any(IsLayerLike);

    private static bool IsLayerLike(MemberDeclarationSyntax member) =>
        member is MethodDeclarationSyntax { AttributeLists.Count: > 0 } method && method.Modifiers.Any(SyntaxKind.PartialKeyword);

    /// <summary>What is wrong with the type, or null.</summary>
    public static Undeclarable? From(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        try
        {
            return context.SemanticModel.GetDeclaredSymbol(context.Node, cancellation) is INamedTypeSymbol type && Find(type) is { } report
                ? new(report.Problem, report.Arguments, SourcePlace.Of(report.Place))
                : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The network itself meets the same mistake of ours, and says so.
            return null;
        }
    }

    private static Report? Find(INamedTypeSymbol type) =>
        type.IsNetwork() ? NetworkClass.Misdeclared(type).FirstOrDefault() : Forgotten.Attribute(type);

    /// <summary>The message.</summary>
    public Diagnostic Diagnostic() =>
        Microsoft.CodeAnalysis.Diagnostic.Create(NetworkAnalyzer.Descriptor(Problem), Place.Location(), [.. Arguments, ""]);
}
