using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Whence.Generator;

namespace Whence.Import.Check;

/// <summary>Imported models, compiled in memory by the compiler and the generator, and loaded. Disposing unloads them.</summary>
public sealed class CompiledModels : IDisposable
{
    private static readonly CSharpParseOptions Parse = new(LanguageVersion.Latest);

    private readonly AssemblyLoadContext context = new("imported", isCollectible: true);
    private readonly Assembly assembly;

    private CompiledModels(byte[] image) => assembly = context.LoadFromStream(new MemoryStream(image));

    /// <summary>Compiles models, all into one assembly: their names must differ.</summary>
    /// <exception cref="ImportException">The compiler or the generator refuses one, which is the importer's own mistake.</exception>
    public static CompiledModels Compile(IReadOnlyList<ImportedModel> models, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        var (image, errors) = Emit(models, cancellation);
        return errors.Count == 0 ? new(image) : throw new ImportException([.. errors.Select(error => new Finding("", "", error, ""))]);
    }

    /// <summary>Compiles models; what is wrong with each, "Net.cs(12,9): WH201 ...", where something is.</summary>
    internal static (byte[] Image, IReadOnlyList<string> Errors) Emit(IReadOnlyList<ImportedModel> models, CancellationToken cancellation)
    {
        var trees = models.Select(
            model => CSharpSyntaxTree.ParseText(model.Source, Parse, model.Name + ".cs", cancellationToken: cancellation));
        var compilation = CSharpCompilation.Create("Imported" + Guid.NewGuid().ToString("n"), trees, References(),
            new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable, concurrentBuild: false));
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out var written, out var said, cancellation);
        var errors = said.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count == 0)
        {
            var analysed = written.WithAnalyzers([new NetworkAnalyzer()]).GetAnalyzerDiagnosticsAsync(cancellation).GetAwaiter()
                .GetResult();
            errors.AddRange(analysed.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        }
        var image = new MemoryStream();
        if (errors.Count == 0)
        {
            var result = written.Emit(image, cancellationToken: cancellation);
            errors.AddRange(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        }
        return (image.ToArray(), [.. errors.Select(error => error.ToString())]);
    }

    /// <summary>The network, with its weights.</summary>
    /// <exception cref="ImportException">A weight is not finite.</exception>
    /// <exception cref="WeightsException">The weights are not those of the class, which is the importer's own mistake.</exception>
    public INetwork Load(ImportedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var file = new MemoryStream();
        model.WriteWeights(file);
        var type = assembly.GetType(model.Namespace is null ? model.Name : $"{model.Namespace}.{model.Name}", throwOnError: true)!;
        using var weights = Weights.Read(file.ToArray());
        try
        {
            var network = (INetwork)type.GetMethod("Load", [typeof(Weights)])!.Invoke(null, [weights])!;
            weights.RequireAllUsed();
            return network;
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(wrapped.InnerException);
            throw;
        }
    }

    /// <summary>What the network's Forward itself gives for one example, in double precision: each output by its place.</summary>
    /// <param name="network">A network that was loaded here.</param>
    /// <param name="inputs">The inputs of one example, in Forward's order; tokens as numbers.</param>
    internal static IReadOnlyList<double[]> Forward(INetwork network, IReadOnlyList<(int[] Axes, double[] Values)> inputs)
    {
        object[] given = [.. inputs.Select(input => new Tensor(new Shape(input.Axes), input.Values.AsSpan()))];
        try
        {
            var result = network.GetType().GetMethod("Forward")!.Invoke(network, given)!;
            return result is Tensor one ? [one.Values.ToArray()]
                : [.. Enumerable.Range(0, ((System.Runtime.CompilerServices.ITuple)result).Length)
                    .Select(i => ((Tensor)((System.Runtime.CompilerServices.ITuple)result)[i]!).Values.ToArray())];
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(wrapped.InnerException);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => context.Unload();

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)
                || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll")
            .Append(typeof(INetwork).Assembly.Location).Distinct().Select(path => MetadataReference.CreateFromFile(path));
}
