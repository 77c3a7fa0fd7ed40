namespace Whence.Runtime.Tests.Explaining;

public class DrawsTests
{
    [Fact]
    public void AreTheSameEverywhere()
    {
        // SplitMix64's own first numbers from state 0, as in its published code.
        var draws = new Draws(0, 0);
        Assert.Equal([0xE220A8397B1DCDAFUL, 0x6E789E6AA1B965F4UL, 0x06C45D188009454FUL], [draws.Next(), draws.Next(), draws.Next()]);
    }

    [Fact]
    public void NormalNumbersHaveTheirMoments()
    {
        var draws = new Draws(1, 2);
        double[] drawn = [.. Enumerable.Range(0, 200_000).Select(_ => draws.Normal())];
        Assert.InRange(drawn.Average(), -0.01, 0.01);
        Assert.InRange(drawn.Average(z => z * z), 0.98, 1.02);
        Assert.InRange(drawn.Average(z => z * z * z * z), 2.9, 3.1);
        Assert.InRange(drawn.Count(z => Math.Abs(z) < 1) / 200_000.0, 0.677, 0.689);
    }

    [Fact]
    public void EveryNumberBelowIsAsLikely()
    {
        var draws = new Draws(3, 4);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[draws.Below(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void OrdersArePermutationsAndStreamsDiffer()
    {
        var (one, other) = (new int[9], new int[9]);
        new Draws(5, 0).Permute(one);
        new Draws(5, 1).Permute(other);
        Assert.NotEqual(one, other);
        Assert.Equal(Enumerable.Range(0, 9), one.Order());
    }
}
