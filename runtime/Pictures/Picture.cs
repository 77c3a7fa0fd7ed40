using System.Globalization;

namespace Whence.Pictures;

/// <summary>
/// An 8-bit picture: rows from the top, in each row pixels from the left, in each pixel one grey or three red, green, blue bytes.
/// </summary>
[System.Text.Json.Serialization.JsonConverter(typeof(PictureConverter))]
public sealed class Picture
{
    /// <summary>The most pixels of a picture.</summary>
    internal const int MostPixels = 1 << 26;

    private readonly byte[] pixels;

    /// <summary>A picture over a copy of these bytes.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="pixels">[height, width, channels].</param>
    /// <exception cref="ArgumentException">A size is not positive, the number of channels is neither 1 nor 3, or the bytes are too few or
    /// too many.</exception>
    public Picture(int width, int height, int channels, ReadOnlySpan<byte> pixels)
        : this(pixels.ToArray(), width, height, channels)
    {
    }

    private Picture(byte[] pixels, int width, int height, int channels)
    {
        CheckSize(width, height);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels,
                $"A picture has 1 channel (grey) or 3 (red, green, blue), but channels is {channels}.");
        if (pixels.Length != width * height * channels)
            throw new ArgumentException($"A picture of {width} x {height} pixels with {channels} channels takes "
                + $"{width * height * channels} bytes, but pixels has {pixels.Length}.", nameof(pixels));
        (Width, Height, Channels, this.pixels) = (width, height, channels, pixels);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>[Height, Width, Channels].</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>The bytes of one pixel.</summary>
    public ReadOnlySpan<byte> this[int x, int y]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
            return pixels.AsSpan((y * Width + x) * Channels, Channels);
        }
    }

    /// <summary>A tensor as a picture; values beyond black and white are clipped.</summary>
    /// <param name="values">In the user's axis order.</param>
    /// <param name="shape">[height, width], [1, height, width] or [3, height, width].</param>
    /// <param name="black">The value that is shown as 0.</param>
    /// <param name="white">The value that is shown as 255.</param>
    /// <exception cref="ArgumentException">The shape is no picture's, does not fit the values, or a value is not a number.</exception>
    public static Picture FromTensor(ReadOnlySpan<float> values, Shape shape, double black = 0, double white = 1)
    {
        if (!Shows(shape))
            throw new ArgumentException($"A picture is [height, width], [1, height, width] or [3, height, width], but shape is {shape}.",
                nameof(shape));
        if (!(white > black))
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"White lies above black, but white is {white} and black is {black}."),
                nameof(white));
        Scores.Check(values, shape, nameof(values));
        var (channels, height, width) = Scores.Axes(shape);
        var pixels = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (channel, pixel) = Math.DivRem(i, height * width);
            pixels[pixel * channels + channel] = ToByte((values[i] - black) / (white - black));
        }
        return Own(width, height, channels, pixels);
    }

    /// <summary>The picture as a tensor's values: [channels, height, width], black 0 and white 1.</summary>
    public float[] ToTensor()
    {
        var values = new float[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, Channels);
            values[channel * Width * Height + pixel] = pixels[i] / 255f;
        }
        return values;
    }

    /// <summary>The same picture in grey: luma of Rec. 601.</summary>
    public Picture ToGrey()
    {
        if (Channels == 1)
            return this;
        var grey = new byte[Width * Height];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = (byte)Math.Round(0.299 * pixels[3 * i] + 0.587 * pixels[3 * i + 1] + 0.114 * pixels[3 * i + 2]);
        return Own(Width, Height, 1, grey);
    }

    /// <summary>The picture with each pixel drawn as a square of factor x factor pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive or makes the picture too large.</exception>
    public Picture Enlarge(int factor)
    {
        if (factor < 1 || (long)Width * factor * Height * factor > MostPixels)
            throw new ArgumentOutOfRangeException(nameof(factor), factor,
                $"The factor is at least 1 and leaves at most {MostPixels} pixels, but {Width} x {Height} was to be enlarged by {factor}.");
        if (factor == 1)
            return this;
        var row = Width * factor * Channels;
        var large = new byte[row * Height * factor];
        for (var y = 0; y < Height; y++)
        {
            var first = large.AsSpan(y * factor * row, row);
            for (var x = 0; x < Width * factor; x++)
                this[x / factor, y].CopyTo(first[(x * Channels)..]);
            for (var copy = 1; copy < factor; copy++)
                first.CopyTo(large.AsSpan((y * factor + copy) * row));
        }
        return Own(Width * factor, Height * factor, Channels, large);
    }

    /// <summary>Whether a tensor of this shape can be shown as a picture.</summary>
    internal static bool Shows(Shape shape) => shape.Rank == 2 || shape.Rank == 3 && shape[0] is 1 or 3;

    /// <summary>A picture over these bytes, which nobody else changes.</summary>
    internal static Picture Own(int width, int height, int channels, byte[] pixels) => new(pixels, width, height, channels);

    /// <summary>0..1 as 0..255, clipped.</summary>
    internal static byte ToByte(double fraction) => (byte)Math.Round(255 * Math.Clamp(fraction, 0, 1));

    private static void CheckSize(int width, int height)
    {
        if (width < 1 || height < 1 || (long)width * height > MostPixels)
            throw new ArgumentOutOfRangeException(nameof(width), width,
                $"A picture has at least 1 and at most {MostPixels} pixels, but {width} x {height} were asked for.");
    }
}
