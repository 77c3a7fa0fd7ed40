using System.Numerics;
using Whence.Evaluate;

namespace Whence.Runtime.Tests.Evaluating;

public sealed class GlobalScoresTests
{
    private const int Size = 3;

    private static float[] Scores(int rows, int seed = 1)
    {
        var random = new Random(seed);
        // Of sizes so different that a sum in double depends on the order.
        return [.. Enumerable.Range(0, rows * Size).Select(i => (float)((random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-30, 30))))];
    }

    private static GlobalScores Of(float[] scores, GlobalOptions? options = null)
    {
        var view = new GlobalScores(Size, options);
        view.Add(0, scores);
        return view;
    }

    [Fact]
    public void SumsAreRoundedOnce()
    {
        var scores = Scores(1000);
        scores[0] = float.MaxValue;
        scores[Size] = -float.MaxValue;
        scores[2 * Size] = float.Epsilon;
        var found = Of(scores).Summarise();
        for (var i = 0; i < Size; i++)
        {
            var column = Enumerable.Range(0, 1000).Select(row => scores[row * Size + i]).ToList();
            Assert.Equal(Rounded(column.Select(Exact)) / 1000, found[i].Mean.Estimate);
            Assert.Equal(Rounded(column.Select(score => BigInteger.Abs(Exact(score)))) / 1000, found[i].MeanAbsolute.Estimate);
            Assert.Equal((column.Min(), column.Max()), (found[i].Least, found[i].Most));
        }
    }

    // In units of 2^-149, as whole numbers; parsed from all digits, which is rounded once.
    private static BigInteger Exact(float score)
    {
        var (bits, sign) = (BitConverter.SingleToUInt32Bits(Math.Abs(score)), Math.Sign(score));
        var (exponent, digits) = ((int)(bits >> 23), new BigInteger(bits & 0x7FFFFF));
        return sign * (exponent == 0 ? digits : (digits + 0x800000) << (exponent - 1));
    }

    private static double Rounded(IEnumerable<BigInteger> sums)
    {
        var sum = sums.Aggregate(BigInteger.Zero, (one, other) => one + other);
        return Math.ScaleB(double.Parse(sum.ToString()), -149);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 5)]
    [InlineData(256, 1000)]
    public void ShardsInAnyOrderMergeToTheSameBits(int parts, int rows)
    {
        var options = new GlobalOptions { Parts = parts, Seed = 3, Resamples = 50 };
        var scores = Scores(rows);
        var whole = Of(scores, options);

        var shards = new[] { 0, rows / 3, rows / 2, rows }.Distinct().ToArray();
        var merged = new GlobalScores(Size, options);
        foreach (var (from, to) in shards.Zip(shards.Skip(1)).Reverse())
        {
            var shard = new GlobalScores(Size, options);
            for (var row = to - 1; row >= from; row--)
                shard.Add(row, scores.AsSpan(row * Size, Size));
            using var file = new MemoryStream();
            shard.Save(file);
            file.Position = 0;
            merged.Merge(GlobalScores.Load(file));
            Assert.Equal(file.Length, file.Position);
        }
        Assert.Equal(whole.Summarise(), merged.Summarise());
        Assert.Equal(Bytes(whole), Bytes(merged));
        for (var share = 0.0; share <= 1; share += 0.125)
            Assert.Equal(whole.Quantile(1, share), merged.Quantile(1, share));
    }

    private static byte[] Bytes(GlobalScores view)
    {
        using var file = new MemoryStream();
        view.Save(file);
        return file.ToArray();
    }

    [Fact]
    public void QuantilesAreRightToHalfAPercent()
    {
        var scores = Scores(5000);
        var view = Of(scores);
        for (var i = 0; i < Size; i++)
        {
            var sorted = Enumerable.Range(0, 5000).Select(row => (double)scores[row * Size + i]).Order().ToArray();
            foreach (var share in new[] { 0, 0.01, 0.25, 0.5, 0.9, 0.999, 1 })
            {
                var exact = sorted[(int)(share * 4999)];
                Assert.InRange(view.Quantile(i, share), exact - 0.004 * Math.Abs(exact), exact + 0.004 * Math.Abs(exact));
            }
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(4000)]
    public void IntervalsHoldTheTrueMeanAsOftenAsTheyShould(int rows)
    {
        var (held, widths, random) = (0, 0.0, new Random(5));
        for (var trial = 0; trial < 200; trial++)
        {
            var view = new GlobalScores(1, new GlobalOptions { Resamples = 200, Quantiles = false, Seed = (ulong)trial });
            for (var row = 0; row < rows; row++)
                view.Add(row, [(float)(random.NextDouble() + random.NextDouble() - 0.5)]);
            var mean = view.Summarise()[0].Mean;
            held += mean.Low <= 0.5 && 0.5 <= mean.High ? 1 : 0;
            widths += mean.High - mean.Low;
        }
        Assert.InRange(held, 180, 200);
        // 1.96 deviations of the mean to both sides.
        var exact = 2 * 1.96 * Math.Sqrt(1 / 6.0 / rows);
        Assert.InRange(widths / 200, 0.9 * exact, 1.1 * exact);
    }

    // The ordinary bootstrap, row by row: what one pass over parts stands for.
    [Fact]
    public void IntervalsAreThoseOfResampledRows()
    {
        const int rows = 600;
        var random = new Random(9);
        var scores = new float[2 * rows];
        for (var row = 0; row < rows; row++)
            (scores[2 * row], scores[2 * row + 1]) = ((float)-Math.Log(1 - random.NextDouble()), (float)(random.NextDouble() * 3 - 1));
        var view = new GlobalScores(2, new GlobalOptions { Parts = 1 << 16, Resamples = 4000, Quantiles = false });
        view.Add(0, scores);
        var found = view.Summarise();
        for (var i = 0; i < 2; i++)
        {
            foreach (var (interval, of) in
                new[] { (found[i].Mean, (Func<float, float>)(score => score)), (found[i].MeanAbsolute, Math.Abs) })
            {
                var means = new double[4000];
                for (var resample = 0; resample < means.Length; resample++)
                {
                    for (var draw = 0; draw < rows; draw++)
                        means[resample] += of(scores[2 * random.Next(rows) + i]) / rows;
                }
                Array.Sort(means);
                var (low, high) = (means[100], means[3899]);
                Assert.InRange(interval.Low, low - 0.06 * (high - low), low + 0.06 * (high - low));
                Assert.InRange(interval.High, high - 0.06 * (high - low), high + 0.06 * (high - low));
            }
        }
    }

    [Fact]
    public void WhatCannotBeSummedUpIsSaid()
    {
        var view = new GlobalScores(2);
        Assert.Contains("No row", Assert.Throws<InvalidOperationException>(() => view.Summarise()).Message);
        Assert.Contains("no whole rows", Assert.Throws<ArgumentException>(() => view.Add(0, [1, 2, 3])).Message);
        Assert.Contains("element 1 of row 8 is NaN", Assert.Throws<ArgumentException>(() => view.Add(7, [1, 2, 3, float.NaN])).Message);
        Assert.Equal(0, view.Rows);
        Assert.Contains("same options", Assert.Throws<ArgumentException>(() => view.Merge(new GlobalScores(2,
            new() { Seed = 1 }))).Message);
        Assert.Contains("they are one view", Assert.Throws<ArgumentException>(() => view.Merge(view)).Message);
        Assert.Contains("Parts is 0", Assert.Throws<ArgumentException>(() => new GlobalScores(2, new() { Parts = 0 })).Message);
        view.Add(0, [1, 2]);
        var bytes = Bytes(view);
        for (var length = 0; length < bytes.Length; length += 1 + length / 9)
            Assert.Throws<InvalidDataException>(() => GlobalScores.Load(new MemoryStream(bytes, 0, length)));
    }

    [Fact]
    public void ASampleIsTheSameWhateverTheShards()
    {
        const int rows = 500;
        var scores = Scores(rows);
        var (whole, merged) = (new RowSample(40, 9), new RowSample(40, 9));
        for (var row = 0; row < rows; row++)
            whole.Add(row, scores.AsSpan(row * Size, Size), [row, 0, 0], row);
        for (var shard = 0; shard < 4; shard++)
        {
            var part = new RowSample(40, 9);
            for (var row = rows - 1 - shard; row >= 0; row -= 4)
                part.Add(row, scores.AsSpan(row * Size, Size), [row, 0, 0], row);
            merged.Merge(part);
        }
        Assert.Equal(40, whole.Rows.Count);
        Assert.Equal(whole.Rows.Select(row => (row.Row, row.Output)), merged.Rows.Select(row => (row.Row, row.Output)));
        Assert.All(merged.Rows, row => Assert.Equal(scores.AsSpan((int)row.Row * Size, Size), row.Scores.Span));
        Assert.All(merged.Rows, row => Assert.Equal(row.Row, row.Values.Span[0]));
        // Each row as likely as another: the mean index of 40 of 500 lies within 4 deviations of the middle.
        Assert.InRange(whole.Rows.Average(row => row.Row), 250 - 92, 250 + 92);
    }

    [Fact]
    public void StabilityCountsSignsRanksAndTheStrongest()
    {
        var whole = new ReferenceStability(3, 2, top: 1);
        whole.Add([3, -1, 0, 2, 1, 0]);
        whole.Add([1, -2, 0, 4, -1, 0.5f]);
        var found = whole.Summarise();
        Assert.Equal((2, 2), (found.Rows, found.References));
        Assert.Equal([1, 0.5, 1], found.Elements.Select(one => one.SameSign));
        // The strongest are 0 and 0, then 1 and 0.
        Assert.Equal(0.5, found.TopOverlap);
        // Means of sizes 2, 1.5, 0 and 3, 1, 0.25: in the same order.
        Assert.Equal(1, found.RankCorrelation, 15);
        Assert.Equal((2, 3), (found.Elements[0].LeastMeanAbsolute, found.Elements[0].MostMeanAbsolute));

        var (merged, second) = (new ReferenceStability(3, 2, top: 1), new ReferenceStability(3, 2, top: 1));
        second.Add([3, -1, 0, 2, 1, 0]);
        merged.Add([1, -2, 0, 4, -1, 0.5f]);
        merged.Merge(second);
        Assert.Equal(found.Elements, merged.Summarise().Elements);
        Assert.Equal((found.RankCorrelation, found.TopOverlap), (merged.Summarise().RankCorrelation, merged.Summarise().TopOverlap));
    }
}
