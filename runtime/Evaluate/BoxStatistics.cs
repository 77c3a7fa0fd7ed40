using System.Globalization;

namespace Whence.Evaluate;

/// <summary>What a box plot shows of a sample (Tukey, Exploratory Data Analysis, 1977).</summary>
/// <param name="Low">The least value within 1.5 box lengths below the lower quartile: where the whisker ends.</param>
/// <param name="LowerQuartile">The 25th percentile, linear between the two nearest ranks.</param>
/// <param name="Median">The 50th percentile.</param>
/// <param name="UpperQuartile">The 75th percentile.</param>
/// <param name="High">The largest value within 1.5 box lengths above the upper quartile.</param>
/// <param name="Outliers">The values beyond the whiskers, from the least.</param>
/// <param name="Mean">The mean of all values.</param>
/// <param name="Count">How many values there are.</param>
public sealed record BoxStatistics(double Low, double LowerQuartile, double Median, double UpperQuartile, double High,
    IReadOnlyList<double> Outliers, double Mean, int Count)
{
    /// <summary>The statistics of a sample.</summary>
    /// <param name="values">At least one value, all finite, in any order.</param>
    /// <exception cref="ArgumentException">There is no value, or one is not finite.</exception>
    public static BoxStatistics Of(ReadOnlySpan<double> values)
    {
        Sample.Check(values, nameof(values));
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var (lower, upper) = (Sample.Quantile(sorted, 0.25), Sample.Quantile(sorted, 0.75));
        var (fence, otherFence) = (lower - 1.5 * (upper - lower), upper + 1.5 * (upper - lower));
        // A quartile between two values may have no value inside its fence on its own side: the whisker then ends at the box.
        var low = Math.Min(lower, sorted.First(value => value >= fence));
        var high = Math.Max(upper, sorted.Last(value => value <= otherFence));
        return new BoxStatistics(low, lower, Sample.Quantile(sorted, 0.5), upper, high,
            [.. sorted.Where(value => value < fence || value > otherFence)], Sample.Mean(sorted), sorted.Length);
    }
}

/// <summary>Numbers that summarise a sample.</summary>
internal static class Sample
{
    public static void Check(ReadOnlySpan<double> values, string argument)
    {
        if (values.IsEmpty)
            throw new ArgumentException("A sample has at least one value, but there is none.", argument);
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"A sample's values are finite, but {argument}[{i}] is {values[i]}."),
                    argument);
        }
    }

    /// <summary>The quantile of sorted values, linear between the two nearest ranks, as NumPy computes it.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double fraction)
    {
        var rank = fraction * (sorted.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (rank - below);
    }

    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}
