using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Whence.Generator.Bind;
using Whence.Generator.Check;

namespace Whence.Generator;

/// <summary>
/// Reports what is wrong with [Network] classes. An analyzer, because an editor runs it on every key while a generator may wait for a
/// build; it reads and checks with the generator's own code.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that holds the name in the weights file which a missing layer probably means.</summary>
    internal const string Nearest = "Nearest";

    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> descriptors = Problems.All.ToImmutableDictionary(problem => problem.Id, Describe);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. descriptors.Values.OrderBy(descriptor => descriptor.Id)];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    /// <summary>How a problem is reported.</summary>
    internal static DiagnosticDescriptor Descriptor(Problem problem) => descriptors[problem.Id];

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!type.IsNetwork())
            return;
        var weights = WeightsFiles.From(context.Options, context.CancellationToken);
        foreach (var report in Bound.From(type, context.Compilation, weights, context.CancellationToken).Reports)
            context.ReportDiagnostic(Diagnose(report));
    }

    private static Diagnostic Diagnose(Report report) => Diagnostic.Create(
        Descriptor(report.Problem),
        report.Place,
        ImmutableDictionary<string, string?>.Empty.Add(Nearest, report.Nearest),
        [.. report.Arguments]);

    private static DiagnosticDescriptor Describe(Problem problem) => new(
        problem.Id, problem.Title, problem.Text, "Whence", problem.IsWarning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error, isEnabledByDefault: true);
}
