using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class MaxPathTests
{
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 2, 1 }, { 3, 4 }, { 5, 19 }, { 2, 64 }, { 8, 33 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SharesAreThoseOfAWalkInSmallSteps(int pieces, int channels)
    {
        const int Steps = 4000;
        var (m, x, x0, found) = Draw(pieces, channels, 3);
        var expected = new double[x.Length];
        for (var o = 0; o < 2 * channels; o++)
        {
            var places = Enumerable.Range(0, pieces).Select(k => (o / channels * pieces + k) * channels + o % channels).ToArray();
            for (var step = 0; step < Steps; step++)
                expected[places.MaxBy(p => x0[p] + (step + 0.5) / Steps * ((double)x[p] - x0[p]))] += (double)m[o] / Steps;
        }
        for (var i = 0; i < x.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= 2e-3, $"{i}: expected {expected[i]}, found {found[i]}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ContributionsSumToTheMoveOfTheMaximum(int pieces, int channels)
    {
        for (var seed = 4; seed < 30; seed++)
        {
            var (m, x, x0, found) = Draw(pieces, channels, seed);
            for (var o = 0; o < 2 * channels; o++)
            {
                var places = Enumerable.Range(0, pieces).Select(k => (o / channels * pieces + k) * channels + o % channels).ToArray();
                var move = m[o] * ((double)places.Max(p => x[p]) - places.Max(p => x0[p]));
                Assert.Equal(move, places.Sum(p => found[p] * ((double)x[p] - x0[p])), 1e-5);
            }
        }
    }

    [Fact]
    public void WhereNothingMovesTheFirstOfTheLargestHasAll()
    {
        float[] x = [1, 3, 3, 2];
        var found = new float[4];
        Pool.MaxPath([5f], x, new Operand(x, 0), found, 1, new Window { Width = 4, KernelWidth = 4 });
        Assert.Equal([0, 5, 0, 0], found);
    }

    private static (float[] M, float[] X, float[] X0, float[] Found) Draw(int pieces, int channels, int seed)
    {
        var random = new Random(seed);
        var (m, x, x0) =
            (Data.Random(random, 2 * channels), Data.Random(random, 2 * pieces * channels), Data.Random(random, 2 * pieces * channels));
        var found = new float[x.Length];
        Pool.MaxPath(m, x, new Operand(x0, pieces * channels), found, 2,
            new Window { Channels = channels, Width = pieces, KernelWidth = pieces });
        return (m, x, x0, found);
    }
}
