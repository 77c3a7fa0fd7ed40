using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class WindowingTests
{
    [Fact]
    public void The_percentile_lies_linearly_between_ranks_as_in_NumPy()
    {
        double[] values = [4, 1, 3, 2];
        // numpy.percentile([4, 1, 3, 2], p): rank p/100 * 3 of 1, 2, 3, 4.
        Assert.Equal(1, Scores.Percentile(values, 0));
        Assert.Equal(2.5, Scores.Percentile(values, 50));
        Assert.Equal(3.97, Scores.Percentile(values, 99), 1e-12);
        Assert.Equal(4, Scores.Percentile(values, 100));
        Assert.Equal(5, Scores.Percentile([5], 99));
    }

    [Fact]
    public void A_pixel_is_dimmed_by_its_channels_absolute_sum_over_the_percentile()
    {
        // Sums of |a| over two channels: 4, 1, 2, 0. Their 50th percentile is 1.5.
        float[] scores = [3, -1, -1, 0, -1, 0, 1, 0];
        var shape = new Shape(2, 2, 2);

        Assert.Equal([1, 1 / 1.5, 1, 0], Windowing.Mask(scores, shape, percentile: 50));

        // The 99th percentile is 2 + 2 * 0.97 = 3.94, so 1 shows 255 * 1 / 3.94 = 64.7 and 2 shows 255 * 2 / 3.94 = 129.4.
        var white = new Picture(2, 2, 1, [255, 255, 255, 255]);
        Assert.Equal([255, 65, 129, 0], Windowing.Draw(white, scores, shape).Pixels.ToArray());
    }

    [Fact]
    public void The_original_colours_shine_through()
    {
        var original = new Picture(2, 1, 3, [200, 100, 50, 10, 20, 30]);

        var seen = Windowing.Draw(original, [-2, 1], new Shape(1, 1, 2), percentile: 100, enlarge: 1);

        Assert.Equal([200, 100, 50, 5, 10, 15], seen.Pixels.ToArray());
    }

    [Fact]
    public void Where_the_percentile_is_zero_any_attribution_shows()
    {
        var scores = new float[1000];
        scores[3] = 1e-30f;

        var mask = Windowing.Mask(scores, new Shape(1, 1, 1000));

        Assert.Equal(1, mask[3]);
        Assert.Equal(1, mask.Sum());
    }

    [Fact]
    public void A_picture_of_another_size_is_refused() =>
        Assert.Contains("2 x 1",
            Assert.Throws<ArgumentException>(() => Windowing.Draw(new Picture(1, 1, 1, [0]), [1, 2], new Shape(1, 1, 2))).Message);
}
