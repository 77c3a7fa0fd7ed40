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

/// <summary>Adds a method to a network's Explain, or a layer to its Layers.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AskFor)), Shared]
public sealed class AskFor : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        [Problems.MethodForgotten.Id, Problems.LayerNotAsked.Id, Problems.RuleNotAsked.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(NetworkAnalyzer.Nearest, out var what) || what is null)
                continue;
            if (Asked(root?.FindNode(diagnostic.Location.SourceSpan), model) is not { } type)
                continue;
            if (type.Attribute(Known.Network)?.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax attribute
                || context.Document.Project.GetDocument(attribute.SyntaxTree) is not { } document)
                continue;
            var asked = diagnostic.Id == Problems.LayerNotAsked.Id
                ? attribute.With("Layers", given => SyntaxFactory.ParseExpression(WithElement(given?.ToString(), what)))
                : attribute.With("Explain", given => SyntaxFactory.ParseExpression(given is null ? what : $"{given} | {what}"));
            context.RegisterCodeFix(CodeAction.Create($"Add {what} to {type.Name}",
                cancellation => Replace(document, attribute, asked, cancellation), nameof(AskFor) + what),
                diagnostic);
        }
    }

    /// <summary>The network that the call around a place asks: what it is called on, or its first argument.</summary>
    private static ITypeSymbol? Asked(SyntaxNode? place, SemanticModel? model) =>
        place?.AncestorsAndSelf().OfType<InvocationExpressionSyntax>()
            .SelectMany(call => new[]
            {
                (call.Expression as MemberAccessExpressionSyntax)?.Expression, call.ArgumentList.Arguments.FirstOrDefault()?.Expression,
            })
            .OfType<ExpressionSyntax>().Select(asked => model?.GetTypeInfo(asked).Type).FirstOrDefault(type => type.IsNetwork());

    /// <summary>A list of names with one more, in whichever way it is written.</summary>
    private static string WithElement(string? list, string name)
    {
        var quoted = SyntaxFactory.Literal(name).Text;
        if (list is null || list[list.Length - 1] is not (']' or '}'))
            return $"[{quoted}]";
        var open = list.Substring(0, list.Length - 1).TrimEnd();
        return open + (open[open.Length - 1] is '[' or '{' or ',' ? "" : ", ") + quoted + (list[list.Length - 1] == ']' ? "]" : " }");
    }

    private static async Task<Document> Replace(Document document, AttributeSyntax attribute, AttributeSyntax asked,
        CancellationToken cancellation)
    {
        var root = await attribute.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        return document.WithSyntaxRoot(root.ReplaceNode(attribute, asked));
    }
}
