using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
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
    /// <summary>
    /// The property of a diagnostic that holds what is to be written: the name in the weights file which a missing layer probably means, a
    /// method to ask for.
    /// </summary>
    internal const string Nearest = "Nearest";

    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> descriptors =
        Problems.All.ToImmutableDictionary(problem => problem.Id, Describe);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [.. descriptors.Values.OrderBy(descriptor => descriptor.Id)];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
        context.RegisterSyntaxNodeAction(AnalyzeCall, SyntaxKind.InvocationExpression);
        context.RegisterSyntaxNodeAction(AnalyzeUse, Unoffered.Kinds);
        context.RegisterOperationAction(AnalyzeConstants, OperationKind.Argument, OperationKind.SimpleAssignment,
            OperationKind.ObjectCreation, OperationKind.With);
        context.RegisterOperationAction(AnalyzeDoor, OperationKind.Invocation);
        context.RegisterAdditionalFileAction(AnalyzeWeights);
    }

    /// <summary>How a problem is reported.</summary>
    internal static DiagnosticDescriptor Descriptor(Problem problem) => descriptors[problem.Id];

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (Forgotten.Attribute(type) is { } forgotten)
            context.ReportDiagnostic(Diagnose(forgotten, type));
        if (!type.IsNetwork())
            return;
        var weights = WeightsFiles.From(context.Options, context.CancellationToken);
        foreach (var report in Bound.From(type, context.Compilation, weights, context.CancellationToken).Reports)
            context.ReportDiagnostic(Diagnose(report, type));
    }

    private static void AnalyzeCall(SyntaxNodeAnalysisContext context)
    {
        if (Forgotten.Method((InvocationExpressionSyntax)context.Node, context.SemanticModel, context.CancellationToken) is { } report)
            context.ReportDiagnostic(Diagnose(report, null));
    }

    private static void AnalyzeUse(SyntaxNodeAnalysisContext context)
    {
        if (Unoffered.Of(context.Node, context.SemanticModel, context.CancellationToken) is { } report)
            context.ReportDiagnostic(Diagnose(report, null));
    }

    private static void AnalyzeConstants(OperationAnalysisContext context)
    {
        foreach (var report in OutOfRange.Of(context.Operation))
            context.ReportDiagnostic(Diagnose(report, null));
    }

    private static void AnalyzeDoor(OperationAnalysisContext context)
    {
        foreach (var report in Doors.Of((IInvocationOperation)context.Operation, context.Compilation, context.CancellationToken))
            context.ReportDiagnostic(Diagnose(report, null));
    }

    /// <summary>What is wrong with a weights file itself, whatever network it is of.</summary>
    private static void AnalyzeWeights(AdditionalFileAnalysisContext context)
    {
        if (WeightsFile.From(context.AdditionalFile, context.Options, context.CancellationToken) is not { } file)
            return;
        var place = Location.Create(file.Name, default, default);
        if (Damage(file) is { } damage)
            context.ReportDiagnostic(damage);
        foreach (var network in file.Networks.Where(network => network != WeightsFile.NoNetwork && !IsThere(network, context)))
            context.ReportDiagnostic(Diagnose(new(Problems.WeightsNetworkUnknown, place, file.Name, network), null));
    }

    /// <summary>Why the header of a weights file cannot be believed; null if it can.</summary>
    internal static Diagnostic? Damage(WeightsFile file) => file.Header.Damage is { } damage
        ? Diagnose(new(Problems.WeightsDamaged, Location.Create(file.Name, default, default), file.Name, damage), null)
        : null;

    private static bool IsThere(string network, AdditionalFileAnalysisContext context) =>
        context.Compilation
            .GetSymbolsWithName(network.Substring(network.LastIndexOf('.') + 1), SymbolFilter.Type, context.CancellationToken)
            .OfType<INamedTypeSymbol>().Any(type => type.IsNetwork() && WeightsFiles.IsNameOf(network, type));

    /// <summary>A report as the compiler takes it, of a network or of none.</summary>
    internal static Diagnostic Diagnose(Report report, INamedTypeSymbol? type) => Diagnostic.Create(
        Descriptor(report.Problem),
        report.Place,
        ImmutableDictionary<string, string?>.Empty.Add(Nearest, report.Nearest),
        [.. report.Arguments, type is null || IsIn(type, report.Place) ? "" : $", in {type.Name}"]);

    /// <summary>
    /// Whether a place is in a network's own source. A helper, or a sub-network, may be wrong for one network and right for another: there
    /// the message names the network.
    /// </summary>
    private static bool IsIn(INamedTypeSymbol type, Location place) =>
        type.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == place.SourceTree && part.Span.Contains(place.SourceSpan));

    private static DiagnosticDescriptor Describe(Problem problem) => new(
        problem.Id,
        problem.Title,
        $"{problem.Text}{{{problem.Particulars}}}",
        "Whence",
        problem.IsCompilersToo ? DiagnosticSeverity.Info : problem.IsWarning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(problem));
}
