namespace Whence.Extensions.Tests;

/// <summary>What is held after many requests; alone, since the memory of a process is that of all its tests.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    private static void Configure(NetworkOptions<TableNet> options) =>
        (options.Method, options.Reference, options.MaxBatchRows, options.Workers) = (Methods.Rescale, Services.Row(-1), 256, 2);

    private static async Task<Attribution[]> Ask(NetworkService<TableNet> service, int from, int count, CancellationToken cancellation) =>
        await Task.WhenAll(Enumerable.Range(from, count).Select(seed =>
            Task.Run(async () => await service.ExplainAsync(Services.Row(seed), Target.Unit(0), cancellation))));

    [Fact]
    public async Task AnswersOfABatchHoldNothingOfTheirNeighbours()
    {
        await using var services = Services.Of(TableNet.Load, Configure);
        var kept = new List<Attribution>();
        for (var warm = 0; warm < 5; warm++)
            await Ask(services.Table(), 0, 256, default);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var batch = 0; batch < 200; batch++)
            kept.Add((await Ask(services.Table(), batch * 256, 256, default))[batch]);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        // An answer is under 1,000 bytes; one that held on to its batch would be up to 256 of them.
        Assert.InRange(grown, long.MinValue, 200 * 10_000);
        GC.KeepAlive(kept);
    }

    [Fact]
    public async Task NothingGrowsWithTheNumberOfRequests()
    {
        await using var services = Services.Of(TableNet.Load, Configure);
        // One token for all: what is registered with it must be taken back.
        using var never = new CancellationTokenSource();
        for (var warm = 0; warm < 10; warm++)
            await Ask(services.Table(), 0, 1000, never.Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 40; round++)
            await Ask(services.Table(), 0, 1000, never.Token);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        // Fifty bytes a request.
        Assert.InRange(grown, long.MinValue, 2_000_000);
        Assert.Equal(0, services.Table().WaitingRows);
    }
}
