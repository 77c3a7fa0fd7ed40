using System.Globalization;
using System.Xml.Linq;
using SkiaSharp;
using Svg.Skia;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

/// <summary>What is written here is read by somebody else's library, Skia, and the other way round.</summary>
public class ReadByOthersTests
{
    public static TheoryData<string> Kinds => [.. Drawings.All.Keys];

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(28, 28, 1)]
    [InlineData(17, 5, 3)]
    [InlineData(300, 1, 3)]
    public void Skia_reads_the_pixels_of_a_PNG(int width, int height, int channels)
    {
        var picture = Chance(width, height, channels);

        using var bitmap = SKBitmap.Decode(Png.Write(picture));

        Assert.Equal((width, height), (bitmap.Width, bitmap.Height));
        Assert.All(Places(picture), place => Assert.Equal(Colour(picture, place.X, place.Y), bitmap.GetPixel(place.X, place.Y)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 33)]
    public void What_Skia_writes_is_read(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var random = new Random(2);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        }
        using var file = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        var picture = Png.Read(file.ToArray());

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.All(Places(picture), place => Assert.Equal(bitmap.GetPixel(place.X, place.Y), Colour(picture, place.X, place.Y)));
    }

    [Fact]
    public void Skia_reads_every_frame_of_an_animation_as_its_first_picture()
    {
        var frames = new[] { Chance(9, 4, 3), Chance(9, 4, 3, seed: 7) };

        using var bitmap = SKBitmap.Decode(Animation.Write(frames));

        // A reader without animations, as Skia's PNG codec may be, shows the first frame.
        Assert.All(Places(frames[0]), place => Assert.Equal(Colour(frames[0], place.X, place.Y), bitmap.GetPixel(place.X, place.Y)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Another_renderer_shows_every_drawing(string kind)
    {
        var text = Drawings.All[kind].ToSvg();
        using var svg = new SKSvg();
        var drawn = svg.FromSvg(text);

        Assert.NotNull(drawn);
        var root = XDocument.Parse(text).Root!;
        Assert.Equal(Size(root, "width"), drawn.CullRect.Width, 1.0);
        Assert.Equal(Size(root, "height"), drawn.CullRect.Height, 1.0);
        using var bitmap = Render(drawn);
        var colours = bitmap.Pixels.Distinct().ToList();
        Assert.True(colours.Count > 10, $"{kind} has {colours.Count} colours: text, lines and what they show are missing.");
        Assert.All(Filled(root), fill => Assert.Contains(fill, colours));
    }

    /// <summary>The colours of the upright rectangles that are large enough to have a pixel of their own.</summary>
    private static IEnumerable<SKColor> Filled(XElement root) =>
        from element in root.Descendants()
        where element.Name.LocalName == "rect"
            && element.Attributes().All(attribute => attribute.Name.LocalName is "x" or "y" or "width" or "height" or "fill")
        where Size(element, "width") > 3 && Size(element, "height") > 3
        where element.Attribute("fill") is { Value: ['#', ..] }
        select SKColor.Parse(element.Attribute("fill")!.Value);

    private static SKBitmap Render(SKPicture drawn)
    {
        var bitmap = new SKBitmap((int)Math.Ceiling(drawn.CullRect.Width), (int)Math.Ceiling(drawn.CullRect.Height));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        canvas.DrawPicture(drawn);
        return bitmap;
    }

    private static double Size(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static Picture Chance(int width, int height, int channels, int seed = 1)
    {
        var pixels = new byte[width * height * channels];
        new Random(seed).NextBytes(pixels);
        return new Picture(width, height, channels, pixels);
    }

    private static IEnumerable<(int X, int Y)> Places(Picture picture) =>
        Enumerable.Range(0, picture.Width * picture.Height).Select(i => (i % picture.Width, i / picture.Width));

    private static SKColor Colour(Picture picture, int x, int y)
    {
        var pixel = picture[x, y];
        return new SKColor(pixel[0], pixel[picture.Channels / 2], pixel[picture.Channels - 1]);
    }
}
