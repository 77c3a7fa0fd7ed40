using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Bind;
using Whence.Generator.Check;

namespace Whence.Generator.Fixes;

/// <summary>Adds a method to a network's Explain.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AskFor)), Shared]
public sealed class AskFor : CodeFixProvider
{
    private const string Argument = "Explain";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Problems.MethodForgotten.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(NetworkAnalyzer.Nearest, out var method) || method is null)
                continue;
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is not { } call
                || model?.GetTypeInfo(call.Expression).Type is not { } type)
                continue;
            if (type.Attribute(Known.Network)?.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax attribute
                || context.Document.Project.GetDocument(attribute.SyntaxTree) is not { } document)
                continue;
            context.RegisterCodeFix(CodeAction.Create($"Add {method} to {type.Name}",
                cancellation => Add(document, attribute, method, cancellation), nameof(AskFor) + method),
                diagnostic);
        }
    }

    private static async Task<Document> Add(Document document, AttributeSyntax attribute, string method, CancellationToken cancellation)
    {
        var root = await attribute.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        return document.WithSyntaxRoot(root.ReplaceNode(attribute,
            attribute.With(Argument, given => SyntaxFactory.ParseExpression(given is null ? method : $"{given} | {method}"))));
    }
}
