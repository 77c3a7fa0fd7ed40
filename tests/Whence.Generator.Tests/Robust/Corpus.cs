using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Whence.Networks.Tests.Compiled;

namespace Whence.Generator.Tests.Robust;

/// <summary>Every network of the samples and of the zoo, each a source of its own with what it is made of.</summary>
internal static class Corpus
{
    /// <summary>Name and source.</summary>
    public static IReadOnlyList<(string Name, string Text)> All { get; } =
        [.. Samples().Concat(Zoo()).Concat(OperatorSources.All.Select(one => (one.Key, Source.Usings + one.Value)))];

    private static IEnumerable<(string, string)> Samples() =>
        from folder in Directory.EnumerateDirectories(Path.Combine(Source.Root, "samples")).Order(StringComparer.Ordinal)
        let files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).ToList()
        from one in Networks(
            string.Join('\n', files.Where(file => file.Contains("[Network", StringComparison.Ordinal)).Select(WithoutNamespace)))
        select ($"{Path.GetFileName(folder)}.{one.Name}", one.Text);

    private static IEnumerable<(string, string)> Zoo() => Networks(NetworkSources.Text).Select(one => ($"zoo {one.Name}", one.Text));

    // Files that are put together have one namespace and the usings of all.
    private static string WithoutNamespace(string file)
    {
        var root = CSharpSyntaxTree.ParseText(file, Source.Options).GetCompilationUnitRoot();
        return string.Concat(root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Where(type => type.Parent is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).Select(type => type.ToFullString()));
    }

    /// <summary>Each network of a source with all types that it names, directly or not.</summary>
    private static IEnumerable<(string Name, string Text)> Networks(string text)
    {
        var types = CSharpSyntaxTree.ParseText(text, Source.Options).GetCompilationUnitRoot().Members.OfType<TypeDeclarationSyntax>()
            .ToList();
        var byName = types.ToLookup(type => type.Identifier.ValueText);
        foreach (var network in types.Where(type => type.AttributeLists.ToString().Contains("Network", StringComparison.Ordinal)))
        {
            var (found, open) = (new HashSet<TypeDeclarationSyntax>(), new Stack<TypeDeclarationSyntax>([network]));
            while (open.TryPop(out var next))
            {
                if (!found.Add(next))
                    continue;
                foreach (var used in next.DescendantTokens().SelectMany(token => byName[token.ValueText]))
                    open.Push(used);
            }
            yield return (network.Identifier.ValueText, Source.Usings + string.Join("\n\n", found.Select(type => type.ToString())));
        }
    }
}
