using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class NeighboursTests
{
    public static TheoryData<int, int, int, int> Windows => new()
    {
        { 1, 1, 0, 0 }, { 3, 5, 1, 1 }, { 2, 64, 2, 2 }, { 2, 67, 2, 1 }, { 3, 13, 0, 3 }, { 3, 13, 3, 0 }, { 2, 5, 8, 8 },
        { 1, 33, 40, 2 }, { 4, 192, 2, 2 },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void SumsAreThoseOfPlainLoops(int positions, int channels, int before, int after)
    {
        var random = new Random(1);
        const int Rows = 3;
        var x = Data.Random(random, Rows * positions * channels);
        var (expected, y) = (new double[x.Length], new float[x.Length]);
        for (var i = 0; i < x.Length; i++)
        {
            var (c, first) = (i % channels, i - i % channels);
            for (var j = Math.Max(0, c - before); j <= Math.Min(channels - 1, c + after); j++)
                expected[i] += x[first + j];
            expected[i] = 0.3 * expected[i] + 2;
        }
        Neighbours.Sum(x, y, Rows, positions, channels, before, after, 0.3f, 2);
        Data.Close(expected, y, "sum");
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void APlacesBitsDoNotDependOnItsNeighbours(int positions, int channels, int before, int after)
    {
        var random = new Random(2);
        var x = Data.Random(random, positions * channels);
        var (all, one) = (new float[x.Length], new float[channels]);
        Neighbours.Sum(x, all, 1, positions, channels, before, after, 0.3f, 2);
        for (var place = 0; place < positions; place++)
        {
            Neighbours.Sum(x.AsSpan(place * channels), one, 1, 1, channels, before, after, 0.3f, 2);
            Assert.Equal(one, all[(place * channels)..((place + 1) * channels)]);
        }
    }
}
