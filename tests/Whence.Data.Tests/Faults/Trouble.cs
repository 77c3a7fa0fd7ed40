using System.Diagnostics;

namespace Whence.Data.Tests.Faults;

/// <summary>A file of rows, what one undisturbed worker makes of it, and a folder for workers that are disturbed.</summary>
internal sealed class Trouble : IDisposable
{
    public const int Rows = 2000;

    private const int PartRows = 32;

    private readonly TemporaryFolder folder = new();
    private readonly string format;
    private readonly byte[] merged;
    private readonly string manifest;

    public Trouble(string format = "parquet")
    {
        this.format = format;
        Samples.SaveWeights(folder.At("w.safetensors"));
        using (var to = new StreamWriter(folder.At("people.csv")))
            People.Write(to, Rows);
        Words = ["--weights", folder.At("w.safetensors"), "--input", folder.At("people.csv"), "--id", "name", "--target", "2", "--method",
            "deeplift-rescale", "--part-rows", $"{PartRows}", "--format", format];
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, WorkerProcess.Run([.. Words, "--out", folder.At("truth")]).Code);
        Lasts = watch.Elapsed;
        (merged, manifest) = Merge("truth");
        Parts = Finished("truth").Count;
        Assert.Equal((Rows + PartRows - 1) / PartRows, Parts);
    }

    /// <summary>What a worker is asked, but for its folder.</summary>
    public string[] Words { get; }

    /// <summary>How long it took, undisturbed.</summary>
    public TimeSpan Lasts { get; }

    public int Parts { get; }

    public string At(string name) => folder.At(name);

    public Ended Run(string parts, params string[] more) => WorkerProcess.Run([.. Words, "--out", folder.At(parts), .. more]);

    public WorkerProcess Start(string parts, params string[] more) =>
        WorkerProcess.Start([.. Words, "--out", folder.At(parts), "--resume", .. more]);

    /// <summary>The parts that have a record of their scores; all of them are checked to be the undisturbed worker's.</summary>
    public HashSet<long> Finished(string parts)
    {
        var path = folder.At(parts);
        if (!File.Exists(Path.Combine(path, Job.FileName)))
            return [];
        var job = Job.Read(path);
        var finished = new HashSet<long>();
        for (var part = 0L; part < job.Parts; part++)
        {
            var scores = PartRecord.ScoresPath(path, part, job.Format);
            if (File.Exists(scores))
                Assert.Equal(File.ReadAllBytes(PartRecord.ScoresPath(folder.At("truth"), part, job.Format)), File.ReadAllBytes(scores));
            if (PartRecord.Finished(path, part, job) is not null)
                finished.Add(part);
        }
        return finished;
    }

    /// <summary>What one undisturbed worker makes is what is there, and nothing else is.</summary>
    public void AssertWhole(string parts)
    {
        Assert.Equal(Parts, Finished(parts).Count);
        var (bytes, told) = Merge(parts);
        Assert.Equal(merged, bytes);
        Assert.Equal(manifest, told);
        Assert.Equal(Names("truth"), Names(parts));
    }

    private IEnumerable<string?> Names(string parts) => Directory.GetFiles(folder.At(parts)).Select(Path.GetFileName).Order();

    private (byte[] Bytes, string Manifest) Merge(string parts)
    {
        var result = folder.At($"{parts}-merged.{format}");
        var ended = WorkerProcess.Run(["merge", "--out", folder.At(parts), "--result", result]);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        return (File.ReadAllBytes(result), File.ReadAllText(result + ".json"));
    }

    public void Dispose() => folder.Dispose();
}
