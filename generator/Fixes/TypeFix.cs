using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Whence.Generator.Fixes;

/// <summary>A fix of how a type is declared.</summary>
public abstract class TypeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type)
        {
            var action = CodeAction.Create(Title(type.Identifier.ValueText),
                _ => Task.FromResult(context.Document.WithSyntaxRoot(Fix(root, type))), GetType().Name);
            context.RegisterCodeFix(action, context.Diagnostics);
        }
    }

    /// <summary>What the editor calls the fix of this type.</summary>
    protected abstract string Title(string type);

    /// <summary>The file with the type mended.</summary>
    protected abstract SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax type);

    /// <summary>Partial comes last of the modifiers, and takes over what stands before the keyword if there is none.</summary>
    private protected static TypeDeclarationSyntax Partial(TypeDeclarationSyntax type)
    {
        if (type.Modifiers.Any(SyntaxKind.PartialKeyword))
            return type;
        var word = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return type.Modifiers.Count > 0
            ? type.WithModifiers(type.Modifiers.Add(word))
            : type.WithKeyword(type.Keyword.WithLeadingTrivia())
                .WithModifiers(SyntaxFactory.TokenList(word.WithLeadingTrivia(type.Keyword.LeadingTrivia)));
    }
}
