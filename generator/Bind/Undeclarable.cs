using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>
/// A class that is no network to the generator, because it lacks [Network], or is one that the compiler refuses in any case. The layers of
/// the former are written all the same, so that one mistake is one error. Where the compiler refuses a declaration it builds without
/// analyzers, and their words would be lost: so the generator says it in a build, and the analyzer in an editor, where there is a fix. Only
/// values: it outlives its compilation.
/// </summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="Arguments">The message's particulars.</param>
/// <param name="Place">Where.</param>
/// <param name="IsRefused">Whether the compiler refuses the declaration.</param>
/// <param name="Network">What is written of a class without [Network]; null of one that has it.</param>
internal sealed record Undeclarable(Problem Problem, EquatableArray<string> Arguments, SourcePlace Place, bool IsRefused, Network? Network)
{
    /// <summary>Whether a type may be meant for a network.</summary>
    public static bool IsCandidate(SyntaxNode node, CancellationToken cancellation) =>
        node is TypeDeclarationSyntax && (((TypeDeclarationSyntax)node).AttributeLists.Count > 0 || HasLayers((TypeDeclarationSyntax)node));

    private static bool HasLayers(TypeDeclarationSyntax type) =>
        type.Members.Any(member =>
            member is MethodDeclarationSyntax { AttributeLists.Count: > 0 } method && method.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>What is wrong with the type.</summary>
    public static EquatableArray<Undeclarable> From(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        try
        {
            return context.SemanticModel.GetDeclaredSymbol(context.Node, cancellation) is INamedTypeSymbol type
                && IsFirst(context.Node, type, cancellation)
                ? (type.IsNetwork() ? OfNetwork(type) : OfForgotten(type, context.SemanticModel.Compilation, cancellation)).ToEquatable()
                : EquatableArray.Of<Undeclarable>();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The network itself meets the same mistake of ours, and says so.
            return EquatableArray.Of<Undeclarable>();
        }
    }

    /// <summary>Whether of the parts of a type that come here this is the first.</summary>
    private static bool IsFirst(SyntaxNode part, INamedTypeSymbol type, CancellationToken cancellation) =>
        type.DeclaringSyntaxReferences
            .Select(reference => reference.GetSyntax(cancellation))
            .FirstOrDefault(one => IsCandidate(one, cancellation))
            == part;

    private static IEnumerable<Undeclarable> OfNetwork(INamedTypeSymbol type) =>
        Refused(type).Select(report => Of(report, isRefused: true, null));

    /// <summary>What is wrong with a network's declarations that the compiler refuses with words that do not say what to write.</summary>
    public static IEnumerable<Report> Refused(INamedTypeSymbol network) =>
        NetworkClass.Misdeclared(network).Take(1).Where(report => !report.Problem.IsCompilersToo)
            .Concat(LayerReader.Refused(network));

    private static IEnumerable<Undeclarable> OfForgotten(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        if (Forgotten.Attribute(type) is not { } report)
            yield break;
        var declared = new Sources(compilation, cancellation).Class(type);
        // Whatever is asked of it: it may be all that is forgotten.
        var network = declared.CanBeWritten ? declared.Declare() with { Explain = MethodsEnum.All(compilation) } : null;
        yield return Of(report, network is null || NetworkClass.IsNotPartial(type), network);
    }

    private static Undeclarable Of(Report report, bool isRefused, Network? network) =>
        new(report.Problem, report.Arguments, SourcePlace.Of(report.Place), isRefused, network);

    /// <summary>The message.</summary>
    public Diagnostic Diagnostic() =>
        Microsoft.CodeAnalysis.Diagnostic.Create(NetworkAnalyzer.Descriptor(Problem), Place.Location(), [.. Arguments, ""]);
}
