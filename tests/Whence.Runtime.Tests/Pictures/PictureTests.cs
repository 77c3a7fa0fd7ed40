using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class PictureTests
{
    [Fact]
    public void A_tensor_of_planes_becomes_interleaved_pixels_and_comes_back()
    {
        float[] planes = [0, 0.2f, 0.4f, 0.6f, 0.8f, 1];

        var picture = Picture.FromTensor(planes, new Shape(3, 1, 2));

        Assert.Equal([0, 102, 204, 51, 153, 255], picture.Pixels.ToArray());
        Assert.Equal(planes, picture.ToTensor());
    }

    [Fact]
    public void Values_beyond_black_and_white_are_clipped()
    {
        var picture = Picture.FromTensor([-3, -1, 0, 1, 2], new Shape(1, 5), black: -1, white: 1);
        Assert.Equal([0, 0, 128, 255, 255], picture.Pixels.ToArray());
    }

    [Fact]
    public void Enlarging_repeats_each_pixel_in_both_directions()
    {
        var large = new Picture(2, 1, 3, [1, 2, 3, 4, 5, 6]).Enlarge(2);

        Assert.Equal((4, 2), (large.Width, large.Height));
        byte[] row = [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6];
        Assert.Equal([.. row, .. row], large.Pixels.ToArray());
    }

    [Fact]
    public void Grey_weighs_the_colours_as_the_eye_does() =>
        Assert.Equal([76, 150, 29, 255], new Picture(4, 1, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]).ToGrey().Pixels.ToArray());

    [Fact]
    public void Wrong_sizes_are_refused_with_what_was_expected_and_found()
    {
        Assert.Contains("takes 12 bytes, but pixels has 11",
            Assert.Throws<ArgumentException>(() => new Picture(2, 2, 3, new byte[11])).Message);
        Assert.Contains("takes 4 values, but values has 3",
            Assert.Throws<ArgumentException>(() => Picture.FromTensor(new float[3], new Shape(2, 2))).Message);
        Assert.Contains("[2, 2, 2]", Assert.Throws<ArgumentException>(() => Picture.FromTensor(new float[8], new Shape(2, 2, 2))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(2, 2, 2, new byte[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(1, 1, 1, [0]).Enlarge(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(1, 1, 1, [0])[1, 0].Length);
    }
}
