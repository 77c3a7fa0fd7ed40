using System.Text.Json;

namespace Whence.Import.Tests;

/// <summary>The command <c>whence</c>: what it writes, what it says, and its exit codes.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-tool");

    public void Dispose() => folder.Delete(recursive: true);

    private static string Digits => Path.Combine(AppContext.BaseDirectory, "models", "mnist_cnn.onnx");

    private static (int Code, string Output, string Error) Run(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (Whence.Tool.Tool.Run(words, output, error), output.ToString(), error.ToString());
    }

    [Fact]
    public void ImportWritesAClassAndItsWeights()
    {
        var (code, output, error) = Run("import", Digits, "--name", "DigitNet", "--namespace", "My.Nets", "-o", folder.FullName);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("[1, 28, 28]", output, StringComparison.Ordinal);
        Assert.Equal(["DigitNet.cs", "DigitNet.safetensors"], folder.EnumerateFiles().Select(file => file.Name).Order());
        Assert.Contains("namespace My.Nets;", File.ReadAllText(Path.Combine(folder.FullName, "DigitNet.cs")), StringComparison.Ordinal);

        (code, _, error) = Run("import", Digits, "--name", "DigitNet", "-o", folder.FullName);
        Assert.Equal(1, code);
        Assert.Contains("--force", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ListSaysWhatIsThereAndWritesNothing()
    {
        var (code, output, _) = Run("import", Digits, "--list", "--json", "-o", folder.FullName);
        Assert.Equal(0, code);
        var survey = JsonDocument.Parse(output).RootElement;
        Assert.Equal(2, survey.GetProperty("operators").GetProperty("Conv").GetInt32());
        Assert.Equal("N", survey.GetProperty("inputs")[0].GetProperty("axes")[0].GetString());
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void ListSaysAllThatStandsInTheWay()
    {
        var path = Path.Combine(folder.FullName, "m.onnx");
        File.WriteAllBytes(path,
            new ModelBuilder().Input("x", 1, 3).Node("Floor", "x", "a").Node("Det", "x", "b").Node("Add", "a b", "y").Output("y").Build());
        var (code, output, _) = Run("import", path, "--list");
        Assert.Equal(1, code);
        Assert.Contains("Floor0 (Floor): it is constant but for steps", output, StringComparison.Ordinal);
        Assert.Contains("2 things stand in the way.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckRunsWhatWouldBeWritten()
    {
        var (code, output, error) = Run("check", Digits);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("DeepLIFT's relative gap is", output, StringComparison.Ordinal);
    }

    [Fact]
    public void NewMakesAProject()
    {
        var into = Path.Combine(folder.FullName, "app");
        var (code, _, error) = Run("new", Digits, "-o", into);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["MnistCnn.cs", "MnistCnn.safetensors", "MnistCnnApp.csproj", "Program.cs"],
            new DirectoryInfo(into).EnumerateFiles().Select(file => file.Name)
                .Order(StringComparer.Ordinal));
        Assert.Equal(1, Run("new", Digits, "-o", into).Code);
    }

    [Fact]
    public void NewShowsTheReasonsForAPictureAsAPicture()
    {
        Assert.Equal(0, Run("new", Digits, "-o", Path.Combine(folder.FullName, "app"), "--source", "fee<d").Code);
        Assert.Contains($"<RestoreAdditionalProjectSources>{Path.GetFullPath("fee&lt;d")}</RestoreAdditionalProjectSources>",
            File.ReadAllText(Path.Combine(folder.FullName, "app", "MnistCnnApp.csproj")), StringComparison.Ordinal);
        var program = File.ReadAllText(Path.Combine(folder.FullName, "app", "Program.cs"));
        Assert.Contains("Png.Save(HeatMap.Draw(why.Scores", program, StringComparison.Ordinal);
    }

    [Fact]
    public void NewGivesTokensAndMasksWhatTheyTake()
    {
        var path = Path.Combine(folder.FullName, "m.onnx");
        File.WriteAllBytes(path, new ModelBuilder().Tokens("ids", 1, 4).Input("x", 1, 3).Tensor("table", [7, 3])
            .Node("Gather", "table ids", "e").Node("ReduceMean", "e", "m", ("axes", new[] { 1 }), ("keepdims", 0))
            .Node("Add", "m x", "y").Output("y").Build());
        Assert.Equal(0, Run("new", path, "-o", Path.Combine(folder.FullName, "app")).Code);
        var program = File.ReadAllText(Path.Combine(folder.FullName, "app", "Program.cs"));
        Assert.Contains("TokenInputs[0].Vocabulary", program, StringComparison.Ordinal);
        Assert.Contains("var x = net.Embed(input1, input2);", program, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsListsLayers()
    {
        var (code, output, _) = Run("weights", Path.ChangeExtension(Digits, ".safetensors"), "--json");
        Assert.Equal(0, code);
        Assert.Equal("[Conv2d(32, kernel: 4)] private partial Tensor Conv1(Tensor x);",
            JsonDocument.Parse(output).RootElement[0].GetProperty("declaration").GetString());
    }

    [Theory]
    [InlineData("import")]
    [InlineData("import", "no.onnx")]
    [InlineData("import", "no.onnx", "--shape", "x=1,b")]
    [InlineData("import", "no.onnx", "--set", "x=one")]
    [InlineData("frobnicate")]
    public void WrongWordsAreToldInALine(params string[] words)
    {
        var (code, _, error) = Run(words);
        Assert.Equal(1, code);
        Assert.NotEmpty(error.Trim());
    }
}
