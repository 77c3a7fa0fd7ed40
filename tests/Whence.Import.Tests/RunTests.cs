using Whence.Data;
using Whence.Import.Check;

namespace Whence.Import.Tests;

/// <summary><c>whence run</c>: a worker around the network of an assembly.</summary>
public sealed class RunTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-run");

    public void Dispose() => folder.Delete(recursive: true);

    private static string Motifs { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../MotifWorker",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "MotifWorker.dll"));

    private static string Model(string name) => Path.Combine(AppContext.BaseDirectory, "models", name);

    private string At(string name) => Path.Combine(folder.FullName, name);

    private static (int Code, string Output, string Error) Run(params string[] words)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (Whence.Tool.Tool.Run(["run", .. words], output, error), output.ToString(), error.ToString());
    }

    private string Sequences(int count)
    {
        var random = new Random(8);
        File.WriteAllLines(At("s.fa"), Enumerable.Range(0, count).SelectMany(i =>
            new[] { $">s{i}", string.Concat(Enumerable.Range(0, 200).Select(_ => "ACGT"[random.Next(4)])) }));
        return At("s.fa");
    }

    /// <summary>Its own weights, from beside it; the same parts as of the program itself.</summary>
    [Fact]
    public void ANetworkOfAnAssemblyIsAWorker()
    {
        string[] words = ["--input", Sequences(40), "--target", "0", "--part-rows", "16"];
        foreach (var shard in new[] { "1/2", "0/2" })
        {
            var (code, output, error) = Run([Motifs, .. words, "--out", At("parts"), "--shard", shard]);
            Assert.Equal((0, ""), (code, error));
            Assert.Contains("\"event\":\"done\"", output, StringComparison.Ordinal);
        }
        Assert.Equal((0, ""), Codes(Run(Motifs, "merge", "--out", At("parts"), "--result", At("r.parquet"))));
        using var own = System.Diagnostics.Process.Start("dotnet",
            [Motifs, .. words, "--weights", Path.Combine(Path.GetDirectoryName(Motifs)!, "motifs.safetensors"), "--out", At("own")]);
        own.WaitForExit();
        Assert.Equal((0, ""), Codes(Run(Motifs, "merge", "--out", At("own"), "--result", At("own.parquet"))));
        Assert.Equal(File.ReadAllBytes(At("own.parquet")), File.ReadAllBytes(At("r.parquet")));
        using var scores = ScoreTable.Open(At("r.parquet"));
        Assert.Equal((40, 200), (scores.Count, scores.Width));
    }

    private static (int, string) Codes((int Code, string, string Error) run) => (run.Code, run.Error);

    [Fact]
    public void TheWordsBehindItAreTheWorkers()
    {
        var (code, _, error) = Run(Motifs, "--input", Sequences(1), "--target", "3", "--out", At("parts"));
        Assert.Equal(2, code);
        Assert.Contains("3", error, StringComparison.Ordinal);
        (code, _, error) = Run(Motifs, "--input", At("none.fa"), "--out", At("parts"));
        Assert.Equal(1, code);
        Assert.Contains("none.fa", error, StringComparison.Ordinal);
        (code, _, error) = Run(Motifs, "--inputs", At("s.fa"), "--out", At("parts"));
        Assert.Equal(2, code);
        Assert.Contains("--inputs", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("parts")));
    }

    [Fact]
    public void AnAssemblyWithSeveralNeedsAName()
    {
        var models = new[] { ("mnist_cnn.onnx", "DigitNet"), ("tabular_mlp.onnx", "CellNet") }.Select(model =>
            Importer.Import(Model(model.Item1), new ImportOptions { Name = model.Item2, Namespace = "My.Nets" })).ToList();
        var (image, errors) = CompiledModels.Emit(models, default);
        Assert.Empty(errors);
        File.WriteAllBytes(At("Nets.dll"), image);
        using (var file = File.Create(At("cells.safetensors")))
            models[1].WriteWeights(file);
        File.WriteAllText(At("cells.csv"), string.Join(',', Enumerable.Range(0, 30)) + "\n"
            + string.Join(',', Enumerable.Range(0, 30).Select(i => i % 3)) + "\n");
        string[] words = [At("Nets.dll"), "--weights", At("cells.safetensors"), "--input", At("cells.csv"), "--out", At("parts")];
        Refuses("Nets.dll has several networks, My.Nets.CellNet, My.Nets.DigitNet: say which with --network.", words);
        Refuses("Nets.dll has no network \"Cells\"; it has My.Nets.CellNet, My.Nets.DigitNet.", [.. words, "--network", "Cells"]);
        foreach (var name in new[] { "CellNet", "My.Nets.CellNet" })
        {
            // Columns are named otherwise, which the network says: it is the one that was asked for.
            var (code, _, error) = Run([.. words, "--network", name]);
            Assert.Equal(5, code);
            Assert.Contains("cells.csv has no column", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhatIsNoNetworkIsTold()
    {
        File.WriteAllText(At("text.dll"), "no assembly");
        Refuses("text.dll is no .NET assembly.", At("text.dll"));
        Refuses("There is no file", At("none.dll"));
        Refuses("Whence.Import.dll has no network", typeof(Importer).Assembly.Location);
        File.Copy(Motifs, At("Alone.dll"));
        Refuses("Option '--weights' is required.", At("Alone.dll"), "--input", "x.fa", "--out", "p");
    }

    /// <summary>Its own options and the worker's, wherever help is asked for; nothing is loaded for it.</summary>
    [Theory]
    [InlineData("--help")]
    [InlineData("none.dll", "--help")]
    [InlineData("none.dll", "--input", "rows.csv", "-h")]
    public void HelpSaysTheWorkersOptionsToo(params string[] words)
    {
        var (code, output, error) = Run(words);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("run <assembly>", output, StringComparison.Ordinal);
        foreach (var option in new[] { "--network", "--input", "--shard", "--resume", "--fail-on-unreadable", "--reference" })
            Assert.Contains(option, output, StringComparison.Ordinal);
    }

    /// <summary>One sentence each, and a code that a scheduler knows for a command line that will not do.</summary>
    [Fact]
    public void WrongWordsAreOneSentence()
    {
        Refuses("Required argument 'assembly' missing for command: 'run'.");
        Refuses("Option '--input' is required. Option '--out' is required.", Motifs);
        Refuses("Required argument missing for option: '--network'.", Motifs, "--network");
        Refuses("'shap'", Motifs, "--input", "x.fa", "--out", At("p"), "--method", "shap");
        Refuses("--shard is", Motifs, "--input", "x.fa", "--out", At("p"), "--shard", "3/3");
        Refuses("MotifWorker.dll has no network \"Net\"; it has Cluster.MotifNet.", Motifs, "--network", "Net");
        var (code, _, error) = Run(Motifs, "--weights", At("none.safetensors"), "--input", "x.fa", "--out", At("p"));
        Assert.Equal(1, code);
        Assert.Contains("none.safetensors", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("p")));
    }

    private static void Refuses(string told, params string[] words)
    {
        var (code, output, error) = Run(words);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(told, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
