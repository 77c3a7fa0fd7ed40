using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class HeatMapTests
{
    [Fact]
    public void Zero_is_white_and_the_scale_ends_in_the_full_colours()
    {
        var map = HeatMap.Draw([-2, 0, 2, 1], new Shape(1, 2, 2));

        Assert.Equal([16, 86, 202], map[0, 0].ToArray());
        Assert.Equal([255, 255, 255], map[1, 0].ToArray());
        Assert.Equal([200, 24, 32], map[0, 1].ToArray());
        // Halfway from white to (200, 24, 32): 227.5, 139.5, 143.5, each rounded to even.
        Assert.Equal([228, 140, 144], map[1, 1].ToArray());
    }

    public static TheoryData<string> Palettes => ["BlueRed", "BlueOrange"];

    [Theory]
    [MemberData(nameof(Palettes))]
    public void Equally_strong_scores_of_either_sign_are_equally_strong_colours(string name)
    {
        var palette = name == "BlueRed" ? Palette.BlueRed : Palette.BlueOrange;
        Assert.Equal(Colour.White, palette[0]);
        Assert.Equal(palette[1], palette[7]);
        Assert.Equal(palette[-1], palette[-7]);
        for (var step = 1; step <= 20; step++)
        {
            var (positive, negative) = (palette[step / 20.0], palette[-step / 20.0]);
            Assert.Equal(Lightness(positive), Lightness(negative), 4.0);
            Assert.True(Lightness(positive) < Lightness(palette[(step - 1) / 20.0]));
            Assert.True(positive.Red > negative.Red && positive.Blue < negative.Blue);
        }
    }

    [Fact]
    public void Channels_are_summed_with_their_signs()
    {
        var map = HeatMap.Draw([1, -1, 3, 1], new Shape(2, 1, 2));

        Assert.Equal((2, 1), (map.Width, map.Height));
        Assert.Equal(Bytes(Palette.BlueRed[1]), map[0, 0].ToArray());
        Assert.Equal([255, 255, 255], map[1, 0].ToArray());
    }

    [Fact]
    public void A_given_scale_makes_pictures_comparable_and_a_percentile_saturates_the_few()
    {
        float[] scores = [1, -2, 3, -4, 100];
        var shape = new Shape(5);

        Assert.Equal(100, HeatMap.Scale(scores, shape));
        Assert.Equal(3, HeatMap.Scale(scores, shape, percentile: 50));
        var map = HeatMap.Draw(scores, shape, scale: 4);
        Assert.Equal(Bytes(Palette.BlueRed[0.25]), map[0, 0].ToArray());
        Assert.Equal(Bytes(Palette.BlueRed[-1]), map[3, 0].ToArray());
        Assert.Equal(Bytes(Palette.BlueRed[1]), map[4, 0].ToArray());
    }

    [Fact]
    public void All_zero_scores_are_a_white_picture() =>
        Assert.All(HeatMap.Draw(new float[4], new Shape(2, 2)).Pixels.ToArray(), value => Assert.Equal(255, value));

    [Fact]
    public void Squares_are_enlarged_crisply()
    {
        var map = HeatMap.Draw([1, -1], new Shape(1, 2), enlarge: 3);

        Assert.Equal((6, 3), (map.Width, map.Height));
        Assert.Equal(Bytes(Palette.BlueRed[1]), map[2, 2].ToArray());
        Assert.Equal(Bytes(Palette.BlueRed[-1]), map[3, 0].ToArray());
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused()
    {
        Assert.Contains("scores[1] is NaN", Assert.Throws<ArgumentException>(() => HeatMap.Draw([0, float.NaN], new Shape(2))).Message);
        Assert.Contains("takes 4 values, but scores has 2",
            Assert.Throws<ArgumentException>(() => HeatMap.Draw([0, 1], new Shape(2, 2))).Message);
        Assert.Throws<ArgumentException>(() => HeatMap.Draw([0], new Shape(1, 1, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => HeatMap.Draw([0], new Shape(1), scale: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => HeatMap.Scale([0], new Shape(1), percentile: 101));
    }

    private static byte[] Bytes(Colour colour) => [colour.Red, colour.Green, colour.Blue];

    /// <summary>CIE L*, 0 to 100, of an sRGB colour.</summary>
    private static double Lightness(Colour colour)
    {
        var luminance = 0.2126 * Linear(colour.Red) + 0.7152 * Linear(colour.Green) + 0.0722 * Linear(colour.Blue);
        return 116 * Math.Cbrt(luminance) - 16;

        static double Linear(byte value) =>
            value / 255.0 <= 0.04045 ? value / 255.0 / 12.92 : Math.Pow((value / 255.0 + 0.055) / 1.055, 2.4);
    }
}
