using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Whence.Generator;

namespace Whence.Benchmarks;

/// <summary>
/// What the networks cost a build or an editor. The analyzer does no more than bind and check; the generator then derives, plans and
/// emits. Each time the compilation is a fresh one, so that it includes the C# compiler's own binding of these classes.
/// </summary>
public class BindAndCheck
{
    private CSharpCompilation compilation = null!;

    [Params("Networks.cs", "GoogLeNet.cs")]
    public string Source { get; set; } = "Networks.cs";

    [GlobalSetup]
    public void Compile()
    {
        using var file = new StreamReader(typeof(BindAndCheck).Assembly.GetManifestResourceStream(Source)!);
        // Weights are checked where a project lists them, and it says for what it compiles; this compilation has no project.
        var text = Regex.Replace(file.ReadToEnd(), ", (Weights = \"[^\"]*\"|Backends = [^)]*)", "");
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var libraries = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(Tensor).Assembly.Location);
        compilation = CSharpCompilation.Create(
            "Measured",
            [CSharpSyntaxTree.ParseText(text, options), CSharpSyntaxTree.ParseText("global using System;", options)],
            libraries.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var generated = Run(out var result);
        var wrong = result.Diagnostics.Concat(Check())
            .Concat(generated.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error)).ToList();
        if (wrong.Count > 0)
            throw new InvalidOperationException($"{Source} does not compile: {wrong[0]}.");
        Console.WriteLine(
            $"// {Source}: {result.GeneratedTrees.Length} files, {result.GeneratedTrees.Sum(tree => tree.Length)} characters generated");
    }

    [Benchmark]
    public IReadOnlyList<Diagnostic> Check() =>
        compilation.Clone().WithAnalyzers([new NetworkAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();

    [Benchmark]
    public Compilation Generate() => Run(out _);

    private Compilation Run(out GeneratorDriverRunResult result)
    {
        var driver = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()],
            parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options)
            .RunGeneratorsAndUpdateCompilation(compilation.Clone(), out var after, out _);
        result = driver.GetRunResult();
        return after;
    }
}
