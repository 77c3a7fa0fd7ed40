using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Whence.Generator.Tests.Robust;

/// <summary>What becomes of a source that may hold anything: generator and analyzer run over it, timed.</summary>
/// <param name="Failure">What was thrown, or an error in a file that the generator wrote for a source without one; null if neither.</param>
/// <param name="Found">The diagnostics of generator and analyzer.</param>
/// <param name="Slowest">Seconds that the slower of the two took.</param>
internal sealed record Reading(string? Failure, IReadOnlyList<Diagnostic> Found, double Slowest)
{
    private static readonly CSharpCompilation nothing = Source.Compile("");

    /// <summary>Reads one file.</summary>
    public static Reading Of(string text)
    {
        var compilation = nothing.ReplaceSyntaxTree(nothing.SyntaxTrees[0],
            CSharpSyntaxTree.ParseText(SourceText.From(text), Source.Options, "Mutant.cs"));
        var watch = Stopwatch.StartNew();
        var driver = CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Source.Options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var written, out _);
        var generated = watch.Elapsed.TotalSeconds;
        var result = driver.GetRunResult().Results.Single();
        watch.Restart();
        // One thread: what an analyzer needs, not what a machine has.
        var analyzed = written.WithAnalyzers([new NetworkAnalyzer()],
            new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: false, logAnalyzerExecutionTime: true));
        var analysis = analyzed.GetAnalysisResultAsync(CancellationToken.None).GetAwaiter().GetResult();
        var found = result.Diagnostics.Concat(analysis.GetAllDiagnostics()).ToList();
        var spent = analysis.AnalyzerTelemetryInfo.Values.Sum(one => one.ExecutionTime.TotalSeconds);
        return new(result.Exception?.ToString() ?? Thrown(found) ?? Uncompiled(written, found), found, Math.Max(generated, spent));
    }

    private static string? Thrown(IEnumerable<Diagnostic> found) => found.FirstOrDefault(one => one.Id is "WH118" or "AD0001")?.ToString();

    // A network that nobody complains of is compiled, so what is written for it must be C#.
    private static string? Uncompiled(Compilation written, IReadOnlyList<Diagnostic> found)
    {
        if (found.Any(one => one.Severity == DiagnosticSeverity.Error))
            return null;
        var errors = written.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error).ToList();
        var own = errors.Find(one => one.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true);
        return own is not null
            && errors.TrueForAll(one => one.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true)
            ? own.ToString()
            : null;
    }
}
