using Whence.Pictures;

namespace Whence.Import.Tests;

/// <summary>Every command of <c>whence</c> that the README shows does what it says.</summary>
public sealed class ReadmeCommands : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-readme");

    public void Dispose() => folder.Delete(recursive: true);

    public static TheoryData<string> Commands =>
        [.. File.ReadAllLines(TestData.Beside("../../README.md")).Where(line => line.StartsWith("whence ", StringComparison.Ordinal))
            .Select(line => line.Split(" #")[0].Split(" &&")[0].TrimEnd()).Distinct()];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Run(string command)
    {
        WriteFiles();
        var error = new StringWriter();
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Placed).ToArray();
        // Where the tool would look for ONNX Runtime in the folder of the user's packages.
        if (words.Contains("--runtime"))
            words = [.. words, AppContext.BaseDirectory];
        if (words[0] == "explain" && !words.Contains("-o"))
            words = [.. words, "-o", Path.Combine(folder.FullName, "reasons.html")];
        // In place of the folder that the tests run in, where a run before has left its files.
        if (words[0] == "import" && !words.Contains("-o"))
            words = [.. words, "-o", folder.FullName];
        Assert.True(Whence.Tool.Tool.Run(words, TextWriter.Null, error) == 0, error.ToString());
    }

    /// <summary>A file or folder of the command in this test's folder; any other word as it is.</summary>
    private string Placed(string word) =>
        word is "." or "Explained" || word.Contains('.', StringComparison.Ordinal) && !word.StartsWith('-')
            ? Path.Combine(folder.FullName, word) : word;

    private void WriteFiles()
    {
        var models = Path.Combine(AppContext.BaseDirectory, "models");
        File.Copy(Path.Combine(models, "mnist_cnn.onnx"), At("resnet.onnx"));
        File.Copy(Path.Combine(models, "mnist_cnn.safetensors"), At("model.safetensors"));
        File.Copy(Path.Combine(models, "mnist_cnn.safetensors"), At("iris.safetensors"));
        File.WriteAllBytes(At("dna.onnx"), new ModelBuilder().Input("x", 1, 4, 30).Tensor("conv.weight", [3, 4, 5])
            .Node("Conv", "x conv.weight", "c").Node("ReduceMean", "c", "y", ("axes", new[] { 2 }), ("keepdims", 0)).Output("y").Build());
        Png.Save(Picture.FromTensor([.. Enumerable.Range(0, 32 * 32).Select(i => i % 32 / 31f)], new(1, 32, 32)), At("cat.png"));
        File.WriteAllBytes(At("bert.onnx"), new ModelBuilder().Tokens("input_ids", 1, -1).Tokens("attention_mask", 1, -1)
            .Tensor("words.weight", [50, 8]).Node("Gather", "words.weight input_ids", "e").Node("Cast", "attention_mask", "m", ("to", 1))
            .Wholes("axis", 2).Node("Unsqueeze", "m axis", "u").Node("Mul", "e u", "y").Output("y").Build());
    }

    private string At(string name) => Path.Combine(folder.FullName, name);
}
