using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Whence.Generator.Tests.House;

/// <summary>
/// The runtime's rooms are one-way too, as generator/README.md says. Most share a namespace, so that what a name means is asked of the
/// compiler.
/// </summary>
public sealed class RuntimeRooms
{
    // Of Methods each member says the interface that it gives, by name alone: it stands there so that a method is listed once.
    private const string GivesInterfaces = "runtime/Declare/NetworkAttribute.cs";

    /// <summary>In order; each uses rooms before it.</summary>
    private static readonly (string Name, string[] Uses)[] rooms =
    [
        ("Json", []),
        ("Declare", []),
        ("Tensors", ["Json", "Declare"]),
        ("Weights", ["Tensors"]),
        ("Ops", ["Declare", "Tensors", "Weights"]),
        ("Explain", ["Json", "Declare", "Tensors", "Weights"]),
        ("Kernels", ["Tensors", "Weights", "Ops", "Explain"]),
        ("Evaluate", ["Json", "Tensors", "Explain"]),
        ("Pictures", ["Json", "Tensors", "Explain", "Evaluate"]),
        ("Reasons", ["Tensors", "Explain", "Pictures"]),
    ];

    [Fact]
    [Trait("Long", "laws")]
    public void ARoomUsesTheRoomsBeforeItThatAreSaid()
    {
        var compilation = RuntimeSource.Compile();
        var uses = compilation.SyntaxTrees.Where(tree => tree.FilePath.StartsWith("runtime/", StringComparison.Ordinal))
            // What the JSON generator completes is the class's own.
            .SelectMany(tree => Uses(compilation, tree)
                .Where(use => !use.To.StartsWith("System.", StringComparison.Ordinal))
                .Select(use => (File: tree.FilePath, From: Room(tree), use.To, use.Name)))
            .Where(use => use.File != GivesInterfaces || use.To != "Explain" || !IsInterfaceOfANetwork(use.Name))
            .Distinct().ToList();
        var wrong = uses.Where(use => !rooms.Single(room => room.Name == use.From).Uses.Contains(use.To))
            .Select(use => $"{use.File} uses {use.Name} of {use.To}").ToList();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        // What none uses is not said.
        Assert.Equal(rooms.SelectMany(room => room.Uses.Select(other => $"{room.Name} uses {other}")).Order(),
            uses.Select(use => $"{use.From} uses {use.To}").Distinct().Order());
    }

    [Fact]
    public void NoRoomUsesOneAfterIt()
    {
        for (var i = 0; i < rooms.Length; i++)
            Assert.Subset(rooms.Take(i).Select(room => room.Name).ToHashSet(), rooms[i].Uses.ToHashSet());
    }

    [Fact]
    public void TheReadmeSaysTheSame()
    {
        var text = File.ReadAllText(Path.Combine(Source.Root, "generator", "README.md"));
        foreach (var (name, uses) in rooms)
            Assert.Contains($"| `{name}` | {string.Join(", ", uses.Select(other => $"`{other}`"))} |".Replace("|  |", "| |"), text,
                StringComparison.Ordinal);
    }

    private static bool IsInterfaceOfANetwork(string name) =>
        name.StartsWith("Whence.I", StringComparison.Ordinal) && name.EndsWith("Network", StringComparison.Ordinal);

    private static string Room(SyntaxTree tree) => tree.FilePath.Split('/')[1];

    /// <summary>What a file names of other rooms; of a partial type that is in several, its own has none.</summary>
    private static IEnumerable<(string Name, string To)> Uses(Compilation compilation, SyntaxTree tree)
    {
        var model = compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>().Where(name => !name.IsVar))
        {
            var found = model.GetSymbolInfo(name);
            if (Declared(found.Symbol ?? found.CandidateSymbols.FirstOrDefault()) is not { } symbol)
                continue;
            var places = symbol.DeclaringSyntaxReferences.Select(at => Room(at.SyntaxTree)).Distinct().ToList();
            if (!places.Contains(Room(tree)))
                yield return (symbol.ToDisplayString(), places[0]);
        }
    }

    private static ISymbol? Declared(ISymbol? symbol)
    {
        if (symbol is not (INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol))
            return null;
        symbol = ((symbol as IMethodSymbol)?.ReducedFrom ?? symbol).OriginalDefinition;
        while (symbol is { DeclaringSyntaxReferences.IsEmpty: true, ContainingType: { } type })
            symbol = type;
        return symbol.DeclaringSyntaxReferences.IsEmpty ? null : symbol;
    }
}
