using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Whence.Generator.Tests.House;

/// <summary>The runtime's own source, as its project compiles it.</summary>
internal static class RuntimeSource
{
    /// <summary>What the SDK writes for a project that asks for it.</summary>
    public const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;

        """;

    // Projects of their own, in folders beside it.
    private static readonly string[] others = ["runtime/Gpu/", "runtime/Ptx/", "runtime/Data/", "runtime/Extensions/"];

    /// <summary>Compiles it with some files changed or added, which are named by their paths in the repository.</summary>
    public static CSharpCompilation Compile(IReadOnlyDictionary<string, string>? changed = null)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Source.Root, "runtime"), "*.cs", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(Source.Root, file).Replace('\\', '/'), File.ReadAllText);
        foreach (var (path, text) in changed ?? new Dictionary<string, string>())
            files[path] = text;
        // C# 14, by the name that the tests' compiler has for it.
        var options = Source.Options.WithLanguageVersion(LanguageVersion.Preview)
            .WithPreprocessorSymbols("NET", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER");
        var compilation = CSharpCompilation.Create(
            "Whence", files.Where(file => !others.Any(other => file.Key.StartsWith(other, StringComparison.Ordinal)))
                .Select(file => CSharpSyntaxTree.ParseText(file.Value, options, file.Key))
                .Prepend(CSharpSyntaxTree.ParseText(ImplicitUsings, options)),
            Source.Framework,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([jsons.Value], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var written, out _);
        return (CSharpCompilation)written;
    }

    // What the SDK runs for a class of System.Text.Json; the build puts it beside the tests.
    private static readonly Lazy<ISourceGenerator> jsons = new(() =>
        ((IIncrementalGenerator)Activator.CreateInstance(
            Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "json", "System.Text.Json.SourceGeneration.dll"))
                .GetType("System.Text.Json.SourceGeneration.JsonSourceGenerator", throwOnError: true)!)!).AsSourceGenerator());
}
