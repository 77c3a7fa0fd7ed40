using System.Text.Json;

namespace Whence.Data.Tests;

/// <summary>
/// Workers that share a folder: any number, in any order, twice, stopped or hindered, and what is joined is what one alone writes.
/// </summary>
public sealed class WorkerTests
{
    private static INetwork Load(string path) => PersonNet.Load(path);

    private static (int Code, string Output, string Error) Run(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Worker.Run(words, Load, output, error, isTerminal: false);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Weights and 1,000 rows, every hundredth of which has no age.</summary>
    private static string[] Files(TemporaryFolder folder, params string[] more)
    {
        Samples.SaveWeights(folder.At("w.safetensors"));
        var random = new Random(6);
        string[] colours = ["red", "blue", "green"];
        folder.Write("people.csv", "name,age,income,colour\n" + string.Concat(Enumerable.Range(0, 1000).Select(i =>
            FormattableString.Invariant(
                $"p{i},{(i % 100 == 7 ? "" : random.Next(90))},{random.NextDouble():r},{colours[random.Next(3)]}\n"))));
        return ["--weights", folder.At("w.safetensors"), "--input", folder.At("people.csv"), "--id", "name", "--target", "2",
            "--part-rows", "64", .. more];
    }

    private static byte[] Merged(TemporaryFolder folder, string parts, string result)
    {
        var (code, _, error) = Run("merge", "--out", folder.At(parts), "--result", folder.At(result));
        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder.At(parts)), Durable.IsTemporary);
        return File.ReadAllBytes(folder.At(result));
    }

    [Theory]
    [InlineData("parquet", "deeplift-rescale")]
    [InlineData("arrow", "integrated-gradients")]
    public void ShardsGiveTheBytesOfOneWorkerAndOfNone(string format, string method)
    {
        using var folder = new TemporaryFolder();
        var words = Files(folder, "--method", method, "--format", format);
        Assert.Equal(0, Run([.. words, "--out", folder.At("one")]).Code);
        var one = Merged(folder, "one", $"one.{format}");
        foreach (var shard in new[] { 3, 0, 4, 2, 1, 3 })
            Assert.Equal(0, Run([.. words, "--out", folder.At("five"), "--shard", $"{shard}/5"]).Code);
        Assert.Equal(one, Merged(folder, "five", $"five.{format}"));
        Assert.Equal(File.ReadAllBytes(folder.At($"one.{format}.json")), File.ReadAllBytes(folder.At($"five.{format}.json")));

        var net = PersonNet.Load(folder.At("w.safetensors"));
        using var rows = RowSource.Open(folder.At("people.csv"), net.Signature, new RowOptions { IdColumn = "name" });
        var question = Questions.Of(method, Target.Unit(2), null, 1, 50, 1);
        using (var to = ScoreWriter.Create(folder.At($"none.{format}"), rows, question))
            net.Explain(rows, question, to);
        Assert.Equal(one, File.ReadAllBytes(folder.At($"none.{format}")));
    }

    [Fact]
    public void TheManifestCountsRowsGapsAndWhatCouldNotBeRead()
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = Run([.. Files(folder), "--out", folder.At("parts")]);
        Assert.Equal(0, code);
        var lines = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(16, lines.Count(line => line.GetProperty("event").GetString() == "part"));
        Assert.Equal(990, lines[^1].GetProperty("rows").GetInt64());
        Merged(folder, "parts", "r.parquet");
        using var manifest = JsonDocument.Parse(File.ReadAllText(folder.At("r.parquet.json")));
        var told = manifest.RootElement;
        Assert.Equal((990, 10), (told.GetProperty("rows").GetInt64(), told.GetProperty("unreadable").GetInt64()));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 100L * i + 7),
            told.GetProperty("unreadable rows").EnumerateArray().Select(row => row.GetProperty("row").GetInt64()));
        Assert.Equal(990, told.GetProperty("gaps up to 1e-8, 1e-7, ... 1, above").EnumerateArray().Sum(count => count.GetInt64()));
        Assert.InRange(told.GetProperty("largest gap").GetDouble(), 0, 1e-4);
        Assert.Equal(FileHash.Of(folder.At("w.safetensors")), told.GetProperty("job").GetProperty("weights hash").GetString());
        Assert.Equal(FileHash.Of(folder.At("r.parquet")), told.GetProperty("scores sha256").GetString());
        Assert.Equal(4, Run([.. Files(folder), "--out", folder.At("parts"), "--resume", "--fail-on-unreadable"]).Code);
    }

    /// <summary>Only what is damaged or missing is explained again: a cut part, a record that is none, one of other scores.</summary>
    [Fact]
    public void ResumingRepairsWhatIsNotFinished()
    {
        using var folder = new TemporaryFolder();
        string[] words = [.. Files(folder), "--out", folder.At("parts")];
        Assert.Equal(0, Run(words).Code);
        var whole = Merged(folder, "parts", "a.parquet");
        string Part(int part, string ending) => folder.At($"parts/part-{part:00000000}{ending}");
        File.WriteAllBytes(Part(3, ".parquet"), File.ReadAllBytes(Part(3, ".parquet"))[..^9]);
        File.WriteAllText(Part(5, ".json"), "{\"part\": 5");
        File.Delete(Part(7, ".json"));
        File.Delete(Part(8, ".parquet"));
        File.Copy(Part(1, ".json"), Part(9, ".json"), overwrite: true);
        folder.Write("parts/elsewhere-12-abc.tmp-part-00000004.parquet", "cut");
        var (code, _, error) = Run("merge", "--out", folder.At("parts"), "--result", folder.At("b.parquet"));
        Assert.Equal((3, "5 of 16 parts are not finished: 3, 5, 7-9. Run their workers again with --resume."), (code, error.TrimEnd()));
        Assert.False(File.Exists(folder.At("b.parquet")));
        var (again, output, _) = Run([.. words, "--resume"]);
        Assert.Equal(0, again);
        Assert.Equal(5, output.Split('\n').Count(line => line.Contains("\"resumed\":false", StringComparison.Ordinal)));
        File.Delete(folder.At("parts/elsewhere-12-abc.tmp-part-00000004.parquet"));
        Assert.Equal(whole, Merged(folder, "parts", "b.parquet"));
    }

    /// <summary>An edit in place, of the same length, amid a file longer than what job.json has a hash of.</summary>
    [Fact]
    public void AFileThatWasEditedIsExplainedAgain()
    {
        using var folder = new TemporaryFolder();
        Samples.SaveWeights(folder.At("w.safetensors"));
        const int Count = 1 << 16;
        var text = "age,income,colour,note\n" + string.Concat(Enumerable.Range(0, Count).Select(i =>
            $"{10 + i % 80},{i % 9}.5,red,{new string('x', 40)}\n"));
        folder.Write("people.csv", text);
        string[] words =
            ["--weights", folder.At("w.safetensors"), "--input", folder.At("people.csv"), "--target", "2", "--part-rows", "4096"];
        Assert.Equal(0, Run([.. words, "--out", folder.At("parts")]).Code);
        var edited = text.IndexOf(",red", text.Length / 2, StringComparison.Ordinal) - 1;
        folder.Write("people.csv", text[..edited] + "9" + text[(edited + 1)..]);
        var (code, output, _) = Run([.. words, "--out", folder.At("parts"), "--resume"]);
        Assert.Equal(0, code);
        Assert.Equal(1, output.Split('\n').Count(line => line.Contains("\"resumed\":false", StringComparison.Ordinal)));
        Assert.Equal(0, Run([.. words, "--out", folder.At("anew")]).Code);
        Assert.Equal(Merged(folder, "anew", "anew.parquet"), Merged(folder, "parts", "parts.parquet"));
        folder.Write("people.csv", "age,income,note,colour\n" + text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        Assert.NotEqual(0, Run([.. words, "--out", folder.At("parts"), "--resume"]).Code);
    }

    [Fact]
    public void AFolderOfAnotherJobIsRefusedAndLeftAsItIs()
    {
        using var folder = new TemporaryFolder();
        var words = Files(folder);
        Assert.Equal(0, Run([.. words, "--out", folder.At("parts")]).Code);
        var before = Directory.GetFiles(folder.At("parts")).ToDictionary(path => path, File.GetLastWriteTimeUtc);
        foreach (var (other, named) in new[]
        {
            (new[] { "--method", "gradient" }, "method"), (["--missing", "age=3"], "missing"),
            (["--threads", "2", "--others-as-none"], "others-as-none"),
        })
        {
            var (code, _, error) = Run([.. words, "--out", folder.At("parts"), .. other]);
            Assert.Equal(1, code);
            Assert.Contains($"another job, whose {named} is", error, StringComparison.Ordinal);
        }
        Assert.Equal(before, Directory.GetFiles(folder.At("parts")).ToDictionary(path => path, File.GetLastWriteTimeUtc));
    }

    /// <summary>Of the same name and shapes, but with another activation: neither does it add its parts, nor are they joined.</summary>
    [Fact]
    public void PartsOfAnotherNetworkAreNotMixedIn()
    {
        using var folder = new TemporaryFolder();
        var words = Files(folder);
        (int Code, string Error) Other(string parts)
        {
            using var error = new StringWriter();
            var code = Worker.Run([.. words, "--out", folder.At(parts)], OtherNets.PersonNet.Load, TextWriter.Null, error, false);
            return (code, error.ToString());
        }
        Assert.Equal(0, Run([.. words, "--out", folder.At("parts")]).Code);
        var (code, told) = Other("parts");
        Assert.Equal(1, code);
        Assert.Contains("another job, whose network hash is", told, StringComparison.Ordinal);
        Assert.Equal((0, ""), Other("other"));
        foreach (var part in new[] { "part-00000003", "part-00000004" })
        {
            foreach (var ending in new[] { ".parquet", ".json" })
                File.Copy(folder.At($"other/{part}{ending}"), folder.At($"parts/{part}{ending}"), overwrite: true);
        }
        var (merged, _, why) = Run("merge", "--out", folder.At("parts"), "--result", folder.At("r.parquet"));
        Assert.Equal((1, "2 of 16 parts are of another job than job.json says, of another network, weights, input or question: 3-4. "
            + "Nothing is joined."), (merged, why.TrimEnd()));
        Assert.False(File.Exists(folder.At("r.parquet")));
    }

    [Theory]
    [InlineData("--shard 5/5", 2, "--shard is")]
    [InlineData("--target x", 2, "--target is a unit")]
    [InlineData("--target 9", 2, "9")]
    [InlineData("--method shap", 2, "shap")]
    [InlineData("--part-rows 0", 2, "--part-rows is at least 1")]
    [InlineData("--missing height=1", 2, "height")]
    [InlineData("--out /dev/null/x", 1, "/dev/null")]
    [InlineData("--weights none.safetensors", 1, "none.safetensors")]
    [InlineData("--id nobody", 5, "nobody")]
    [InlineData("--colour red", 2, "--colour")]
    public void WrongWordsAreTold(string said, int expected, string told)
    {
        using var folder = new TemporaryFolder();
        var words = Files(folder).ToList();
        var own = said.Split(' ');
        if (words.IndexOf(own[0]) is >= 0 and var at)
            words.RemoveRange(at, 2);
        if (own[0] != "--out")
            words.AddRange(["--out", folder.At("parts")]);
        var (code, _, error) = Run([.. words, .. own]);
        Assert.Equal(expected, code);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(expected == 2 && Directory.Exists(folder.At("parts")));
    }

    /// <summary>Every process but one is alone: two writers of each part leave whole files, and the same.</summary>
    [Fact]
    public async Task TwoWritersOfOneShardLeaveTheSameFiles()
    {
        using var folder = new TemporaryFolder();
        string[] words = [.. Files(folder), "--out", folder.At("parts")];
        var codes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Run(words).Code)));
        Assert.Equal([0, 0, 0, 0], codes);
        Assert.Equal(0, Run([.. Files(folder), "--out", folder.At("one")]).Code);
        Assert.Equal(Merged(folder, "one", "one.parquet"), Merged(folder, "parts", "four.parquet"));
    }
}
