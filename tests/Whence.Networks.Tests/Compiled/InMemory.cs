using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whence.Generator;
using Whence.Generator.Bind;
using Whence.Generator.Emit;
using Whence.Generator.Graphs;

namespace Whence.Networks.Tests.Compiled;

/// <summary>C# as a user would write it, compiled with the generator and loaded into this process.</summary>
internal sealed class InMemory
{
    private const string Usings = "using System;\nusing System.Linq;\nusing Whence;\nusing static Whence.Nn;\n";

    private static readonly CSharpParseOptions options = new(LanguageVersion.Latest);

    private static readonly ImmutableArray<MetadataReference> references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
            .Append(typeof(Tensor).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly CSharpCompilation source;
    private readonly ConcurrentDictionary<string, Bound> read = [];
    private readonly Assembly assembly;

    private InMemory(CSharpCompilation source, IReadOnlyDictionary<string, string> files, byte[] image)
    {
        (this.source, Files, Image) = (source, files, image);
        assembly = Assembly.Load(image);
    }

    /// <summary>What the generator wrote, by hint name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The assembly's bytes.</summary>
    public byte[] Image { get; }

    /// <summary>Compiles networks, expecting no word from the generator or the compiler.</summary>
    /// <param name="networks">Their C#.</param>
    /// <param name="assemblies">What they need besides the runtime.</param>
    public static InMemory Compile(string networks, params Assembly[] assemblies) => Compile(networks, Compiler.Compile, assemblies);

    /// <summary>The same, each network by a way of one's own, for other targets.</summary>
    public static InMemory Compile(string networks, Func<Network, IEnumerable<(string HintName, string Text)>> compile,
        params Assembly[] assemblies)
    {
        var source = CSharpCompilation.Create(
            $"Networks{Guid.NewGuid():n}", [CSharpSyntaxTree.ParseText(Usings + networks, options, "Networks.cs")],
            references.AddRange(assemblies.Select(assembly => MetadataReference.CreateFromFile(assembly.Location))),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create([new NetworkGenerator(compile).AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(source, out var compiled, out var diagnostics);
        var results = driver.GetRunResult().Results;
        if (results.Select(result => result.Exception).FirstOrDefault(exception => exception is not null) is { } exception)
            throw new InvalidOperationException($"The generator failed: {exception}");
        AssertNone(diagnostics);
        using var image = new MemoryStream();
        AssertNone(compiled.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        var files = results.SelectMany(result => result.GeneratedSources)
            .ToDictionary(file => file.HintName, file => file.SourceText.ToString());
        return new InMemory(source, files, image.ToArray());
    }

    /// <summary>Compiles the classes of graphs that no C# was read for: all but Forward.</summary>
    public static InMemory Compile(IEnumerable<Network> networks)
    {
        var files = networks.SelectMany(network => Compiler.Compile(network).Append(LayerFile.Write(network)))
            .ToDictionary(file => file.HintName, file => file.Text);
        var compiled = CSharpCompilation.Create(
            $"Networks{Guid.NewGuid():n}", files.Values.Select(text => CSharpSyntaxTree.ParseText(text, options)), references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        AssertNone(compiled.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return new InMemory(compiled, files, image.ToArray());
    }

    /// <summary>The network of a graph.</summary>
    public CompiledNetwork Network(Network network) => new(network.Name, assembly.GetType(network.MetadataName)!, network);

    private static void AssertNone(IEnumerable<Diagnostic> diagnostics) =>
        Assert.True(!diagnostics.Any(), string.Join(Environment.NewLine, diagnostics.Take(8)));

    /// <summary>The network of a class, about which nothing else is said than these diagnostics.</summary>
    public CompiledNetwork Network(string name, params string[] but)
    {
        // Read once for all the tests that ask it.
        var bound = read.GetOrAdd(name, static (name, source) => Bound.From(
            source.GetTypeByMetadataName(name) ?? throw new ArgumentException($"There is no class {name}.", nameof(name)), source,
            WeightsFiles.None, default), source);
        Assert.Equal([], bound.Reports
            .Where(report => !but.Contains(report.Problem.Id))
            .Select(report => $"{report.Problem.Id} {string.Join(" | ", report.Arguments)}"));
        return new CompiledNetwork(name, assembly.GetType(name)!, bound.Network!);
    }
}
