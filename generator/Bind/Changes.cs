using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>
/// Finds where a member's value changes after construction: a parameter of the primary constructor that a method assigns to, an element of
/// a readonly array. A readonly field keeps its array, not what is in it.
/// </summary>
internal sealed class Changes(Compilation compilation, CancellationToken cancellation)
{
    private const int MostNames = 16;

    private readonly Dictionary<ISymbol, (SyntaxNode Place, string How)?> known = new(SymbolEqualityComparer.Default);

    /// <summary>
    /// The first place, outside the constructors that give the member its value, where it may change; null if there is none.
    /// </summary>
    public (SyntaxNode Place, string How)? Of(ISymbol member)
    {
        if (!known.TryGetValue(member, out var found))
            known[member] = found = Find(member, []);
        return found;
    }

    private (SyntaxNode Place, string How)? Find(ISymbol member, HashSet<ISymbol> names)
    {
        // Each name is another variable that holds the same array.
        if (!names.Add(member) || names.Count > MostNames)
            return null;
        foreach (var (reference, model) in References(member))
        {
            if (model.GetOperation(reference, cancellation) is { } operation
                && !IsFollowed(member, reference)
                && Through(operation, names) is { } change)
                return change;
        }
        return null;
    }

    private (SyntaxNode Place, string How)? Through(IOperation reference, HashSet<ISymbol> names) => Named(reference) switch
    {
        ILocalSymbol { IsRef: false } local => Find(local, names),
        IParameterSymbol { RefKind: RefKind.None or RefKind.In } parameter => Find(parameter, names),
        _ => Writes.Through(reference),
    };

    /// <summary>The local, or the parameter of a method written here, that a reference gives the same array to.</summary>
    private ISymbol? Named(IOperation reference)
    {
        if (!Writes.IsMutable(reference.Type))
            return null;
        return reference.Parent switch
        {
            IConversionOperation conversion => Named(conversion),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => local,
            IArgumentOperation { Parameter: { } parameter }
                when parameter.OriginalDefinition is { DeclaringSyntaxReferences: [var declared, ..] } own
                    && compilation.ContainsSyntaxTree(declared.SyntaxTree) => own,
            _ => null,
        };
    }

    private IEnumerable<(SyntaxNode Reference, SemanticModel Model)> References(ISymbol symbol)
    {
        foreach (var scope in Scopes(symbol))
        {
            SemanticModel? model = null;
            foreach (var name in scope.DescendantNodes()
                .OfType<IdentifierNameSyntax>()
                .Where(name => name.Identifier.ValueText == symbol.Name))
            {
                model ??= compilation.GetSemanticModel(name.SyntaxTree);
                if (SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellation).Symbol?.OriginalDefinition, symbol))
                    yield return (name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name, model);
            }
        }
    }

    /// <summary>The parts of the source that can name a symbol.</summary>
    private IEnumerable<SyntaxNode> Scopes(ISymbol symbol)
    {
        if (symbol is ILocalSymbol or IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.Constructor } })
            return symbol.ContainingSymbol.DeclaringSyntaxReferences.Select(part => part.GetSyntax(cancellation));
        if (symbol is IParameterSymbol || symbol.DeclaredAccessibility == Accessibility.Private)
            return symbol.ContainingType.DeclaringSyntaxReferences.Select(part => part.GetSyntax(cancellation));
        return compilation.SyntaxTrees.Where(tree => Mentions(tree, symbol.Name)).Select(tree => tree.GetRoot(cancellation));
    }

    private bool Mentions(SyntaxTree tree, string name) => tree.GetText(cancellation).ToString().Contains(name);

    /// <summary>
    /// Whether a reference stands in a constructor of the member's own class, or in what initialises it: what happens there is followed.
    /// </summary>
    private static bool IsFollowed(ISymbol member, SyntaxNode reference) =>
        member is not (ILocalSymbol or IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.Constructor } })
            && reference.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is { } constructor
            && constructor.Modifiers.Any(SyntaxKind.StaticKeyword) == member.IsStatic
            && member.ContainingType.DeclaringSyntaxReferences
                .Any(part => part.SyntaxTree == constructor.SyntaxTree && part.Span == constructor.Parent!.Span);
}
