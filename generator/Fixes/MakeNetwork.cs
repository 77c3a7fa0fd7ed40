using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;

namespace Whence.Generator.Fixes;

/// <summary>Makes a class with layers a network: [Network] before it, and partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeNetwork)), Shared]
public sealed class MakeNetwork : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Problems.AttributeForgotten.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type)
        {
            var action = CodeAction.Create($"Make {type.Identifier.ValueText} a network", _ => Task.FromResult(context.Document.WithSyntaxRoot(Fix(root, type))), nameof(MakeNetwork));
            context.RegisterCodeFix(action, context.Diagnostics);
        }
    }

    private static SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax type)
    {
        var types = type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>();
        return root.ReplaceNodes(types, (was, now) =>
        {
            var partial = now.Modifiers.Any(SyntaxKind.PartialKeyword) ? now : MakePartial.Partial(now);
            return was == type ? Marked(partial) : partial;
        });
    }

    /// <summary>The attribute on a line of its own, where the class began.</summary>
    private static TypeDeclarationSyntax Marked(TypeDeclarationSyntax type)
    {
        var before = type.GetLeadingTrivia();
        var indent = before.LastOrDefault() is var last && last.IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(last) : default;
        var line = before.FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is var end && end.IsKind(SyntaxKind.EndOfLineTrivia) ? end : SyntaxFactory.LineFeed;
        var attribute = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Attribute(SyntaxFactory.IdentifierName("Network"))))
            .WithLeadingTrivia(before).WithTrailingTrivia(line);
        return type.WithLeadingTrivia(indent).WithAttributeLists(type.WithLeadingTrivia(indent).AttributeLists.Insert(0, attribute));
    }
}
