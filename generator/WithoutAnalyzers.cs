using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Whence.Generator.Bind;

namespace Whence.Generator;

/// <summary>
/// In a build that runs no analyzers (RunAnalyzers=false) the generator says what is an error about a network, which would otherwise be
/// said when the program loads it. Where analyzers run, they say it, and the generator does not.
/// </summary>
internal static class WithoutAnalyzers
{
    /// <summary>Has mistakes reported where analyzers are off.</summary>
    public static void Report(IncrementalGeneratorInitializationContext context)
    {
        var builds = context.AnalyzerConfigOptionsProvider.Combine(context.CompilationProvider)
            .Combine(context.AdditionalTextsProvider.Collect())
            .SelectMany((all, _) => AreOff(all.Left.Left.GlobalOptions)
                ? new[] { (all.Left.Right, new AnalyzerOptions(all.Right, all.Left.Left)) }
                : []);
        context.RegisterSourceOutput(builds, (output, build) =>
        {
            foreach (var error in Errors(build.Item1, build.Item2, output.CancellationToken))
                output.ReportDiagnostic(error);
        });
    }

    // As MSBuild decides it.
    private static bool AreOff(AnalyzerConfigOptions options)
    {
        string Of(string property) => options.TryGetValue("build_property." + property, out var value) ? value : "";
        var always = Of("RunAnalyzers");
        return IsFalse(always.Length > 0 ? always : Of("RunAnalyzersDuringBuild"));
    }

    private static bool IsFalse(string value) => value.Equals("false", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Diagnostic> Errors(Compilation compilation, AnalyzerOptions options, CancellationToken cancellation)
    {
        foreach (var file in options.AdditionalFiles)
        {
            if (WeightsFile.From(file, options, cancellation) is { } listed && NetworkAnalyzer.Damage(listed) is { } damage)
                yield return damage;
        }
        var weights = WeightsFiles.From(options, cancellation);
        foreach (var type in Networks(compilation, cancellation))
        {
            // What the compiler refuses too the generator says in any case.
            var said = Undeclarable.Refused(type).ToList();
            foreach (var report in Bound.From(type, compilation, weights, cancellation).Reports)
            {
                if (!report.Problem.IsWarning && !report.Problem.IsCompilersToo && !said.Contains(report))
                    yield return NetworkAnalyzer.Diagnose(report, type);
            }
        }
    }

    private static IEnumerable<INamedTypeSymbol> Networks(Compilation compilation, CancellationToken cancellation)
    {
        var found = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var tree in compilation.SyntaxTrees)
        {
            var types = tree.GetRoot(cancellation).DescendantNodes(node => node is not MemberDeclarationSyntax or BaseTypeDeclarationSyntax
                or BaseNamespaceDeclarationSyntax).OfType<TypeDeclarationSyntax>().Where(type => type.AttributeLists.Count > 0).ToList();
            if (types.Count == 0)
                continue;
            var model = compilation.GetSemanticModel(tree);
            foreach (var type in types)
            {
                if (model.GetDeclaredSymbol(type, cancellation) is INamedTypeSymbol symbol && symbol.IsNetwork() && found.Add(symbol))
                    yield return symbol;
            }
        }
    }
}
