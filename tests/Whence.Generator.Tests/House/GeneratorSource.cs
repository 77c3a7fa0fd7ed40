using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Whence.Generator.Tests.House;

/// <summary>The generator's own source, as its project compiles it.</summary>
internal static class GeneratorSource
{
    private const string HelpRoot = "[assembly: System.Reflection.AssemblyMetadata(\"HelpRoot\", \"https://whence.example/whence\")]";

    private static readonly string[] linked =
    [
        "runtime/Tensors/Shape.cs", "runtime/Tensors/Listing.cs", "runtime/Weights/SafetensorsHeader.cs",
        "runtime/Weights/TensorNames.cs", "runtime/Weights/Parametrisation.cs", "runtime/Weights/ForeignNames.cs",
        "runtime/Weights/WeightAdvice.cs", "runtime/Weights/Parameter.cs", "runtime/Ops/LayerParameters.cs",
        .. Directory.EnumerateFiles(Path.Combine(Source.Root, "runtime/Ops"), "*.Weights.cs")
            .Select(file => "runtime/Ops/" + Path.GetFileName(file)),
    ];

    /// <summary>The generator with some files changed or added, which are named by their paths in the repository.</summary>
    public static IIncrementalGenerator Load(IReadOnlyDictionary<string, string> changed)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Source.Root, "generator"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Source.Root, file).Replace('\\', '/'))
            .Where(
                file => !new[] { "Fixes", "Import", "Tool" }.Any(other => file.StartsWith($"generator/{other}/", StringComparison.Ordinal)))
            .Concat(linked)
            .ToDictionary(file => file, file => File.ReadAllText(Path.Combine(Source.Root, file)));
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
}
