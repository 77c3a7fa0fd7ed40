using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>What the compiler understood of the source, asked once for each place.</summary>
internal sealed class Sources(Compilation compilation, CancellationToken cancellation)
{
    private readonly Dictionary<SyntaxTree, SemanticModel> models = [];
    private readonly Dictionary<ISymbol, IOperation?> bodies = new(SymbolEqualityComparer.Default);

    public CancellationToken Cancellation => cancellation;

    /// <summary>The body of a method or constructor; null if its source is not in this project, or it has none.</summary>
    public IMethodBodyBaseOperation? Body(IMethodSymbol method) => Find(method, syntax => syntax) as IMethodBodyBaseOperation;

    /// <summary>The value a field or property is initialised with; null if it is not.</summary>
    public IOperation? Initializer(ISymbol member) => Find(member, syntax => syntax switch
    {
        VariableDeclaratorSyntax field => field.Initializer,
        PropertyDeclarationSyntax property => property.Initializer,
        _ => null,
    }) is ISymbolInitializerOperation initializer ? initializer.Value : null;

    private IOperation? Find(ISymbol symbol, Func<SyntaxNode, SyntaxNode?> part)
    {
        if (!bodies.TryGetValue(symbol, out var found))
            bodies[symbol] = found = symbol.DeclaringSyntaxReferences.Select(reference => Operation(part(reference.GetSyntax(cancellation)))).FirstOrDefault(operation => operation is not null);
        return found;
    }

    private IOperation? Operation(SyntaxNode? syntax)
    {
        if (syntax is null || !compilation.ContainsSyntaxTree(syntax.SyntaxTree))
            return null;
        if (!models.TryGetValue(syntax.SyntaxTree, out var model))
            models[syntax.SyntaxTree] = model = compilation.GetSemanticModel(syntax.SyntaxTree);
        return model.GetOperation(syntax, cancellation);
    }
}
