using System.Text.Json;

namespace Whence.Import.Tests;

/// <summary><c>whence check</c>: how far a network is from its model, and the first node that differs.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-check");

    public void Dispose() => folder.Delete(recursive: true);

    private static string Digits => Path.Combine(AppContext.BaseDirectory, "models", "mnist_cnn.onnx");

    /// <summary>The tests' own output has ONNX Runtime's assembly, and its native library under runtimes.</summary>
    private static string Runtime => AppContext.BaseDirectory;

    private static (int Code, string Output, string Error) Run(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (Whence.Tool.Tool.Run(["check", .. words], output, error), output.ToString(), error.ToString());
    }

    private static JsonElement Answer(int code, params string[] words)
    {
        var (found, output, error) = Run([.. words, "--json"]);
        Assert.True(code == found && error.Length == 0, $"{found}: {error}{output}");
        return JsonDocument.Parse(output).RootElement;
    }

    /// <summary>The model's weights with something added to each number of one tensor.</summary>
    private string Changed(string model, string tensor, float added)
    {
        var imported = Importer.Import(model);
        var path = Path.Combine(folder.FullName, "changed.safetensors");
        using (var stream = File.Create(path))
            imported.WriteWeights(stream);
        var bytes = File.ReadAllBytes(path);
        var length = BitConverter.ToInt32(bytes);
        var header = JsonDocument.Parse(bytes.AsMemory(8, length)).RootElement;
        // Fields of blocks may have the dots of the file's names, or none.
        var places = header.EnumerateObject().Single(entry => entry.Name.Replace(".", "", StringComparison.Ordinal)
            == tensor.Replace(".", "", StringComparison.Ordinal)).Value.GetProperty("data_offsets");
        for (var at = places[0].GetInt32(); at < places[1].GetInt32(); at += 4)
            BitConverter.TryWriteBytes(bytes.AsSpan(8 + length + at), BitConverter.ToSingle(bytes, 8 + length + at) + added);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string Written(ModelBuilder model)
    {
        var path = Path.Combine(folder.FullName, "model.onnx");
        File.WriteAllBytes(path, model.Build());
        return path;
    }

    /// <summary>A stem and two residual blocks of one class, and a batch of three.</summary>
    private string Residual()
    {
        var model = new ModelBuilder().Input("x", 3, 4);
        var x = "x";
        foreach (var layer in new[] { "stem", "layers.0.a", "layers.0.b", "layers.1.a", "layers.1.b" })
        {
            model.Tensor(layer + ".weight", [4, 4]).Tensor(layer + ".bias", [4])
                .Node("Gemm", layer, [layer.EndsWith('b') ? x + "r" : x, layer + ".weight", layer + ".bias"], layer + ".y", ("transB", 1));
            if (layer.EndsWith('a'))
                model.Node("Relu", layer + "/Relu", [layer + ".y"], x + "r");
            else if (layer.EndsWith('b'))
                model.Node("Add", layer + "/Add", [layer + ".y", x], layer + ".s");
            x = layer.EndsWith('b') ? layer + ".s" : layer.EndsWith('a') ? x : layer + ".y";
        }
        return Written(model.Output(x));
    }

    [Fact]
    public void AgreesWithOnnxRuntime()
    {
        var answer = Answer(0, Digits, "--runtime", Runtime);
        Assert.Equal("ONNX Runtime 1.31.1", answer.GetProperty("against").GetString());
        Assert.InRange(answer.GetProperty("relative").GetDouble(), double.Epsilon, 1e-5);
        Assert.Equal("logits", answer.GetProperty("worst").GetProperty("value").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("firstNode").ValueKind);
    }

    [Theory]
    [InlineData("conv1.bias", "/conv1/Conv", "Conv")]
    [InlineData("conv2.weight", "/conv2/Conv", "Conv")]
    [InlineData("fc1.bias", "/fc1/Gemm", "Gemm")]
    [InlineData("fc2.weight", "/fc2/Gemm", "Gemm")]
    public void NamesTheNodeWhoseWeightIsChanged(string tensor, string node, string type)
    {
        var changed = Changed(Digits, tensor, 0.1f);
        foreach (var against in new string[][] { [], ["--runtime", Runtime] })
        {
            var first = Answer(2, [Digits, "--weights", changed, .. against]).GetProperty("firstNode");
            Assert.Equal((node, type), (first.GetProperty("node").GetString(), first.GetProperty("operator").GetString()));
        }
    }

    [Theory]
    [InlineData("stem.weight", "stem")]
    [InlineData("layers.0.a.bias", "layers.0.a")]
    [InlineData("layers.0.b.weight", "layers.0.b")]
    [InlineData("layers.1.a.weight", "layers.1.a")]
    [InlineData("layers.1.b.bias", "layers.1.b")]
    public void NamesTheNodeInABlockAndABatch(string tensor, string node)
    {
        var model = Residual();
        Assert.Equal(2, Importer.Import(model).Source.Split("partial class").Length - 1);
        Answer(0, model, "--runtime", Runtime);
        var changed = Changed(model, tensor, 0.3f);
        foreach (var against in new string[][] { [], ["--runtime", Runtime] })
        {
            var first = Answer(2, [model, "--weights", changed, .. against]).GetProperty("firstNode");
            Assert.Equal(node, first.GetProperty("node").GetString());
        }
    }

    [Fact]
    public void NamesTheNodeBelowDataThatDiffers()
    {
        var model = Written(new ModelBuilder().Input("x", 1, 3).Tensor("a.weight", [2, 3]).Tensor("b.weight", [2, 2])
            .Node("Gemm", "a", ["x", "a.weight"], "h", ("transB", 1)).Node("Gemm", "b", ["h", "b.weight"], "y", ("transB", 1)).Output("y"));
        float[] x = [1, -2, 3];
        File.WriteAllBytes(Path.Combine(folder.FullName, "input_0.pb"), ModelBuilder.TensorFile([1, 3], x));
        double[] h = [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 3).Sum(k => x[k] * Math.Sin(3 * i + k + 1)))];
        var y = Enumerable.Range(0, 2).Select(i => (float)Enumerable.Range(0, 2).Sum(k => h[k] * Math.Sin(2 * i + k + 1))).ToArray();
        File.WriteAllBytes(Path.Combine(folder.FullName, "output_0.pb"), ModelBuilder.TensorFile([1, 2], y));
        Assert.InRange(Answer(0, model, "--data", folder.FullName).GetProperty("relative").GetDouble(), 0, 1e-6);

        var changed = Changed(model, "b.weight", 0.5f);
        foreach (var against in new string[][] { [], ["--runtime", Runtime] })
        {
            var answer = Answer(2, [model, "--data", folder.FullName, "--weights", changed, .. against]);
            Assert.Equal("b", answer.GetProperty("firstNode").GetProperty("node").GetString());
            Assert.Equal(0.5 * Math.Abs(h[0] + h[1]), answer.GetProperty("difference").GetDouble(), 1e-5);
        }

        // The data is of another model: then no node differs from this one's Forward.
        File.WriteAllBytes(Path.Combine(folder.FullName, "output_0.pb"), ModelBuilder.TensorFile([1, 2], [y[0], y[1] + 1]));
        var (code, output, _) = Run(model, "--data", folder.FullName);
        Assert.Equal(2, code);
        Assert.Contains("at y [1]", output, StringComparison.Ordinal);
        Assert.Contains("the data is of another model", output, StringComparison.Ordinal);
    }

    [Fact]
    public void GivesOnnxRuntimeTokensMasksAndWhatIsSet()
    {
        var model = Written(new ModelBuilder().Tokens("ids", 1, 4).Tokens("kinds", 1, 4).Input("x", 1, 3).Tensor("table", [7, 3])
            .Tensor("kind", [2, 3]).Node("Gather", "table ids", "e").Node("Gather", "kind kinds", "k").Node("Add", "e k", "s")
            .Node("ReduceMean", "s", "m", ("axes", new[] { 1 }), ("keepdims", 0)).Node("Add", "m x", "y").Output("y"));
        Assert.InRange(Answer(0, model, "--set", "kinds=1", "--runtime", Runtime).GetProperty("relative").GetDouble(), 0, 1e-6);
    }

    [Fact]
    public void SaysWhatIsMissing()
    {
        Assert.Contains("There is no Microsoft.ML.OnnxRuntime.dll in", Run(Digits, "--runtime", folder.FullName).Error,
            StringComparison.Ordinal);
        Assert.Contains("input_0.pb", Run(Digits, "--data", folder.FullName).Error, StringComparison.Ordinal);
        Assert.Equal(1, Run(Digits, "--weights", Path.Combine(folder.FullName, "no.safetensors")).Code);
        var other = Changed(Residual(), "stem.bias", 1);
        Assert.Equal(1, Run(Digits, "--weights", other).Code);
    }
}
