using System.Runtime.Loader;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Whence.Generator.Tests.House;

/// <summary>The generator's own source, as its project compiles it.</summary>
internal static class GeneratorSource
{
    private const string HelpRoot = "[assembly: System.Reflection.AssemblyMetadata(\"HelpRoot\", \"https://whence.example/whence\")]";

    /// <summary>The generator with some files changed or added, which are named by their paths in the repository.</summary>
    public static IIncrementalGenerator Load(IReadOnlyDictionary<string, string> changed)
    {
        var files = Compiled().ToDictionary(file => file, file => File.ReadAllText(Path.Combine(Source.Root, file)));
        foreach (var (path, text) in changed)
            files[path] = text;
        var options = Source.Options.WithLanguageVersion(LanguageVersion.Preview).WithPreprocessorSymbols("WHENCE_GENERATOR");
        var compiled = CSharpCompilation.Create(
            "Whence.Generator", files.Select(file => CSharpSyntaxTree.ParseText(file.Value, options, file.Key))
                .Prepend(CSharpSyntaxTree.ParseText(RuntimeSource.ImplicitUsings + HelpRoot, options)),
            [
                .. Source.Framework, MetadataReference.CreateFromFile(typeof(Compilation).Assembly.Location),
                MetadataReference.CreateFromFile(typeof(CSharpCompilation).Assembly.Location),
            ],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                checkOverflow: true, nullableContextOptions: NullableContextOptions.Enable));
        var assembly = new AssemblyLoadContext("generator", isCollectible: true).LoadFromStream(new MemoryStream(Extended.Image(compiled)));
        return (IIncrementalGenerator)Activator.CreateInstance(assembly.GetType("Whence.Generator.NetworkGenerator")!)!;
    }

    // What the project's own file says: its folder, but for what it removes, and what it links to.
    private static IEnumerable<string> Compiled()
    {
        var items = XDocument.Load(Path.Combine(Source.Root, "generator/Whence.Generator.csproj")).Descendants("Compile").ToList();
        var removed = Patterns(items, "Remove").Select(pattern => Path.Combine("generator", pattern.Replace("**", ""))).ToList();
        return Found("generator", "*.cs", SearchOption.AllDirectories)
            .Where(file => !removed.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)))
            .Concat(Patterns(items, "Include").SelectMany(pattern => Found(
                Path.Combine("generator", Path.GetDirectoryName(pattern)!), Path.GetFileName(pattern), SearchOption.TopDirectoryOnly)))
            .ToList();
    }

    private static IEnumerable<string> Patterns(IEnumerable<XElement> items, string attribute) =>
        items.SelectMany(item => ((string?)item.Attribute(attribute))?.Split(';') ?? []);

    private static IEnumerable<string> Found(string folder, string pattern, SearchOption depth)
    {
        var files = Directory.GetFiles(Path.Combine(Source.Root, folder), pattern, depth);
        Assert.NotEmpty(files);
        return files.Select(file => Path.GetRelativePath(Source.Root, file).Replace('\\', '/'));
    }
}
