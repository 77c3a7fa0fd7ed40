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
            var action = CodeAction.Create($"Name the weights \"{name}\"",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(attribute, Named(attribute, name)))),
                nameof(NameWeights) + name);
            context.RegisterCodeFix(action, diagnostic);
        }
    }

    private static AttributeSyntax Named(AttributeSyntax attribute, string name)
    {
        var value = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name));
        var list = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();
        var given = list.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == Argument);
        if (given is not null)
            return attribute.ReplaceNode(given.Expression, value.WithTriviaFrom(given.Expression));
        var argument = SyntaxFactory.AttributeArgument(value).WithNameEquals(
            SyntaxFactory.NameEquals(SyntaxFactory.IdentifierName(Argument), SyntaxFactory.Token(SyntaxKind.EqualsToken)
                .WithLeadingTrivia(SyntaxFactory.Space)
                .WithTrailingTrivia(SyntaxFactory.Space)));
        return attribute.WithArgumentList(list.WithArguments(Append(list.Arguments, argument)));
    }

    private static SeparatedSyntaxList<AttributeArgumentSyntax> Append(SeparatedSyntaxList<AttributeArgumentSyntax> arguments,
        AttributeArgumentSyntax last)
    {
        var commas = Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), arguments.Count);
        return SyntaxFactory.SeparatedList(arguments.Add(last), commas);
    }
}
