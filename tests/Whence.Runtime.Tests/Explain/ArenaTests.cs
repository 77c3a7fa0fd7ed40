namespace Whence.Runtime.Tests.Explaining;

public class ArenaTests
{
    private static void Nest(int depth)
    {
        using var arena = Arena<double>.Enter();
        var first = arena.Take(100);
        first.Fill(depth);
        if (depth > 0)
            Nest(depth - 1);
        var second = arena.Take(1000 * (depth + 1));
        second.Fill(-depth);
        if (depth > 0)
            Nest(depth - 1);
        Assert.Equal(-1, first.IndexOfAnyExcept(depth));
        Assert.Equal(-1, second.IndexOfAnyExcept(-depth));
    }

    [Fact]
    public void PiecesKeepTheirValuesWhileOthersAreTaken() => Nest(5);

    [Fact]
    public void TheSecondTimeNothingIsAllocated()
    {
        var (first, then) = (0L, 0L);
        var thread = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Grow();
            first = GC.GetAllocatedBytesForCurrentThread() - before;
            then = Allocated.By(Grow);
        });
        thread.Start();
        thread.Join();
        Assert.True(first > 8 * 3600);
        Assert.Equal(0, then);
    }

    private static void Grow()
    {
        using var arena = Arena<double>.Enter();
        for (var size = 100; size <= 1600; size *= 2)
            arena.Take(size);
    }

    [Fact]
    public void ClearedPiecesAreZero()
    {
        using (var arena = Arena<double>.Enter())
            arena.Take(500).Fill(3);
        using var again = Arena<double>.Enter();
        Assert.Equal(-1, again.TakeClear(500).IndexOfAnyExcept(0));
    }

    // Once a piece is never given back, no block is ever large enough again.
    [Fact]
    public void ANetworkThatThrowsLeavesTheThreadsMemoryAsItWas()
    {
        var then = -1L;
        var net = new FunctionNet(2, x => x[0] > 0 ? throw new InvalidOperationException("The device is lost.") : 1, x => new double[2]);
        var thread = new Thread(() =>
        {
            Assert.Throws<InvalidOperationException>(() => Ask(net, [1, 1]));
            Grow();
            Ask(net, new double[400]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 2000; i++)
                Grow();
            then = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();
        Assert.InRange(then, 0, 100_000);
    }

    private static void Ask(FunctionNet net, double[] x) => SpanExplainers.IntegratedGradients<double>(
        net, x, x.Length / 2, Target.Unit(0), new double[2], new double[x.Length], new PathOptions { Steps = 4 });
}
