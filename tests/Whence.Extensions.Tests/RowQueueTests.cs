using System.Collections.Concurrent;

namespace Whence.Extensions.Tests;

/// <summary>Which rows are computed by whom, and when: with answers that wait until they are let through.</summary>
public sealed class RowQueueTests
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    /// <summary>Answers a row by its first number. A row of 13 throws, alone and together.</summary>
    private sealed class Doubling : IRowAnswers<float>
    {
        private readonly SemaphoreSlim through = new(0);

        /// <summary>The sizes of what was computed, 1 for a row by itself.</summary>
        public ConcurrentQueue<int> Sizes { get; } = new();

        public ConcurrentQueue<int> Failed { get; } = new();

        public bool IsOpen { get; init; }

        public void Let(int computations = 1) => through.Release(computations);

        public float Alone(ReadOnlySpan<float> x, Target target, CancellationToken cancellation)
        {
            Sizes.Enqueue(1);
            if (!IsOpen)
                Assert.True(through.Wait(patience, cancellation));
            return Answer(x[0]);
        }

        public float[] Together(IReadOnlyList<WaitingRow<float>> rows)
        {
            Sizes.Enqueue(rows.Count);
            if (!IsOpen)
                Assert.True(through.Wait(patience));
            return [.. rows.Select(row => Answer(row.X[0]))];
        }

        public void OneByOne(int rows, Exception error) => Failed.Enqueue(rows);

        private static float Answer(float x) => x == 13 ? throw new ArithmeticException("13") : 2 * x;
    }

    private static Task<float> Ask(RowQueue<float> queue, float x, CancellationToken cancellation = default) =>
        Task.Run(async () => await queue.Ask(new[] { x }, default, cancellation));

    private static async Task Until(Func<bool> isSo)
    {
        var end = DateTime.UtcNow + patience;
        while (!isSo())
        {
            Assert.True(DateTime.UtcNow < end, "It did not come to that.");
            await Task.Delay(1);
        }
    }

    /// <summary>A queue whose one worker computes a row of 1, until it is let through.</summary>
    private static async Task<(Doubling Answers, RowQueue<float> Queue, Task<float> First)> Busy(int batch, int room)
    {
        var answers = new Doubling();
        var queue = new RowQueue<float>(answers, 1, batch, room);
        var first = Ask(queue, 1);
        await Until(() => answers.Sizes.Count == 1);
        return (answers, queue, first);
    }

    [Fact]
    public async Task ARowOfNobodyElseIsComputedByItsCaller()
    {
        var answers = new Doubling { IsOpen = true };
        var queue = new RowQueue<float>(answers, 1, 8, 8);
        var asked = queue.Ask(new[] { 3f }, default, default);
        Assert.True(asked.IsCompletedSuccessfully);
        Assert.Equal(6, await asked);
        Assert.Equal([1], answers.Sizes);
    }

    [Fact]
    public async Task RowsThatWaitAreComputedTogetherUpToABatch()
    {
        var (answers, queue, first) = await Busy(4, 100);
        var later = new List<Task<float>>();
        for (var i = 2; i <= 7; i++)
        {
            later.Add(Ask(queue, i));
            await Until(() => queue.Waiting == i - 1);
        }
        answers.Let(3);
        Assert.Equal(2, await first);
        var found = await Task.WhenAll(later);
        Assert.Equal([4f, 6, 8, 10, 12, 14], found);
        Assert.Equal([1, 4, 2], answers.Sizes);
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task ARowThatThrowsDoesNotHurtItsNeighbours()
    {
        var (answers, queue, first) = await Busy(8, 8);
        Task<float>[] later = [Ask(queue, 2), Ask(queue, 13), Ask(queue, 4)];
        await Until(() => queue.Waiting == 3);
        answers.Let(5);
        Assert.Equal(2, await first);
        Assert.Equal(4, await later[0]);
        Assert.Equal(8, await later[2]);
        Assert.Equal("13", (await Assert.ThrowsAsync<ArithmeticException>(() => later[1])).Message);
        Assert.Equal([1, 3, 1, 1, 1], answers.Sizes);
        Assert.Equal([3], answers.Failed);
    }

    [Fact]
    public async Task ACallersOwnRowThatThrowsFreesItsWorker()
    {
        var queue = new RowQueue<float>(new Doubling { IsOpen = true }, 1, 4, 4);
        await Assert.ThrowsAsync<ArithmeticException>(() => Ask(queue, 13));
        Assert.Equal(4, await Ask(queue, 2));
    }

    [Fact]
    public async Task NoMoreRowsWaitThanMay()
    {
        var (answers, queue, first) = await Busy(2, 2);
        Task<float>[] later = [Ask(queue, 2), Ask(queue, 3)];
        await Until(() => queue.Waiting == 2);
        var refused = await Assert.ThrowsAsync<NetworkBusyException>(() => Ask(queue, 4));
        Assert.Contains("2 rows wait", refused.Message);
        answers.Let(2);
        var found = await Task.WhenAll(later);
        Assert.Equal([4f, 6], found);
        answers.Let();
        Assert.Equal(8, await Ask(queue, 4));
        Assert.Equal(2, await first);
    }

    [Fact]
    public async Task ACancelledRowLeavesItsPlaceAtOnce()
    {
        var (answers, queue, first) = await Busy(4, 2);
        using var cancel = new CancellationTokenSource();
        var gone = Ask(queue, 2, cancel.Token);
        var stays = Ask(queue, 3);
        await Until(() => queue.Waiting == 2);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(1, queue.Waiting);
        answers.Let(2);
        Assert.Equal(6, await stays);
        await first;
        Assert.Equal([1, 1], answers.Sizes);
    }

    [Fact]
    public async Task ARowThatIsCancelledWhileItIsComputedLeavesTheOthersTheirAnswers()
    {
        var (answers, queue, first) = await Busy(4, 4);
        using var cancel = new CancellationTokenSource();
        var gone = Ask(queue, 2, cancel.Token);
        var stays = Ask(queue, 3);
        await Until(() => queue.Waiting == 2);
        answers.Let();
        await Until(() => answers.Sizes.Count == 2);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        answers.Let();
        Assert.Equal(6, await stays);
        Assert.Equal(2, await first);
    }

    [Fact]
    public async Task ARowCancelledBeforeItIsAskedIsNotAsked()
    {
        var answers = new Doubling { IsOpen = true };
        var queue = new RowQueue<float>(answers, 1, 4, 4);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await queue.Ask(new[] { 1f }, default, new CancellationToken(true)));
        Assert.Empty(answers.Sizes);
    }

    [Fact]
    public async Task DisposalRefusesWhoWaitsAndWaitsForWhoIsComputed()
    {
        var (answers, queue, first) = await Busy(4, 4);
        Task<float>[] waiting = [Ask(queue, 2), Ask(queue, 3)];
        await Until(() => queue.Waiting == 2);
        var disposed = queue.DisposeAsync().AsTask();
        foreach (var one in waiting)
            Assert.Contains("disposed of while the row waited", (await Assert.ThrowsAsync<ObjectDisposedException>(() => one)).Message);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Ask(queue, 4));
        Assert.False(disposed.IsCompleted);
        answers.Let();
        Assert.Equal(2, await first);
        await disposed.WaitAsync(patience);
        await queue.DisposeAsync();
    }

    [Fact]
    public async Task NoRowIsLostBetweenMany()
    {
        var queue = new RowQueue<float>(new Doubling { IsOpen = true }, 2, 16, 100_000);
        var asked = Enumerable.Range(100, 20_000).Select(i => Ask(queue, i)).ToArray();
        var answers = await Task.WhenAll(asked).WaitAsync(patience);
        Assert.Equal(Enumerable.Range(100, 20_000).Select(i => 2f * i), answers);
        Assert.Equal(0, queue.Waiting);
        await queue.DisposeAsync().AsTask().WaitAsync(patience);
    }
}
