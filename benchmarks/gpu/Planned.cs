using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whence.Generator.Bind;
using Whence.Generator.Derive;
using Whence.Generator.Emit.Ilgpu;
using Whence.Generator.Plan;

namespace Whence.Benchmarks;

/// <summary>The plans from which a network's kernels are emitted: read from its declaration once more, as the compiler does.</summary>
internal static class Planned
{
    private static readonly Dictionary<string, (string File, string Class)> declared = new()
    {
        [Subject.Mnist] = ("Networks.cs", nameof(MnistCnn)),
        [Subject.Genomics] = ("Networks.cs", nameof(GenomicsCnn)),
        [Subject.Tabular] = ("Networks.cs", nameof(TabularMlp)),
        [Subject.LanguageModel] = ("LanguageModel.cs", nameof(LstmLm)),
        [Subject.Inception] = ("GoogLeNet.cs", nameof(GoogLeNet)),
    };

    /// <summary>The plans, and that of the one kernel that goes through whole paths, where a group's memory takes the network.</summary>
    public static (Plans Plans, WholePlan? Whole) Of(string network)
    {
        var (file, name) = declared[network];
        using var source = new StreamReader(typeof(Planned).Assembly.GetManifestResourceStream(file)!);
        var text = Regex.Replace(source.ReadToEnd(), ", (Weights = \"[^\"]*\"|Backends = [^)]*)", "");
        var libraries = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(Tensor).Assembly.Location);
        var compilation = CSharpCompilation.Create("Counted", [CSharpSyntaxTree.ParseText(text)],
            libraries.Select(path => MetadataReference.CreateFromFile(path)), new(OutputKind.DynamicallyLinkedLibrary));
        var type = compilation.GetTypeByMetadataName($"Whence.Benchmarks.{name}")!;
        var bound = Bound.From(type, compilation, WeightsFiles.None, default).Network!;
        var graphs = DerivedGraphs.Of(bound.Graph!, [.. bound.Points], bound.Explain, bound.MaxPoolGradient, bound.SoftmaxElementwise,
            bound.LrpEpsilon);
        var plans = Plans.Of(graphs, new IlgpuTarget().Limits);
        return (plans, plans.Path is { } path ? WholePlanner.Of(path, graphs.Points) : null);
    }
}
