using System.Text.Json.Serialization;

namespace Whence.Evaluate;

/// <summary>A number estimated from a sample, and between which numbers it lies with the confidence that was asked for.</summary>
/// <param name="Estimate">Of the sample itself.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public readonly record struct Interval(double Estimate, double Low, double High)
{
    /// <summary>Whether zero lies outside: a difference that the sample shows.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;
}

/// <summary>How samples are drawn again; immutable, so one can be shared.</summary>
public sealed record BootstrapOptions
{
    internal static readonly BootstrapOptions Default = new();

    /// <summary>How many samples are drawn.</summary>
    public int Resamples { get; init; } = 2000;

    /// <summary>The interval's confidence, between 0 and 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Where the draws begin: the same seed gives the same bits on every platform.</summary>
    public ulong Seed { get; init; }

    /// <summary>Ends it between two samples, by an <see cref="OperationCanceledException"/>.</summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }
}

/// <summary>
/// Confidence intervals by drawing samples with replacement from the sample (Efron 1979), between percentiles of what they give. For a
/// paired comparison give the differences of the pairs.
/// </summary>
public static class Bootstrap
{
    /// <summary>The interval of the mean.</summary>
    /// <param name="values">At least one, all finite.</param>
    /// <param name="options">How samples are drawn.</param>
    /// <exception cref="ArgumentException">There is no value, one is not finite, or an option is out of range.</exception>
    public static Interval Mean(ReadOnlySpan<double> values, BootstrapOptions? options = null) =>
        Of(values, default, Average, options ?? BootstrapOptions.Default);

    /// <summary>The interval of the median.</summary>
    /// <inheritdoc cref="Mean"/>
    public static Interval Median(ReadOnlySpan<double> values, BootstrapOptions? options = null) =>
        Of(values, default, Middle, options ?? BootstrapOptions.Default);

    /// <summary>The interval of the mean of one sample less that of another, which are not paired.</summary>
    /// <param name="values">At least one, all finite.</param>
    /// <param name="others">At least one, all finite.</param>
    /// <param name="options">How samples are drawn.</param>
    /// <exception cref="ArgumentException">There is no value, one is not finite, or an option is out of range.</exception>
    public static Interval MeanDifference(ReadOnlySpan<double> values, ReadOnlySpan<double> others, BootstrapOptions? options = null)
    {
        Sample.Check(others, nameof(others));
        return Of(values, others, Average, options ?? BootstrapOptions.Default);
    }

    /// <summary>The interval of the median of one sample less that of another, which are not paired.</summary>
    /// <inheritdoc cref="MeanDifference"/>
    public static Interval MedianDifference(ReadOnlySpan<double> values, ReadOnlySpan<double> others, BootstrapOptions? options = null)
    {
        Sample.Check(others, nameof(others));
        return Of(values, others, Middle, options ?? BootstrapOptions.Default);
    }

    private delegate double Statistic(Span<double> sample);

    private static double Average(Span<double> sample) => Sample.Mean(sample);

    private static double Middle(Span<double> sample)
    {
        sample.Sort();
        return Sample.Quantile(sample, 0.5);
    }

    private static Interval Of(ReadOnlySpan<double> values, ReadOnlySpan<double> others, Statistic statistic, BootstrapOptions options)
    {
        Sample.Check(values, nameof(values));
        if (options.Resamples < 1 || !(options.Confidence is > 0 and < 1))
            throw new ArgumentException(
                "At least 1 sample is drawn and the confidence lies between 0 and 1, "
                    + FormattableString.Invariant($"but Resamples is {options.Resamples} and Confidence {options.Confidence}."),
                nameof(options));
        var drawn = new double[options.Resamples];
        for (var i = 0; i < drawn.Length; i++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var draws = new Draws(options.Seed, (ulong)i);
            drawn[i] = statistic(Again(values, ref draws)) - (others.IsEmpty ? 0 : statistic(Again(others, ref draws)));
        }
        Array.Sort(drawn);
        var tail = (1 - options.Confidence) / 2;
        return new Interval(statistic(values.ToArray()) - (others.IsEmpty ? 0 : statistic(others.ToArray())), Sample.Quantile(drawn, tail),
            Sample.Quantile(drawn, 1 - tail));
    }

    private static double[] Again(ReadOnlySpan<double> values, ref Draws draws)
    {
        var sample = new double[values.Length];
        foreach (ref var value in sample.AsSpan())
            value = values[draws.Below(values.Length)];
        return sample;
    }
}
