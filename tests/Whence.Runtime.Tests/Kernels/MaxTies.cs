using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

/// <summary>DeepLIFT's split of a maximum where several elements of a window are the largest, in the reference or in the input.</summary>
public sealed class MaxTies
{
    // A global maximum of three channels: the falling move is the winner's, as the gradient and integrated gradients have it.
    [Theory]
    [InlineData(new[] { -5f, -1, -3 }, new[] { 0f, 0, 0 }, new[] { 0f, 1, 0 })]
    [InlineData(new[] { 0f, 0, 0 }, new[] { -5f, -1, -3 }, new[] { 0f, 1, 0 })]
    [InlineData(new[] { 2f, 5, 3 }, new[] { 1f, 1, 1 }, new[] { 0f, 1, 0 })]
    [InlineData(new[] { 1f, 1, 1 }, new[] { 2f, 5, 3 }, new[] { 0f, 1, 0 })]
    // Neither winner is among the other's: each fall, and each rise, is that of the tied one that moves the least.
    [InlineData(new[] { -8f, -4, -2 }, new[] { 0f, 0, -3 }, new[] { 0f, 0.5f, 0 })]
    [InlineData(new[] { 0f, 0, -3 }, new[] { -8f, -4, -2 }, new[] { 0f, 0.5f, 0 })]
    // Nothing moves: the first of those that are the largest of both.
    [InlineData(new[] { 1f, 2, 2 }, new[] { 2f, 2, 2 }, new[] { 0f, 1, 0 })]
    [InlineData(new[] { 2f, 2, 2 }, new[] { 1f, 2, 2 }, new[] { 0f, 1, 0 })]
    [InlineData(new[] { 2f, 2, 2 }, new[] { 2f, 2, 2 }, new[] { 1f, 0, 0 })]
    public void TheOtherSideChooses(float[] x, float[] x0, float[] expected)
    {
        // As many channels as fill the widest vector, one narrower and some alone.
        foreach (var channels in new[] { 1, 3, 29 })
        {
            float[] Each(float[] values) => [.. values.SelectMany(value => Enumerable.Repeat(value, channels))];
            var m = new float[channels];
            Array.Fill(m, 1);
            var (pool, reduce) = (new float[3 * channels], new float[3 * channels]);
            Pool.MaxSplit(m, Each(x), new Operand(Each(x0), 0), pool, 1, new Window { Channels = channels, Width = 3, KernelWidth = 3 });
            Reduce.MaxSplit(m, Each(x), new Operand(Each(x0), 0), reduce, 1, 1, 3, channels);
            Assert.Equal(Each(expected), pool);
            Assert.Equal(Each(expected), reduce);
        }
    }

    [Fact]
    public void TheSplitIsCompleteAndTheAuthorsWhereTheirsIs()
    {
        var (random, same) = (new Random(8), 0);
        for (var i = 0; i < 2000; i++)
        {
            var length = random.Next(1, 7);
            var window = new Window { Width = length, KernelWidth = length };
            var (x, x0) = (Data.Ties(random, length), Data.Ties(random, length));
            var (split, authors) = (new float[length], new float[length]);
            Pool.MaxSplit([1], x, new Operand(x0, 0), split, 1, window);
            Pool.MaxBack([1], x, authors, 1, window);
            double Sum(float[] multipliers) => multipliers.Select((multiplier, k) => multiplier * ((double)x[k] - x0[k])).Sum();
            var moved = (double)x.Max() - x0.Max();
            Assert.Equal(moved, Sum(split), 1e-6);
            if (x.Distinct().Count() < length || Sum(authors) != moved || moved == 0)
                continue;
            Assert.Equal(authors, split);
            same++;
        }
        Assert.True(same > 100);
    }
}
