using Whence.Benchmarks;

namespace Whence.Trials.Tests;

/// <summary>
/// The statistics of <c>benchmarks -- compare --against</c>: what is slower is told from what the machine's noise makes of it.
/// </summary>
public class PairedRatioTests
{
    private static readonly double[] drift = [.. Enumerable.Range(0, 25).Select(i => 100 * Math.Exp(Math.Sin(i)))];

    [Fact]
    public void WhatSlowsBothOfAPairLeavesTheirRatio()
    {
        var ratio = PairedRatio.Of([.. drift.Select(time => 1.02 * time)], drift);
        Assert.Equal(1.02, ratio.Median, 1e-12);
        Assert.Equal(1.02, ratio.Low, 1e-12);
        Assert.Equal(1.02, ratio.High, 1e-12);
        Assert.True(ratio.IsSlower);
        Assert.False(ratio.IsTooSlow);
    }

    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 3.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 9 }, 3)]
    public void TheMedianIsTheMiddlemostOrTheMeanOfTwo(double[] ratios, double median) =>
        Assert.Equal(median, Of(ratios).Median);

    // Of 25 pairs, 5 lie below the true median or fewer with a probability of 68406 / 2^25 = 0.2 %, 6 or fewer with one of 0.7 %.
    [Theory]
    [InlineData(PairedRatio.LeastPairs, 1, 8)]
    [InlineData(10, 1, 10)]
    [InlineData(11, 1, 11)]
    [InlineData(12, 2, 11)]
    [InlineData(25, 6, 20)]
    [InlineData(100, 37, 64)]
    public void TheIntervalIsThatOfTheSignTest(int pairs, int low, int high)
    {
        var ratio = Of([.. Enumerable.Range(1, pairs).Select(i => (double)i)]);
        Assert.Equal((low, high, pairs), (ratio.Low, ratio.High, ratio.Pairs));
    }

    [Fact]
    public void TheIntervalMissesTheTrueMedianAsRarelyAsItSays()
    {
        const int Trials = 20_000;
        var random = new Random(3);
        var missed = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            // Cauchy, whose mean does not exist: the median is 1.
            var ratio = Of([.. Enumerable.Range(0, 25).Select(_ => 1 + Math.Tan(Math.PI * (random.NextDouble() - 0.5)))]);
            missed += ratio.Low > 1 || ratio.High < 1 ? 1 : 0;
        }
        // Exactly 2 * 68406 / 2^25 = 0.41 %.
        Assert.InRange((double)missed / Trials, 0.0025, 0.0057);
    }

    [Fact]
    public void WhatIsWithinItsSpreadIsNotSlowerUnlessByTooMuch()
    {
        double[] spread = [.. Enumerable.Range(0, 25).Select(i => 0.9 + 0.01 * i)];
        Assert.False(Of([.. spread.Select(ratio => ratio + 0.02)]).IsSlower);
        Assert.False(Of([.. spread.Select(ratio => ratio + 0.02)]).IsTooSlow);
        Assert.False(Of([.. spread.Select(ratio => ratio + 0.04)]).IsSlower);
        Assert.True(Of([.. spread.Select(ratio => ratio + 0.04)]).IsTooSlow);
        Assert.True(Of([.. spread.Select(ratio => ratio + 0.06)]).IsSlower);
    }

    [Fact]
    public void TimesWithoutAPartnerAreRefused()
    {
        Assert.Contains("2 and 1", Assert.Throws<ArgumentException>(() => PairedRatio.Of([1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PairedRatio.Of([], []));
        var many = new double[PairedRatio.MostPairs + 1];
        Assert.Throws<ArgumentException>(() => PairedRatio.Of(many, many));
    }

    [Fact]
    public void TheMostPairsHaveAnInterval()
    {
        var ratio = Of([.. Enumerable.Range(1, PairedRatio.MostPairs).Select(i => (double)i)]);
        // 2.576 standard deviations of 15.8 to either side of the middle.
        Assert.InRange(ratio.Low, 457, 462);
        Assert.InRange(ratio.High, 539, 544);
    }

    private static PairedRatio Of(double[] ratios) => PairedRatio.Of(ratios, [.. ratios.Select(_ => 1.0)]);
}
