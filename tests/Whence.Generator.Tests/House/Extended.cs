using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Whence.Generator.Tests.House;

/// <summary>Whence with something added to its source.</summary>
internal static class Extended
{
    /// <summary>The class Answers of a user's source, compiled by a changed generator for a changed runtime.</summary>
    public static Type Answers(IReadOnlyDictionary<string, string> runtimeFiles, IReadOnlyDictionary<string, string> generatorFiles,
        string source)
    {
        var runtime = Image(RuntimeSource.Compile(runtimeFiles));
        var user = CSharpCompilation.Create("User", [CSharpSyntaxTree.ParseText(Source.Usings + source, Source.Options, "File0.cs")],
            Source.Framework.Add(MetadataReference.CreateFromImage(runtime)), new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([GeneratorSource.Load(generatorFiles).AsSourceGenerator()], parseOptions: Source.Options)
            .RunGeneratorsAndUpdateCompilation(user, out var written, out var reports);
        Assert.Empty(reports);
        var context = new AssemblyLoadContext(nameof(Extended), isCollectible: true);
        context.LoadFromStream(new MemoryStream(runtime));
        return context.LoadFromStream(new MemoryStream(Image(written))).GetType("Answers")!;
    }

    /// <summary>The bytes of a compilation without errors.</summary>
    public static byte[] Image(Compilation compilation)
    {
        using var image = new MemoryStream();
        var errors = compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 0, string.Join(Environment.NewLine, errors.Take(12)));
        return image.ToArray();
    }

    /// <summary>A file of the repository with something added behind what stands in it once.</summary>
    public static string Added(string path, string behind, string more)
    {
        var text = File.ReadAllText(Path.Combine(Source.Root, path));
        Assert.Equal(2, text.Split(behind).Length);
        return text.Replace(behind, $"{behind} {more}", StringComparison.Ordinal);
    }
}
