using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whence.Generator;
using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary>Networks without weights, by every command, and for a GPU.</summary>
public sealed class WithoutWeights : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-weightless");

    public void Dispose() => folder.Delete(recursive: true);

    private static byte[] Distance() => new ModelBuilder().Input("x", 1, 8).Input("z", 1, 8).Node("Sub", "x z", "d").Node("Mul", "d d", "s")
        .Node("ReduceSum", "s axes", "y", ("keepdims", 0)).Wholes("axes", 1).Output("y").Build();

    private static byte[] Spectrum() => new ModelBuilder().Input("x", 1, 1, 16).Node("AveragePool", "x", "p", ("kernel_shape", new[] { 2 }),
        ("strides", new[] { 2 })).Node("Tanh", "p", "t").Node("Softmax", "t", "y", ("axis", 2)).Output("y").Build();

    private static byte[] States() => new ModelBuilder().Input("x", 1, 4).Input("h", 1, 4).Node("Sigmoid", "x", "g").Node("Mul", "g h", "a")
        .Node("Max", "a x", "y").Output("y").Build();

    private static readonly string[] names = ["Distance", "Spectrum", "States"];

    public static TheoryData<string> Names => [.. names];

    private static byte[] Of(string name) => name switch
    {
        "Distance" => Distance(),
        "Spectrum" => Spectrum(),
        _ => States(),
    };

    private string Path(string name)
    {
        var path = System.IO.Path.Combine(folder.FullName, name + ".onnx");
        File.WriteAllBytes(path, Of(name));
        return path;
    }

    [Fact]
    public void AgreeWithOnnxRuntime()
    {
        ImportedModel[] models = [.. names.Select(name => Importer.Import(Of(name), name))];
        Assert.All(models, model => Assert.Null(model.WeightsFileName));
        using var compiled = CompiledModels.Compile(models);
        var runtime = OnnxRuntime.Open(AppContext.BaseDirectory);
        Assert.All(models, model =>
        {
            var found = new Checker(model) { Runtime = runtime }.OnRandomInputs(compiled);
            Assert.InRange(found.Relative, 0, 1e-6);
            Assert.InRange(found.Gap!.Value, 0, 1e-5);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AreMadeCheckedAndExplained(string name)
    {
        string[] inputs = name == "Spectrum" ? ["0.5"] : ["0.5", "0.25"];
        string[] files = [.. inputs.Select((number, i) => Written($"{name}{i}.csv", string.Join(",",
            Enumerable.Repeat(number, name == "Spectrum" ? 16 : name == "Distance" ? 8 : 4))))];
        var into = System.IO.Path.Combine(folder.FullName, name + "Project");
        foreach (string[] words in new string[][]
        {
            ["import", Path(name), "--list"], ["check", Path(name)], ["new", Path(name), "-o", into],
            ["explain", Path(name), .. files, "-o", System.IO.Path.Combine(folder.FullName, name + ".html")],
        })
        {
            var (output, error) = (new StringWriter(), new StringWriter());
            Assert.True(Whence.Tool.Tool.Run(words, output, error) == 0, $"{words[0]}: {error}{output}");
        }
        Assert.Contains("Weights.Random(0)", File.ReadAllText(System.IO.Path.Combine(into, "Program.cs")), StringComparison.Ordinal);
        Assert.DoesNotContain("WhenceWeights", File.ReadAllText(Directory.GetFiles(into, "*.csproj").Single()), StringComparison.Ordinal);
    }

    private string Written(string file, string text)
    {
        var path = System.IO.Path.Combine(folder.FullName, file);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The generator says them for a GPU too: without that package it asks for it, and fails nowhere.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TheirKernelsAreWritten(string name)
    {
        var source = Importer.Import(Of(name), name).Source.Replace("[Network(", "[Network(Backends = Backends.Cpu | Backends.Gpu, ",
            StringComparison.Ordinal);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(System.IO.Path.PathSeparator);
        var compilation = CSharpCompilation.Create("gpu", [CSharpSyntaxTree.ParseText(source)],
            platform.Append(typeof(INetwork).Assembly.Location).Distinct().Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var run = CSharpGeneratorDriver.Create(new NetworkGenerator()).RunGenerators(compilation).GetRunResult();
        Assert.DoesNotContain(run.Diagnostics, one => one.Id == "CS8785");
        Assert.All(run.Results, result => Assert.Null(result.Exception));
        Assert.DoesNotContain(run.Diagnostics, one => one.GetMessage(null).Contains("failed on", StringComparison.Ordinal));
    }
}
