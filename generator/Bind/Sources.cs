using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Whence.Generator.Bind;

/// <summary>
/// What the compiler understood of the source, asked once for each place: networks of one project share what was read for another.
/// </summary>
internal sealed class Sources(Compilation compilation, CancellationToken cancellation)
{
    private static readonly ConditionalWeakTable<Compilation, Understood> understood = new();

    private readonly Understood known = understood.GetValue(compilation, _ => new());

    public CancellationToken Cancellation => cancellation;

    /// <summary>Where members change after construction.</summary>
    public Changes Changes { get; } = new(compilation, cancellation);

    /// <summary>The body of a method or constructor; null if its source is not in this project, or it has none.</summary>
    public IMethodBodyBaseOperation? Body(IMethodSymbol method) => Find(method, syntax => syntax) as IMethodBodyBaseOperation;

    /// <summary>What a method, an accessor or a local function runs; null if its source is not in this project, or it has none.</summary>
    public IOperation? Code(IMethodSymbol method) => Find(method, syntax => syntax) switch
    {
        IMethodBodyBaseOperation body => (IOperation?)body.BlockBody ?? body.ExpressionBody,
        IBlockOperation block => block,
        _ => null,
    };

    /// <summary>The arguments that a class with a primary constructor gives to its base class's; null if it gives none.</summary>
    public IInvocationOperation? BaseCall(IMethodSymbol primary) => primary.DeclaringSyntaxReferences
        .Select(reference => (reference.GetSyntax(cancellation) as TypeDeclarationSyntax)?.BaseList?.Types
            .OfType<PrimaryConstructorBaseTypeSyntax>()
            .FirstOrDefault())
        .Select(syntax => Operation(syntax)).OfType<IInvocationOperation>().FirstOrDefault();

    /// <summary>The value a field or property is initialised with; null if it is not.</summary>
    public IOperation? Initializer(ISymbol member) => Find(member, syntax => syntax switch
    {
        VariableDeclaratorSyntax field => field.Initializer,
        PropertyDeclarationSyntax property => property.Initializer,
        _ => null,
    }) is ISymbolInitializerOperation initializer ? initializer.Value : null;

    /// <summary>How a network is declared.</summary>
    public NetworkClass Class(INamedTypeSymbol type) =>
        known.Classes.TryGetValue(type, out var found) ? found : known.Classes.GetOrAdd(type, new NetworkClass(type, this));

    private IOperation? Find(ISymbol symbol, Func<SyntaxNode, SyntaxNode?> part)
    {
        if (!known.Bodies.TryGetValue(symbol, out var found))
            known.Bodies[symbol] = found = symbol.DeclaringSyntaxReferences
                .Select(reference => Operation(part(reference.GetSyntax(cancellation))))
                .FirstOrDefault(operation => operation is not null);
        return found;
    }

    private IOperation? Operation(SyntaxNode? syntax)
    {
        if (syntax is null || !compilation.ContainsSyntaxTree(syntax.SyntaxTree))
            return null;
        var model = known.Models.GetOrAdd(syntax.SyntaxTree, tree => compilation.GetSemanticModel(tree));
        return model.GetOperation(syntax, cancellation);
    }

    /// <summary>What was asked of a compilation, by any thread.</summary>
    private sealed class Understood
    {
        public ConcurrentDictionary<SyntaxTree, SemanticModel> Models { get; } = [];

        public ConcurrentDictionary<ISymbol, IOperation?> Bodies { get; } = new(SymbolEqualityComparer.Default);

        public ConcurrentDictionary<INamedTypeSymbol, NetworkClass> Classes { get; } = new(SymbolEqualityComparer.Default);
    }
}
