using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;

namespace Whence.Generator.Fixes;

/// <summary>Makes a class with layers a network: [Network] before it, and partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeNetwork)), Shared]
public sealed class MakeNetwork : TypeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Problems.AttributeForgotten.Id];

    /// <inheritdoc/>
    protected override string Title(string type) => $"Make {type} a network";

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax type) => root.ReplaceNodes(
        type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>(), (was, now) => was == type ? Marked(Partial(now)) : Partial(now));

    /// <summary>The attribute on a line of its own, where the class began.</summary>
    private static TypeDeclarationSyntax Marked(TypeDeclarationSyntax type)
    {
        var before = type.GetLeadingTrivia();
        var indent = before.LastOrDefault() is var last && last.IsKind(SyntaxKind.WhitespaceTrivia)
            ? SyntaxFactory.TriviaList(last)
            : default;
        var line = before.FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is var end
            && end.IsKind(SyntaxKind.EndOfLineTrivia)
            ? end
            : SyntaxFactory.LineFeed;
        var attribute = SyntaxFactory.AttributeList(
            SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(SyntaxFactory.IdentifierName("Network"))))
            .WithLeadingTrivia(before).WithTrailingTrivia(line);
        return type.WithLeadingTrivia(indent).WithAttributeLists(type.WithLeadingTrivia(indent).AttributeLists.Insert(0, attribute));
    }
}
