namespace Whence.Pictures;

/// <summary>
/// A signed heat map: each pixel's score, summed over the channels, on a diverging palette whose white is exactly zero. The scale is
/// symmetric, so that equally strong evidence for and against is equally strong colour.
/// </summary>
public static class HeatMap
{
    /// <summary>The score at which the colour is full: a percentile of the pixels' absolute scores.</summary>
    /// <param name="scores">In the user's axis order.</param>
    /// <param name="shape">[width], [height, width] or [channels, height, width].</param>
    /// <param name="percentile">100, the largest, or less, to let a few extreme pixels saturate.</param>
    /// <exception cref="ArgumentException">Shape, scores or percentile cannot be drawn.</exception>
    public static double Scale(ReadOnlySpan<float> scores, Shape shape, double percentile = 100)
    {
        var sums = Scores.OverChannels(scores, shape, absolute: false);
        for (var i = 0; i < sums.Length; i++)
            sums[i] = Math.Abs(sums[i]);
        return Scores.Percentile(sums, percentile);
    }

    /// <summary>Draws scores.</summary>
    /// <param name="scores">In the user's axis order.</param>
    /// <param name="shape">[width], [height, width] or [channels, height, width].</param>
    /// <param name="palette">The colours; <see cref="Palette.BlueRed"/> if not given.</param>
    /// <param name="scale">The score at which the colour is full; <see cref="Scale"/> of these scores if not given. Zero draws all
    /// white.</param>
    /// <param name="enlarge">How many pixels wide and high each score's square is.</param>
    /// <exception cref="ArgumentException">Shape, scores, scale or factor cannot be drawn.</exception>
    public static Picture Draw(ReadOnlySpan<float> scores, Shape shape, Palette? palette = null, double? scale = null, int enlarge = 1)
    {
        if (scale is { } given && !(given >= 0 && double.IsFinite(given)))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale of a heat map is finite and not negative.");
        var sums = Scores.OverChannels(scores, shape, absolute: false);
        var full = scale ?? Scale(scores, shape);
        var colours = palette ?? Palette.BlueRed;
        var pixels = new byte[sums.Length * 3];
        for (var i = 0; i < sums.Length; i++)
        {
            var colour = full == 0 ? Colour.White : colours[sums[i] / full];
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (colour.Red, colour.Green, colour.Blue);
        }
        var (_, height, width) = Scores.Axes(shape);
        return Picture.Own(width, height, 3, pixels).Enlarge(enlarge);
    }
}
