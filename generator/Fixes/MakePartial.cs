using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Generator.Check;

namespace Whence.Generator.Fixes;

/// <summary>Makes a network's class, and the types around it, partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartial)), Shared]
public sealed class MakePartial : TypeFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Problems.NotPartial.Id];

    /// <inheritdoc/>
    protected override string Title(string type) => $"Make {type} partial";

    /// <inheritdoc/>
    protected override SyntaxNode Fix(SyntaxNode root, TypeDeclarationSyntax type) =>
        root.ReplaceNodes(type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>(), (_, now) => Partial(now));
}
