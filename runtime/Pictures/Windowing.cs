namespace Whence.Pictures;

/// <summary>
/// The picture seen through its attributions, as the examples with "Gradients of Counterfactuals" (Sundararajan, Taly and Yan 2016,
/// arXiv 1611.02639) show it: each pixel is dimmed by its absolute attribution, of either sign.
/// </summary>
public static class Windowing
{
    /// <summary>
    /// How much of each pixel is shown: the sum over channels of |attribution|, divided by a percentile of these sums, clipped to 1.
    /// </summary>
    /// <param name="scores">In the user's axis order.</param>
    /// <param name="shape">[height, width] or [channels, height, width].</param>
    /// <param name="percentile">99 in the original recipe.</param>
    /// <returns>[height, width], each 0 to 1. If the percentile is zero, 1 where there is any attribution and 0 elsewhere.</returns>
    /// <exception cref="ArgumentException">Shape, scores or percentile cannot be drawn.</exception>
    public static double[] Mask(ReadOnlySpan<float> scores, Shape shape, double percentile = 99)
    {
        var mask = Scores.OverChannels(scores, shape, absolute: true);
        var full = Scores.Percentile(mask, percentile);
        for (var i = 0; i < mask.Length; i++)
            mask[i] = mask[i] >= full ? Math.Sign(mask[i]) : mask[i] / full;
        return mask;
    }

    /// <summary>Draws the original picture, each pixel times its <see cref="Mask"/>.</summary>
    /// <param name="original">The explained picture.</param>
    /// <param name="scores">In the user's axis order.</param>
    /// <param name="shape">[height, width] or [channels, height, width], of the picture's height and width.</param>
    /// <param name="percentile">99 in the original recipe.</param>
    /// <param name="enlarge">How many pixels wide and high each pixel's square is.</param>
    /// <exception cref="ArgumentException">Shape, scores, percentile or factor cannot be drawn, or the picture is of another
    /// size.</exception>
    public static Picture Draw(Picture original, ReadOnlySpan<float> scores, Shape shape, double percentile = 99, int enlarge = 1)
    {
        ArgumentNullException.ThrowIfNull(original);
        var (_, height, width) = Scores.Axes(shape);
        if ((original.Width, original.Height) != (width, height))
            throw new ArgumentException($"Scores of shape {shape} explain a picture of {width} x {height} pixels, but original has "
                + $"{original.Width} x {original.Height}.", nameof(original));
        var mask = Mask(scores, shape, percentile);
        var pixels = original.Pixels.ToArray();
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = Picture.ToByte(pixels[i] / 255.0 * mask[i / original.Channels]);
        return Picture.Own(width, height, original.Channels, pixels).Enlarge(enlarge);
    }
}
