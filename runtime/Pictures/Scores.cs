using System.Globalization;
using Whence.Evaluate;

namespace Whence.Pictures;

/// <summary>What the pictures compute from a tensor of scores.</summary>
internal static class Scores
{
    /// <summary>Channels, height and width of a shape of rank 1 (one row), 2 (one channel) or 3.</summary>
    /// <exception cref="ArgumentException">The rank is another.</exception>
    public static (int Channels, int Height, int Width) Axes(Shape shape) => shape.Rank switch
    {
        1 => (1, 1, shape[0]),
        2 => (1, shape[0], shape[1]),
        3 => (shape[0], shape[1], shape[2]),
        _ => throw new ArgumentException($"Scores of rank 1, 2 or 3 can be drawn, but shape is {shape}.", nameof(shape)),
    };

    /// <summary>Throws unless the values fit the shape and are all finite.</summary>
    public static void Check(ReadOnlySpan<float> values, Shape shape, string argument)
    {
        if (values.Length != shape.Size)
            throw new ArgumentException($"Shape {shape} takes {shape.Size} values, but {argument} has {values.Length}.", argument);
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw new ArgumentException($"Only finite values can be drawn, but {argument}[{i}] is "
                    + $"{values[i].ToString(CultureInfo.InvariantCulture)}.", argument);
        }
    }

    /// <summary>One value a pixel: the channels' sum, of the scores themselves or of their absolute values; [height, width].</summary>
    public static double[] OverChannels(ReadOnlySpan<float> scores, Shape shape, bool absolute)
    {
        Check(scores, shape, nameof(scores));
        var (_, height, width) = Axes(shape);
        var sums = new double[height * width];
        for (var i = 0; i < scores.Length; i++)
            sums[i % sums.Length] += absolute ? Math.Abs(scores[i]) : scores[i];
        return sums;
    }

    /// <summary>The percentile as NumPy computes it: linear between the two nearest ranks.</summary>
    /// <param name="values">At least one value, in any order.</param>
    /// <param name="percentile">0 to 100.</param>
    public static double Percentile(ReadOnlySpan<double> values, double percentile)
    {
        if (!(percentile is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percentile), percentile,
                $"A percentile lies between 0 and 100, but it is {percentile.ToString(CultureInfo.InvariantCulture)}.");
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return Sample.Quantile(sorted, percentile / 100);
    }
}
