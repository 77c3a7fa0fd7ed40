using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Whence.Generator;

namespace Whence.Import.Tests;

/// <summary>What <c>whence new</c> writes compiles, runs, predicts and explains.</summary>
public sealed class NewProjects : IDisposable
{
    private static readonly CSharpParseOptions parse = new(LanguageVersion.Latest);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-new");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("mnist_cnn", "The largest of 10 outputs is number ")]
    [InlineData("genomics_cnn", "The largest of 3 outputs is number ")]
    [InlineData("tabular_mlp", "The largest of 2 outputs is number ")]
    public void Run(string model, string answer)
    {
        var output = RunNew(Path.Combine(AppContext.BaseDirectory, "models", model + ".onnx"));
        Assert.Contains(answer, output, StringComparison.Ordinal);
        Assert.Matches(@"= sum of contributions, off by -?\d\.\de", output);
        var picture = Path.Combine(folder.FullName, "reasons.png");
        Assert.Equal(model == "mnist_cnn", File.Exists(picture));
        if (File.Exists(picture))
            Assert.Equal("PNG"u8, File.ReadAllBytes(picture).AsSpan(1, 3));
    }

    [Fact]
    public void RunWithTokensAndWithoutWeights()
    {
        Assert.Contains("By token: ", RunNew(Written(new ModelBuilder().Tokens("ids", 1, 4).Tensor("table", [7, 3])
            .Node("Gather", "table ids", "e").Node("ReduceMean", "e", "y", ("axes", new[] { 1 }), ("keepdims", 0)).Output("y"))),
            StringComparison.Ordinal);
        Assert.Contains("The largest of 3 outputs", RunNew(Written(new ModelBuilder().Input("x", 1, 3).Node("Tanh", "x", "y").Output("y")),
            "--namespace", "My.Nets"), StringComparison.Ordinal);
    }

    private string Written(ModelBuilder model)
    {
        var path = Path.Combine(folder.FullName, "model.onnx");
        File.WriteAllBytes(path, model.Build());
        return path;
    }

    /// <summary>What the project's program prints; it runs in the tests' folder.</summary>
    private string RunNew(string model, params string[] words)
    {
        var into = Path.Combine(folder.FullName, Guid.NewGuid().ToString("n"));
        var error = new StringWriter();
        Assert.True(Whence.Tool.Tool.Run(["new", model, "-o", into, .. words], TextWriter.Null, error) == 0, error.ToString());
        var app = Path.Combine(into, "app.dll");
        File.WriteAllBytes(app, Compiled(Directory.GetFiles(into, "*.cs")));
        File.Copy(typeof(INetwork).Assembly.Location, Path.Combine(into, "Whence.dll"));
        File.Copy(Path.ChangeExtension(typeof(NewProjects).Assembly.Location, ".runtimeconfig.json"),
            Path.Combine(into, "app.runtimeconfig.json"));
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["exec", app])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName,
        })!;
        var complaint = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, complaint.Result + output);
        return output;
    }

    /// <summary>The project's files, as its build would compile them: with implicit usings and the generator.</summary>
    private static byte[] Compiled(string[] files)
    {
        const string usings = "global using System; global using System.IO; global using System.Linq; "
            + "global using System.Collections.Generic; global using System.Net.Http; global using System.Threading; "
            + "global using System.Threading.Tasks;";
        var trees = files.Select(File.ReadAllText).Append(usings).Select(text => CSharpSyntaxTree.ParseText(text, parse));
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)
                || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll");
        var compilation = CSharpCompilation.Create("app", trees,
            platform.Append(typeof(INetwork).Assembly.Location).Distinct().Select(path => MetadataReference.CreateFromFile(path)),
            new(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out var written, out var said);
        var image = new MemoryStream();
        var errors = said.Concat(written.Emit(image).Diagnostics).Where(one => one.Severity == DiagnosticSeverity.Error).ToArray();
        Assert.True(errors.Length == 0, string.Join("\n", errors.Select(error => error.ToString())));
        return image.ToArray();
    }
}
