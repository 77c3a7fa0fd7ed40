using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Whence.Extensions;

namespace Whence.Benchmarks;

/// <summary>
/// Callers of a service at once, each computing its own row, beside callers whose rows wait and are computed together: both of this build,
/// in turn, in this process. A caller asks again when it is answered, behind those who came before it.
/// </summary>
internal static class Queue
{
    private const int BatchRows = 32;
    private const double RoundMicroseconds = 60_000;
    private const double Seconds = 2;

    private static readonly int[] callers = [1, 8, 64, 512];

    /// <summary>The ratios as Markdown; over 1 where rows that wait together take less of the processor.</summary>
    public static async IAsyncEnumerable<string> Table()
    {
        yield return "| network | question | callers | processor, alone : queued | ratio | slowest hundredth waits, alone : queued |";
        yield return "| --- | --- | --: | --: | --: | --: |";
        foreach (var of in new Func<IAsyncEnumerable<string>>[]
        {
            () => Lines(Subject.Tabular, TabularMlp.Load), () => Lines(Subject.Mnist, MnistCnn.Load),
            () => Lines(Subject.Genomics, GenomicsCnn.Load), () => Lines(Subject.LanguageModel, LstmLm.Load),
            () => Lines(Subject.Residual, ResNet18.Load),
        })
        {
            await foreach (var line in of())
                yield return line;
        }
    }

    private static async IAsyncEnumerable<string> Lines<TNet>(string name, Func<Weights, TNet> load) where TNet : class, INetwork
    {
        await using var alone = Services(name, load, 1);
        await using var queued = Services(name, load, BatchRows);
        var sides = (One: alone.GetRequiredService<NetworkService<TNet>>(), Other: queued.GetRequiredService<NetworkService<TNet>>());
        var rows = Rows(name, sides.One.Network.Signature.InputSize);
        foreach (var explains in new[] { false, true })
        {
            var (cost, asked) = (await CostOf(sides.One, rows, explains), explains ? "Rescale" : "predict");
            // A round of a large network is as long as its callers are many.
            foreach (var count in callers.Where(count => count * cost < 50 * RoundMicroseconds))
                yield return await Line($"| {name} | {asked} | {count} |", sides, rows, explains, count, cost);
        }
    }

    private static ServiceProvider Services<TNet>(string name, Func<Weights, TNet> load, int batchRows) where TNet : class, INetwork
    {
        var services = new ServiceCollection();
        services.AddNetwork(load, options =>
        {
            options.OpenWeights = () => Subject.Weights(name);
            (options.Method, options.MaxBatchRows, options.GapTolerance) = (Methods.Rescale, batchRows, null);
        });
        return services.BuildServiceProvider();
    }

    private static float[][] Rows(string name, int size) =>
        [.. Subject.Load(name).Inputs(64).Chunk(size)];

    private static async Task<double> CostOf<TNet>(NetworkService<TNet> service, float[][] rows, bool explains) where TNet : class, INetwork
    {
        var (asked, clock) = (0, Stopwatch.StartNew());
        var fastest = double.MaxValue;
        while (clock.Elapsed.TotalSeconds < 1 || asked < 3)
        {
            var start = Stopwatch.GetTimestamp();
            await Ask(service, rows[asked++ % rows.Length], explains);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        return fastest;
    }

    private static async Task<string> Line<TNet>(string begin, (NetworkService<TNet> One, NetworkService<TNet> Other) sides, float[][] rows,
        bool explains, int count, double cost) where TNet : class, INetwork
    {
        var each = (int)Math.Clamp(RoundMicroseconds / cost / count, 1, 5000);
        var (alone, queued) = (new List<Round>(), new List<Round>());
        await Ask(sides.Other, rows, explains, count, each);
        for (var clock = Stopwatch.StartNew(); alone.Count < 3 || clock.Elapsed.TotalSeconds < Seconds;)
        {
            alone.Add(await Ask(sides.One, rows, explains, count, each));
            queued.Add(await Ask(sides.Other, rows, explains, count, each));
        }
        var ratio = PairedRatio.Of([.. alone.Select(round => round.Processor)], [.. queued.Select(round => round.Processor)]);
        return $"{begin} {Median(alone, round => round.Processor)} : {Median(queued, round => round.Processor)} | "
            + $"**{ratio.Median:0.00}** ({ratio.Low:0.00} to {ratio.High:0.00}) | "
            + $"{Median(alone, round => round.Slowest)} : {Median(queued, round => round.Slowest)} |";
    }

    private static string Median(List<Round> rounds, Func<Round, double> of) =>
        Comparison.Text(rounds.Select(of).Order().ElementAt(rounds.Count / 2));

    /// <summary>Microseconds of the processor for a row, and those that one row in a hundred waits at least.</summary>
    private readonly record struct Round(double Processor, double Slowest);

    private static async Task<Round> Ask<TNet>(NetworkService<TNet> service, float[][] rows, bool explains, int count, int each)
        where TNet : class, INetwork
    {
        var waits = new double[count * each];
        var before = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(Enumerable.Range(0, count).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                // As a request is: behind others, on any thread.
                var start = Stopwatch.GetTimestamp();
                await Task.Yield();
                await Ask(service, rows[(caller + i) % rows.Length], explains);
                waits[caller * each + i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        })));
        var processor = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / waits.Length;
        Array.Sort(waits);
        return new(processor, waits[waits.Length * 99 / 100]);
    }

    private static async Task Ask<TNet>(NetworkService<TNet> service, float[] row, bool explains) where TNet : class, INetwork
    {
        if (explains)
            await service.ExplainAsync(row, Target.Unit(0));
        else
            await service.PredictAsync(row);
    }
}
