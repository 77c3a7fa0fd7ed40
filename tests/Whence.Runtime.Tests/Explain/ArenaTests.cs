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
}
