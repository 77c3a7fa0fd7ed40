using Xunit.Abstractions;

namespace Whence.Data.Tests.Faults;

/// <summary>Workers whose disk, clock or rows are not as they should be.</summary>
[Trait("Long", "data")]
public sealed class HinderedWorkers(ITestOutputHelper say)
{
    private const string NoSpace = "No space left on device";

    // A disk of a size of its own: a worker, a copy of what it left, more room, the worker again, what is there in the end.
    private const string OnASmallDisk = """
        worker=$1 disk=$2 size=$3 copy=$4
        shift 4
        mount -t tmpfs -o size="$size" none "$disk"
        code=0
        "$worker" "$@" --out "$disk" || code=$?
        cp -a "$disk" "$copy"
        echo "first $code"
        mount -o remount,size=64m "$disk"
        "$worker" "$@" --out "$disk" --resume
        cp -a "$disk" "$copy-more"
        """;

    [Theory]
    [InlineData("parquet", "200k")]
    [InlineData("parquet", "64k")]
    [InlineData("parquet", "4k")]
    [InlineData("arrow", "200k")]
    public void AFullDiskIsToldAndLeavesWhatWasFinished(string format, string size)
    {
        using var trouble = new Trouble(format: format);
        Directory.CreateDirectory(trouble.At("disk"));
        var ended = WorkerProcess.Script(OnASmallDisk, [trouble.At("disk"), size, trouble.At("copy"), .. trouble.Words]);
        Assert.Contains($"first {Worker.Failed}", ended.Output, StringComparison.Ordinal);
        Assert.Equal(0, ended.Code);
        var line = Assert.Single(ended.Error.TrimEnd().Split('\n'));
        Assert.Contains(NoSpace, line, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(trouble.At("copy")), Durable.IsTemporary);
        var finished = trouble.Finished("copy").Count;
        say.WriteLine($"{finished} of {trouble.Parts} parts fit: {line}");
        Assert.InRange(finished, size == "200k" ? 1 : 0, trouble.Parts - 1);
        Assert.Equal(trouble.Parts - finished, ended.Events("part").Count(part => !part.GetProperty("resumed").GetBoolean()) - finished);
        trouble.AssertWhole("copy-more");
    }

    /// <summary>A merge that does not fit leaves no result, and no half of one.</summary>
    [Fact]
    public void AMergeThatDoesNotFitLeavesNothing()
    {
        using var trouble = new Trouble();
        Directory.CreateDirectory(trouble.At("disk"));
        var ended = WorkerProcess.Script("""
            mount -t tmpfs -o size=16k none "$2"
            code=0
            "$1" merge --out "$3" --result "$2/r.parquet" || code=$?
            ls -A "$2"
            exit $code
            """, trouble.At("disk"), trouble.At("truth"));
        Assert.Equal((Worker.Failed, ""), (ended.Code, ended.Output));
        Assert.Contains(NoSpace, Assert.Single(ended.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>Nobody reads what it tells, or the disk with its log is full: one sentence, and the part is there.</summary>
    [Fact]
    public void ALogThatTakesNoMoreIsTold()
    {
        using var trouble = new Trouble();
        var ended = WorkerProcess.Script("\"$@\" >/dev/full", [.. trouble.Words, "--out", trouble.At("parts")]);
        Assert.Equal(Worker.Failed, ended.Code);
        Assert.Contains(NoSpace, Assert.Single(ended.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Single(trouble.Finished("parts"));
        Assert.Equal(Worker.Done, trouble.Run("parts", "--resume").Code);
        trouble.AssertWhole("parts");
    }

    /// <summary>Workers whose clocks are decades apart, and files whose times say nothing.</summary>
    [Fact]
    public void ClocksMayDiffer()
    {
        using var trouble = new Trouble();
        var library = Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", SearchOption.AllDirectories).First();
        var years = new HashSet<string>();
        foreach (var (shard, clock) in new[] { ("0/3", "-30y"), ("2/3", "+30y"), ("1/3", "@1970-01-02 00:00:00") })
        {
            var ended = WorkerProcess.Script($"""
                export LD_PRELOAD={library} FAKETIME='{clock}' FAKETIME_DONT_FAKE_MONOTONIC=1
                date +%Y
                exec "$@"
                """, [.. trouble.Words, "--out", trouble.At("parts"), "--shard", shard]);
            Assert.Equal((0, ""), (ended.Code, ended.Error));
            years.Add(ended.Output.Split('\n')[0]);
        }
        Assert.Equal(3, years.Count);
        var random = new Random(5);
        foreach (var path in Directory.GetFiles(trouble.At("parts")).Append(trouble.At("people.csv")))
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(random.Next(30000)));
        var told = trouble.Run("parts", "--resume").Events("part");
        Assert.Equal(trouble.Parts, told.Count(part => part.GetProperty("resumed").GetBoolean()));
        trouble.AssertWhole("parts");
    }

    /// <summary>A shard that is run twice, the second time with a worker of another number of threads.</summary>
    [Fact]
    public void AShardMayBeRunTwice()
    {
        using var trouble = new Trouble();
        foreach (var (shard, threads) in new[] { ("0/2", "1"), ("0/2", "3"), ("1/2", "2"), ("1/2", "1") })
            Assert.Equal(Worker.Done, trouble.Run("parts", "--shard", shard, "--threads", threads).Code);
        trouble.AssertWhole("parts");
    }

    /// <summary>Every hundredth row has no age: it is told with its number, and the others are explained.</summary>
    [Fact]
    public void RowsThatCannotBeReadAreCountedAndTheOthersGoOn()
    {
        using var trouble = new Trouble();
        Assert.Equal(Worker.Unreadable, trouble.Run("parts", "--fail-on-unreadable").Code);
        using var scores = ScoreTable.Open(trouble.At("truth-merged.parquet"));
        var there = scores.Batches().SelectMany(batch => batch.Rows.ToArray()).ToHashSet();
        Assert.Equal(Enumerable.Range(0, Trouble.Rows).Select(row => (long)row).Where(row => row % 100 != 7), there.Order());
        trouble.AssertWhole("parts");
    }
}
