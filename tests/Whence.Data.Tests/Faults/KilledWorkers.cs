using Xunit.Abstractions;

namespace Whence.Data.Tests.Faults;

/// <summary>Workers that are ended from without, at any moment.</summary>
[Trait("Long", "data")]
public sealed class KilledWorkers(ITestOutputHelper say)
{
    private const int Times = 40;

    /// <summary>
    /// After each kill what was finished before is finished still, and what has its final name is right; the next worker goes on.
    /// </summary>
    [Theory]
    [InlineData("parquet", 1)]
    [InlineData("arrow", 2)]
    public void AKillLosesNoFinishedPartAndLeavesNoWrongOne(string format, int seed)
    {
        using var trouble = new Trouble(format: format);
        var random = new Random(seed);
        var (kept, finished, killed, rounds) = (0, new HashSet<long>(), 0, 0);
        for (var time = 0; time < Times; time++)
        {
            using var worker = trouble.Start($"parts{rounds}");
            // At any moment, or at any moment of its work.
            if (time % 2 == 0)
                Thread.Sleep(trouble.Lasts * random.NextDouble());
            else
                worker.AwaitParts(random.Next(1, trouble.Parts / 4));
            worker.Kill();
            var ended = worker.End();
            killed += ended.Code == Ended.Killed ? 1 : 0;
            var now = trouble.Finished($"parts{rounds}");
            Assert.Superset(finished, now);
            kept += finished.Count;
            finished = now;
            if (finished.Count < trouble.Parts)
                continue;
            Assert.Equal(0, trouble.Run($"parts{rounds}", "--resume").Code);
            trouble.AssertWhole($"parts{rounds++}");
            finished = [];
        }
        Assert.Equal(0, trouble.Run($"parts{rounds}", "--resume").Code);
        trouble.AssertWhole($"parts{rounds}");
        say.WriteLine($"{killed} of {Times} workers killed before their end, {trouble.Parts} parts each, {rounds + 1} folders finished, "
            + $"{kept} parts found finished by those that went on");
        Assert.InRange(killed, Times / 4, Times);
        Assert.NotEqual(0, kept);
    }

    /// <summary>However often it is told, and whether by SIGTERM or by Ctrl+C.</summary>
    [Theory]
    [InlineData("TERM", 3)]
    [InlineData("INT", 4)]
    public void ASignalLetsThePartInHandBeFinished(string signal, int seed)
    {
        using var trouble = new Trouble();
        var random = new Random(seed);
        var stopped = 0;
        // On a machine with much to do the signal may come when all is done: then it is tried again.
        for (var time = 0; time < 6 || stopped == 0 && time < 60; time++)
        {
            var parts = $"parts{time}";
            using var worker = trouble.Start(parts);
            worker.AwaitParts(time < 6 ? random.Next(1, trouble.Parts / 2) : 1);
            worker.Signal(signal);
            worker.Signal(signal);
            var ended = worker.End();
            Assert.Equal("", ended.Error);
            Assert.Equal(trouble.Finished(parts).Count, ended.Events("part").Count);
            Assert.DoesNotContain(Directory.EnumerateFiles(trouble.At(parts)), Durable.IsTemporary);
            if (ended.Events("done").Count > 0)
                continue;
            stopped++;
            Assert.Equal(Worker.Unfinished, ended.Code);
            Assert.Equal(ended.Events("part").Count, Assert.Single(ended.Events("stopped")).GetProperty("parts").GetInt32());
            Assert.Equal(Worker.Done, trouble.Run(parts, "--resume").Code);
            trouble.AssertWhole(parts);
        }
        Assert.NotEqual(0, stopped);
    }

    /// <summary>Several workers of one shard, of which some are killed and run again, at once.</summary>
    [Fact]
    public async Task WritersOfOneShardDoNotDisturbEachOther()
    {
        using var trouble = new Trouble();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            var random = new Random(writer);
            for (var time = 0; time < 4 && writer > 0; time++)
            {
                using var worker = trouble.Start("parts");
                Thread.Sleep(trouble.Lasts * random.NextDouble());
                worker.Kill();
                worker.End();
            }
            // Without --resume: it writes every part anew, also those that others have finished.
            return trouble.Run("parts");
        }));
        foreach (var ended in await Task.WhenAll(writers))
            Assert.Equal((Worker.Done, ""), (ended.Code, ended.Error));
        Assert.Equal(Worker.Done, trouble.Run("parts", "--resume").Code);
        trouble.AssertWhole("parts");
    }
}
