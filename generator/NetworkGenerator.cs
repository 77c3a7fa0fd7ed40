using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Whence.Generator.Bind;
using Whence.Generator.Check;
using Whence.Generator.Emit;
using Whence.Generator.Graphs;
using Whence.Generator.Support;

namespace Whence.Generator;

/// <summary>Reads every [Network] class and writes what its Forward means.</summary>
[Generator]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    private readonly Func<Network, IEnumerable<(string HintName, string Text)>> compile;

    /// <summary>The generator.</summary>
    public NetworkGenerator()
        : this(Compiler.Compile)
    {
    }

    internal NetworkGenerator(Func<Network, IEnumerable<(string HintName, string Text)>> compile) => this.compile = compile;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var networks = context.SyntaxProvider
            .ForAttributeWithMetadataName(Known.Network, IsType, Bound.From)
            .WithTrackingName("Bound")
            // A class that has no name yet has no other half.
            .SelectMany((network, _) => network is null or { Name: "" } ? [] : new[] { network })
            .WithTrackingName("Network");
        var undeclarable = context.SyntaxProvider
            .CreateSyntaxProvider(Undeclarable.IsCandidate, Undeclarable.From)
            .SelectMany((all, _) => all);
        var forgotten = undeclarable.SelectMany((one, _) => one.Network is null ? [] : new[] { one.Network });
        var written = networks.Select((network, _) => Write(network, () => [LayerFile.Write(network)]));
        var compiled = networks.Select((network, _) => Write(network, () => compile(network), Compiler.Missing));
        var stubs = forgotten.Select((network, _) => Write(network, () => Compiler.Compile(network).Prepend(LayerFile.Write(network))));

        var alike = networks.Collect()
            .Combine(forgotten.Collect())
            .Select((all, _) => Alike(all.Left.Concat(all.Right).Select(network => network.MetadataName)));
        context.RegisterSourceOutput(written.Combine(alike), Add);
        context.RegisterSourceOutput(compiled.Combine(alike), Add);
        context.RegisterSourceOutput(stubs.Combine(alike), Add);
        Report(context, undeclarable);
        Report(context, written.Collect()
            .Combine(compiled.Collect())
            .SelectMany((both, _) => both.Left.Concat(both.Right).Where(one => one.Problem is not null)));
        WithoutAnalyzers.Report(context);
    }

    // In an editor the analyzer says the same, and has the fix.
    private static void Report(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<Undeclarable> found)
    {
        var editor = context.AnalyzerConfigOptionsProvider.Select((options, _) =>
            options.GlobalOptions.TryGetValue("build_property.DesignTimeBuild", out var value) && value == "true");
        context.RegisterSourceOutput(found.Where(one => one.IsRefused).Combine(editor), (output, pair) =>
        {
            if (!pair.Right)
                output.ReportDiagnostic(pair.Left.Diagnostic());
        });
    }

    private static bool IsType(SyntaxNode node, CancellationToken cancellation) => node is TypeDeclarationSyntax;

    // A mistake of the compiler's own must cost one network, with a message at its class, and not every network of the project.
    private static Written Write(Network network, Func<IEnumerable<(string HintName, string Text)>> write,
        Func<Network, IEnumerable<(string HintName, string Text)>>? instead = null)
    {
        Written Refused(Problem problem, string why) => new(network.MetadataName, network.Name,
            (instead is null ? [] : instead(network)).ToEquatable(), problem, why);
        try
        {
            return new(network.MetadataName, network.Name, write().ToEquatable(), null, "");
        }
        catch (Ops.TooLargeException large)
        {
            return Refused(Problems.TooMuchMemory, large.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Refused(Problems.Internal, Failure.Words(failure));
        }
    }

    private static void Add(SourceProductionContext output, (Written Written, EquatableArray<string> Alike) pair)
    {
        // The compiler tells files apart by letters whatever their case.
        var prefix = pair.Alike.Contains(pair.Written.Class) ? $"{Code(pair.Written.Class):x8}." : "";
        foreach (var (name, text) in pair.Written.Files)
            output.AddSource(prefix + FileName(name), SourceText.From(text, Encoding.UTF8));
    }

    /// <summary>The classes whose names differ from another's in case alone.</summary>
    private static EquatableArray<string> Alike(IEnumerable<string> classes) =>
        classes.Distinct().GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).SelectMany(same => same)
            .ToEquatable();

    /// <summary>A name with only the characters that the compiler takes for a file's.</summary>
    private static string FileName(string name) =>
        string.Concat(name.Select(c => char.IsLetterOrDigit(c) || ".,-+_ ".IndexOf(c) >= 0 ? c.ToString() : $"_{(int)c:x}_"));

    private static uint Code(string name) => name.Aggregate(2166136261u, (code, c) => unchecked((code ^ c) * 16777619));

    // Where a class stands is no part of its network, which would be compiled again whenever a line is added above it.
    private static void Report(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<Written> failed)
    {
        var places = context.SyntaxProvider.ForAttributeWithMetadataName(Known.Network, IsType, ClassPlace.From).Collect();
        var reports = failed.Combine(places)
            .Select((pair, _) => (Written: pair.Left, Place: pair.Right.FirstOrDefault(place => place.Class == pair.Left.Class)));
        context.RegisterSourceOutput(reports, (output, report) => output.ReportDiagnostic(
            Diagnostic.Create(NetworkAnalyzer.Descriptor(report.Written.Problem!), report.Place?.Place.Location(), report.Written.Name,
                report.Written.Why, "")));
    }

    /// <summary>A network's files; of one that was not compiled, what its uses need, and why.</summary>
    private sealed record Written(string Class, string Name, EquatableArray<(string HintName, string Text)> Files, Problem? Problem,
        string Why);

    /// <summary>Where a class's name stands.</summary>
    private sealed record ClassPlace(string Class, SourcePlace Place)
    {
        public static ClassPlace From(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) => new(
            NetworkClass.MetadataName((INamedTypeSymbol)context.TargetSymbol),
            SourcePlace.Of(((TypeDeclarationSyntax)context.TargetNode).Identifier.GetLocation()));
    }
}
