using Whence.Evaluate;

namespace Whence.Tests.Evaluate;

public class BootstrapTests
{
    private static double[] Normal(int count, double mean, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => mean + Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }

    [Fact]
    public void TheIntervalOfAMeanIsThatOfTheNormalLaw()
    {
        var values = Normal(400, 3, 1);
        var interval = Bootstrap.Mean(values);
        var (mean, error) = (values.Average(), Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / 399 / 400));
        Assert.Equal(mean, interval.Estimate, 1e-12);
        Assert.Equal(mean - 1.96 * error, interval.Low, 0.012);
        Assert.Equal(mean + 1.96 * error, interval.High, 0.012);
        Assert.True(interval.ExcludesZero);
    }

    [Fact]
    public void TheIntervalHoldsTheTruthAboutAsOftenAsItSays()
    {
        var held = Enumerable.Range(0, 200)
            .Count(i => Bootstrap.Median(Normal(61, 0, 100 + i), new() { Resamples = 400 }) is { Low: <= 0, High: >= 0 });
        Assert.InRange(held, 180, 199);
    }

    [Fact]
    public void DifferencesOfTwoSamplesAreDrawnApart()
    {
        double[] low = Normal(200, 0, 1), high = Normal(150, 1, 2);
        Assert.Equal(high.Average() - low.Average(), Bootstrap.MeanDifference(high, low).Estimate, 1e-12);
        Assert.True(Bootstrap.MedianDifference(high, low) is { Low: > 0.5, High: < 1.5 });
        Assert.False(Bootstrap.MeanDifference(low, Normal(200, 0, 3)).ExcludesZero);
        Assert.True(Bootstrap.MeanDifference(low, high).High < 0);
    }

    [Fact]
    public void MoreConfidenceIsWiderAndASeedIsTheSameBits()
    {
        var values = Normal(50, 0, 1);
        var (narrow, wide) = (Bootstrap.Mean(values, new() { Confidence = 0.5 }), Bootstrap.Mean(values, new() { Confidence = 0.99 }));
        Assert.True(wide.Low < narrow.Low && narrow.High < wide.High);
        Assert.Equal(Bootstrap.Mean(values, new() { Seed = 3 }), Bootstrap.Mean(values, new() { Seed = 3 }));
        Assert.NotEqual(Bootstrap.Mean(values, new() { Seed = 3 }), Bootstrap.Mean(values, new() { Seed = 4 }));
    }

    [Fact]
    public void OneValueIsItsOwnInterval() => Assert.Equal(new Interval(2, 2, 2), Bootstrap.Median([2]));

    [Fact]
    public void WhatCannotBeDrawnFromIsRefused()
    {
        Assert.Contains("at least one value", Assert.Throws<ArgumentException>(() => Bootstrap.Mean([])).Message);
        Assert.Contains("others[0] is NaN", Assert.Throws<ArgumentException>(() => Bootstrap.MeanDifference([1], [double.NaN])).Message);
        Assert.Contains("Resamples is 0", Assert.Throws<ArgumentException>(() => Bootstrap.Mean([1], new() { Resamples = 0 })).Message);
        Assert.Contains("Confidence 1", Assert.Throws<ArgumentException>(() => Bootstrap.Mean([1], new() { Confidence = 1 })).Message);
    }
}
