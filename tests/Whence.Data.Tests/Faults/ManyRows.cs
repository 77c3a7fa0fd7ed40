using System.Globalization;
using Xunit.Abstractions;

namespace Whence.Data.Tests.Faults;

/// <summary>
/// Memory does not grow with the file. A million rows; ten million, a minute or two, are
/// <c>WHENCE_LONG=1 WHENCE_ROWS=10000000 dotnet test tests/Whence.Data.Tests --filter ManyRows --logger "console;verbosity=detailed"</c>.
/// </summary>
[Trait("Long", "data")]
public sealed class ManyRows(ITestOutputHelper say)
{
    // The collector gives up where live objects take more; a tenth of the rows' scores would.
    private const long HeapLimit = 160 << 20;

    private static readonly int count = int.Parse(Environment.GetEnvironmentVariable("WHENCE_ROWS") ?? "1000000",
        CultureInfo.InvariantCulture);

    [Fact]
    public void TakeNoMoreMemoryThanFew()
    {
        using var folder = new TemporaryFolder();
        Samples.SaveWeights(folder.At("w.safetensors"));
        var few = Peak(folder, count / 10);
        var many = Peak(folder, count);
        say.WriteLine($"peak of {count / 10} rows {few >> 20} MB, of {count} rows {many >> 20} MB");
        Assert.InRange(many, 1, few + (64 << 20));
    }

    private long Peak(TemporaryFolder folder, int rows)
    {
        using (var to = new StreamWriter(folder.At("people.csv")))
            People.Write(to, rows);
        var (parts, result) = (folder.At($"parts{rows}"), folder.At($"r{rows}.parquet"));
        var limit = ("DOTNET_GCHeapHardLimit", HeapLimit.ToString("x", CultureInfo.InvariantCulture));
        var ended = WorkerProcess.Run(["--weights", folder.At("w.safetensors"), "--input", folder.At("people.csv"), "--id", "name",
            "--target", "2", "--out", parts], limit);
        Assert.Equal((Worker.Done, ""), (ended.Code, ended.Error));
        var end = Assert.Single(ended.Events("done"));
        Assert.Equal(rows / 100, end.GetProperty("unreadable").GetInt64());
        Assert.Equal(rows - rows / 100, end.GetProperty("rows").GetInt64());
        Assert.Equal((Worker.Done, ""), Short(WorkerProcess.Run(["merge", "--out", parts, "--result", result], limit)));
        using var merged = ScoreTable.Open(result);
        Assert.Equal(rows - rows / 100, merged.Count);
        say.WriteLine($"{rows} rows: {end.GetProperty("seconds")} s, {new FileInfo(folder.At("people.csv")).Length >> 20} MB in, "
            + $"{new FileInfo(result).Length >> 20} MB out");
        return end.GetProperty("peakBytes").GetInt64();
    }

    private static (int, string) Short(Ended ended) => (ended.Code, ended.Error);
}
