namespace Whence.Pictures;

/// <summary>
/// Signed attributions laid over the picture in grey: green where they are positive, red where negative, as the later examples with
/// "Gradients of Counterfactuals" (Sundararajan, Taly and Yan 2016, arXiv 1611.02639; their repository from June 2017) show them.
/// </summary>
public static class Overlay
{
    /// <summary>
    /// The attributions averaged over the channels, divided by the larger of |99th percentile| and |1st percentile|, clipped to -1 and 1;
    /// [height, width].
    /// </summary>
    /// <param name="scores">In the user's axis order.</param>
    /// <param name="shape">[height, width] or [channels, height, width].</param>
    /// <param name="percentile">99 in the original recipe; the other end is 100 less it.</param>
    /// <returns>If both percentiles are zero, the sign of each pixel's attribution.</returns>
    /// <exception cref="ArgumentException">Shape, scores or percentile cannot be drawn.</exception>
    public static double[] Mask(ReadOnlySpan<float> scores, Shape shape, double percentile = 99)
    {
        // Dividing by the number of channels would change neither the ratio nor the picture.
        var mask = Scores.OverChannels(scores, shape, absolute: false);
        var full = Math.Max(Math.Abs(Scores.Percentile(mask, percentile)), Math.Abs(Scores.Percentile(mask, 100 - percentile)));
        for (var i = 0; i < mask.Length; i++)
            mask[i] = Math.Abs(mask[i]) >= full ? Math.Sign(mask[i]) : mask[i] / full;
        return mask;
    }

    /// <summary>Draws 0.3 times the grey picture plus 0.7 times the coloured <see cref="Mask"/>.</summary>
    /// <param name="original">The explained picture.</param>
    /// <param name="scores">In the user's axis order.</param>
    /// <param name="shape">[height, width] or [channels, height, width], of the picture's height and width.</param>
    /// <param name="percentile">99 in the original recipe.</param>
    /// <param name="positive">Green if not given.</param>
    /// <param name="negative">Red if not given.</param>
    /// <param name="enlarge">How many pixels wide and high each pixel's square is.</param>
    /// <exception cref="ArgumentException">Shape, scores, percentile or factor cannot be drawn, or the picture is of another
    /// size.</exception>
    public static Picture Draw(Picture original, ReadOnlySpan<float> scores, Shape shape, double percentile = 99, Colour? positive = null,
        Colour? negative = null, int enlarge = 1)
    {
        ArgumentNullException.ThrowIfNull(original);
        var (_, height, width) = Scores.Axes(shape);
        if ((original.Width, original.Height) != (width, height))
            throw new ArgumentException($"Scores of shape {shape} explain a picture of {width} x {height} pixels, but original has "
                + $"{original.Width} x {original.Height}.", nameof(original));
        var mask = Mask(scores, shape, percentile);
        var grey = original.ToGrey().Pixels;
        var (above, below) = (positive ?? new Colour(0, 255, 0), negative ?? new Colour(255, 0, 0));
        var pixels = new byte[3 * mask.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            var (colour, strength) = (mask[i] < 0 ? below : above, Math.Abs(mask[i]));
            pixels[3 * i] = Mix(grey[i], colour.Red * strength);
            pixels[3 * i + 1] = Mix(grey[i], colour.Green * strength);
            pixels[3 * i + 2] = Mix(grey[i], colour.Blue * strength);
        }
        return Picture.Own(width, height, 3, pixels).Enlarge(enlarge);
    }

    private static byte Mix(byte grey, double colour) => Picture.ToByte((0.3 * grey + 0.7 * colour) / 255);
}
