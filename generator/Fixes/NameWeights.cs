using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;

namespace Whence.Generator.Fixes;

/// <summary>Gives a layer the name that its weights have in the file: <c>Name = "features.0"</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameWeights)), Shared]
public sealed class NameWeights : CodeFixProvider
{
    private const string Argument = "Name";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Problems.TensorMissing.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(NetworkAnalyzer.Nearest, out var name) || name is null)
                continue;
            if (root?.FindNode(context.Span).FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute)
                continue;
            var named = attribute.With(Argument,
                _ => SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name)));
            var action = CodeAction.Create($"Name the weights \"{name}\"",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(attribute, named))), nameof(NameWeights) + name);
            context.RegisterCodeFix(action, diagnostic);
        }
    }
}
