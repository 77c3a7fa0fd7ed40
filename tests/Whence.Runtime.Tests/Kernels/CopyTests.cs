using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class CopyTests
{
    [Fact]
    public void BoxesAreCopiedAsByPlainLoops()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 500; trial++)
        {
            int[] extent = [1 + random.Next(3), 1 + random.Next(4), 1 + random.Next(4), 1 + random.Next(5)];
            var (from, to) = (Layout(extent, random), Layout(extent, random));
            if (random.Next(2) == 0)
                from[random.Next(4)] = 0;
            if (random.Next(3) == 0)
                from[3] = 0;
            var (rows, xOffset, yOffset) = (1 + random.Next(3), random.Next(3), random.Next(3));
            var (xRow, yRow) = (random.Next(2) == 0 ? 0 : Reach(extent, from), Reach(extent, to) + random.Next(2));
            var x = Data.Random(random, xOffset + (rows - 1) * xRow + Reach(extent, from));
            var y = new float[yOffset + (rows - 1) * yRow + Reach(extent, to)];
            var expected = (float[])y.Clone();
            for (var r = 0; r < rows; r++)
            {
                for (var a = 0; a < extent[0]; a++)
                {
                    for (var b = 0; b < extent[1]; b++)
                    {
                        for (var c = 0; c < extent[2]; c++)
                        {
                            for (var d = 0; d < extent[3]; d++)
                            {
                                expected[yOffset + r * yRow + a * to[0] + b * to[1] + c * to[2] + d * to[3]] =
                                    x[xOffset + r * xRow + a * from[0] + b * from[1] + c * from[2] + d * from[3]];
                            }
                        }
                    }
                }
            }
            Copy.Strided(x, xOffset, y, yOffset, rows, xRow, yRow, Strides(extent, from, to));
            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void ATransposeIsAPermutationOfSteps()
    {
        var y = new float[6];
        Copy.Strided([1, 2, 3, 4, 5, 6], 0, y, 0, 1, 6, 6, new Strides((1, 1, 3, 2), (0, 0, 1, 3), (0, 0, 2, 1)));
        Assert.Equal([1, 4, 2, 5, 3, 6], y);
    }

    [Fact]
    public void AnEmptyBoxCopiesNothing()
    {
        Copy.Strided([], 0, [], 0, 2, 0, 0, new Strides((1, 0, 3, 2), (0, 0, 1, 3), (0, 0, 2, 1)));
        Copy.Strided([], 0, [], 0, 0, 0, 0, new Strides((1, 1, 3, 2), (0, 0, 1, 3), (0, 0, 2, 1)));
    }

    [Fact]
    public void ABoxThatReachesOutsideIsRefused()
    {
        var strides = new Strides((1, 1, 3, 2), (0, 0, 2, 1), (0, 0, 2, 1));
        var (six, five) = (new float[6], new float[5]);
        Assert.Throws<ArgumentException>("x", () => Copy.Strided(five, 0, six, 0, 1, 0, 0, strides));
        Assert.Throws<ArgumentException>("y", () => Copy.Strided(six, 0, five, 0, 1, 0, 0, strides));
        Assert.Throws<ArgumentException>("x", () => Copy.Strided(six, 1, six, 0, 1, 0, 0, strides));
        Assert.Throws<ArgumentException>("y", () => Copy.Strided(six, 0, six, -1, 1, 0, 0, strides));
        Assert.Throws<ArgumentException>("y", () => Copy.Strided(six, 0, six, 0, 2, 0, 6, strides));
        Assert.Throws<ArgumentException>("x", () => Copy.Strided(six, 5, six, 0, 1, 0, 0, strides with { From = (0, 0, -2, 1) }));
        Assert.Throws<ArgumentException>("s", () => Copy.Strided(six, 0, six, 0, 1, 0, 0, strides with { Extent = (1, 1, -3, 2) }));
    }

    [Fact]
    public void AddingIsElementwise()
    {
        var random = new Random(2);
        foreach (var length in new[] { 0, 1, 7, 8, 33 })
        {
            var (x, y) = (Data.Random(random, length), Data.Random(random, length));
            var expected = x.Zip(y, (a, b) => a + b).ToArray();
            Copy.Add(x, y);
            Assert.Equal(expected, y);
        }
        Assert.Throws<ArgumentException>("x", () => Copy.Add(new float[2], new float[3]));
    }

    [Fact]
    public void FillingReachesEveryPlace()
    {
        var y = new float[37];
        Copy.Fill(y, 2.5f);
        Assert.All(y, value => Assert.Equal(2.5f, value));
    }

    [Fact]
    public void NothingIsAllocated()
    {
        var (x, y) = (new float[60], new float[60]);
        Data.AllocatesNothing(() =>
        {
            Copy.Strided(x, 0, y, 0, 1, 0, 0, new Strides((1, 3, 4, 5), (0, 1, 3, 12), (0, 20, 5, 1)));
            Copy.Add(x, y);
        });
    }

    private static Strides Strides(int[] e, int[] f, int[] t) =>
        new((e[0], e[1], e[2], e[3]), (f[0], f[1], f[2], f[3]), (t[0], t[1], t[2], t[3]));

    private static int Reach(int[] extent, int[] steps) => 1 + extent.Select((e, k) => (e - 1) * steps[k]).Sum();

    /// <summary>Steps of the box's axes laid out in some order, now and then with gaps.</summary>
    private static int[] Layout(int[] extent, Random random)
    {
        int[] order = [3, 2, 1, 0];
        if (random.Next(2) == 0)
            random.Shuffle(order);
        var steps = new int[4];
        var step = 1;
        foreach (var axis in order)
        {
            steps[axis] = step;
            step *= extent[axis] + random.Next(5) / 4;
        }
        return steps;
    }
}
