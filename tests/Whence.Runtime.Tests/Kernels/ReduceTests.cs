using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class ReduceTests
{
    public static TheoryData<int, int, int> Boxes => new()
    {
        { 1, 1, 1 }, { 1, 2, 1 }, { 2, 8, 1 }, { 1, 10, 1 }, { 3, 37, 1 }, { 1, 67, 1 }, { 1, 784, 1 }, { 1, 49, 64 }, { 2, 5, 3 },
        { 4, 3, 8 }, { 1, 6, 13 }, { 2, 7, 33 }, { 5, 1, 4 },
    };

    [Theory]
    [MemberData(nameof(Boxes))]
    public void ReductionsAreThoseOfPlainLoops(int outer, int axis, int inner)
    {
        var random = new Random(1);
        const int Rows = 3;
        var x = Data.Ties(random, Rows * outer * axis * inner);
        var m = Data.Random(random, Rows * outer * inner);
        var (sum, largest, back) = (new double[m.Length], new double[m.Length], new double[x.Length]);
        for (var o = 0; o < Rows * outer; o++)
        {
            for (var i = 0; i < inner; i++)
            {
                var places = Enumerable.Range(0, axis).Select(k => (o * axis + k) * inner + i).ToList();
                sum[o * inner + i] = 0.25 * places.Sum(p => (double)x[p]);
                largest[o * inner + i] = places.Max(p => x[p]);
                back[places.First(p => x[p] == largest[o * inner + i])] += m[o * inner + i];
            }
        }
        var (y, dx) = (new float[m.Length], Data.Random(random, x.Length));
        Reduce.Sum(x, y, Rows, outer, axis, inner, 0.25f);
        Data.Close(sum, y, "sum");
        Reduce.Max(x, y, Rows, outer, axis, inner);
        Data.Close(largest, y, "max");
        Reduce.MaxBack(m, x, dx, Rows, outer, axis, inner);
        Data.Close(back, dx, "max back");
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void MaxSplitIsThatOfAPoolOverTheWholeAxis(int outer, int axis, int inner)
    {
        var random = new Random(2);
        var size = outer * axis * inner;
        var (x, x0, m) = (Data.Ties(random, 2 * size), Data.Ties(random, size), Data.Random(random, 2 * outer * inner));
        var (found, expected) = (new float[2 * size], new float[2 * size]);
        Reduce.MaxSplit(m, x, new Operand(x0, 0), found, 2, outer, axis, inner);
        var window = new Window { Channels = inner, Height = outer, Width = axis, KernelWidth = axis };
        Pool.MaxSplit(m, x, new Operand(x0, 0), expected, 2, window);
        Assert.Equal(expected, found);
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void LogSumExpIsAccurateAtAnyHeight(int outer, int axis, int inner)
    {
        var random = new Random(3);
        foreach (var height in new[] { 0f, 1000, -1000, 5000, -5000 })
        {
            var x = Data.Random(random, outer * axis * inner).Select(v => v * 3 + height).ToArray();
            var expected = new double[outer * inner];
            for (var o = 0; o < outer; o++)
            {
                for (var i = 0; i < inner; i++)
                {
                    var values = Enumerable.Range(0, axis).Select(k => (double)x[(o * axis + k) * inner + i]).ToList();
                    var largest = values.Max();
                    expected[o * inner + i] = largest + Math.Log(values.Sum(v => Math.Exp(v - largest)));
                }
            }
            var y = new float[expected.Length];
            Reduce.LogSumExp(x, y, 1, outer, axis, inner);
            Data.Close(expected, y, $"at {height}");
        }
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void LogSoftmaxIsAsAccurateAtAnyHeight(int outer, int axis, int inner)
    {
        var random = new Random(3);
        foreach (var height in new[] { 0f, 1000, -1e6f, 1e7f, -1e8f })
        {
            // Saturated too: of a share near 1 the logarithm is small, and exact.
            var x = Data.Random(random, outer * axis * inner).Select(v => v * 20 + height).ToArray();
            var (y, expected) = (new float[x.Length], new double[x.Length]);
            for (var o = 0; o < outer * inner; o++)
            {
                var places = Enumerable.Range(0, axis).Select(k => (o / inner * axis + k) * inner + o % inner).ToList();
                var most = places.MaxBy(p => x[p]);
                var others = places.Where(p => p != most).Sum(p => Math.Exp((double)x[p] - x[most]));
                foreach (var p in places)
                    expected[p] = (double)x[p] - x[most] - DoubleMath.Log1p(others);
            }
            Reduce.LogSoftmax(x, y, 1, outer, axis, inner, float.NegativeInfinity);
            for (var i = 0; i < y.Length; i++)
                Assert.True(Math.Abs(y[i] - expected[i]) <= 2e-6 * Math.Abs(expected[i]) + 1e-30,
                    $"{y[i]:r} for {expected[i]:r} at {height}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    public void LogSoftmaxOfInfinitiesIsTheirLimit(int inner)
    {
        var (low, high, none) = (float.NegativeInfinity, float.PositiveInfinity, float.NaN);
        Assert.Equal((low, 0), Of(low, 5, low));
        Assert.Equal((none, none), Of(low, low, low));
        Assert.Equal((none, none), Of(high, 5, low) with { B = none });
        Assert.Equal((none, none), Of(none, 1, low));
        // Hidden, where nothing is above what there is at least.
        Assert.Equal((-9e29f, -9e29f), Of(-1e30f, -1e30f, -1e29f));
        Assert.Equal((low, low), Of(low, low, -1e29f));
        Assert.Equal((-1e30f, 0), Of(-1e30f, 3, -1e29f));

        (float A, float B) Of(float a, float b, float least)
        {
            var x = Enumerable.Repeat(a, inner).Concat(Enumerable.Repeat(b, inner)).ToArray();
            var y = new float[2 * inner];
            Reduce.LogSoftmax(x, y, 1, 1, 2, inner, least);
            Assert.All(y[..inner], value => Assert.Equal(y[0], value));
            Assert.All(y[inner..], value => Assert.Equal(y[inner], value));
            return (y[0], y[inner]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    public void LogSumExpOfInfinitiesIsTheirLimit(int inner)
    {
        var (low, high) = (float.NegativeInfinity, float.PositiveInfinity);
        Assert.Equal(low, Of(low, low));
        Assert.Equal(5, Of(low, 5));
        Assert.Equal(high, Of(high, 5));
        Assert.Equal(high, Of(high, low));
        Assert.True(float.IsNaN(Of(float.NaN, 1)));
        Assert.True(float.IsNaN(Of(1, float.NaN)));

        float Of(float a, float b)
        {
            var x = Enumerable.Repeat(a, inner).Concat(Enumerable.Repeat(b, inner)).ToArray();
            var y = new float[inner];
            Reduce.LogSumExp(x, y, 1, 1, 2, inner);
            Assert.All(y, value => Assert.Equal(y[0], value));
            return y[0];
        }
    }

    [Fact]
    public void TheMaximumKeepsNaN()
    {
        var y = new float[5];
        Reduce.Max([1, 2, 3, 4, 5, 6, 7, float.NaN, 9, 10], y, 1, 1, 2, 5);
        Assert.Equal([6, 7, float.NaN, 9, 10], y);
        Reduce.Max([1, float.NaN, 3, 4, 5], y, 1, 1, 5, 1);
        Assert.True(float.IsNaN(y[0]));
    }

    [Fact]
    public void LogSumExpKeepsANaNAtAnyPlace()
    {
        for (var place = 0; place < 67; place++)
        {
            var (x, y) = (new float[67], new float[1]);
            x[place] = float.NaN;
            Reduce.LogSumExp(x, y, 1, 1, 67, 1);
            Assert.True(float.IsNaN(y[0]));
        }
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void ARowsBitsDependNeitherOnItsPlaceNorOnTheBatch(int outer, int axis, int inner)
    {
        var random = new Random(4);
        var (size, reduced) = (outer * axis * inner, outer * inner);
        Data.RowsAreIndependent(random, size, reduced, (x, y, rows) => Reduce.Sum(x, y, rows, outer, axis, inner, 0.3f));
        Data.RowsAreIndependent(random, size, reduced, (x, y, rows) => Reduce.Max(x, y, rows, outer, axis, inner));
        Data.RowsAreIndependent(random, size, reduced, (x, y, rows) => Reduce.LogSumExp(x, y, rows, outer, axis, inner));
        Data.RowsAreIndependent(random, size, size,
            (x, y, rows) => Reduce.LogSoftmax(x, y, rows, outer, axis, inner, float.NegativeInfinity));
    }

    [Fact]
    public void WrongLengthsAreRefused()
    {
        var (x, y) = (new float[12], new float[4]);
        Assert.Throws<ArgumentException>("x", () => Reduce.Sum(x, y, 2, 2, 3, 2, 1));
        Assert.Throws<ArgumentException>("y", () => Reduce.Max(x, new float[3], 1, 2, 3, 2));
        Assert.Throws<ArgumentException>("m", () => Reduce.MaxBack(new float[3], x, x, 1, 2, 3, 2));
        Assert.Throws<ArgumentException>("dx", () => Reduce.MaxBack(y, x, y, 1, 2, 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>("axis", () => Reduce.LogSumExp(x, y, 1, 1, 0, 1));
    }

    [Fact]
    public void NothingIsAllocated()
    {
        var (x, y, dx) = (new float[2 * 5 * 19], new float[2 * 19], new float[2 * 5 * 19]);
        Data.AllocatesNothing(() =>
        {
            Reduce.Sum(x, y, 1, 2, 5, 19, 1);
            Reduce.Max(x, y, 1, 2, 5, 19);
            Reduce.MaxBack(y, x, dx, 1, 2, 5, 19);
            Reduce.LogSumExp(x, y, 1, 2, 5, 19);
            Reduce.LogSumExp(x, y, 2, 1, 95, 1);
        });
    }
}
