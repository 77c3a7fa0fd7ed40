using System.Globalization;
using Whence.Import;
using Whence.Pictures;

namespace Whence.Tool.Given;

/// <summary>Pictures for inputs [height, width], [1 or 3, height, width] and [height, width, 1 or 3].</summary>
internal static class Pixels
{
    /// <summary>Channels, height and width of an input of pixels, and whether the channels are its last axis; null if it is none.</summary>
    public static (int Channels, int Height, int Width, bool IsLast)? Of(IReadOnlyList<int> axes) => axes switch
    {
        [1 or 3, > 3, > 3] => (axes[0], axes[1], axes[2], false),
        [> 3, > 3, 1 or 3] => (axes[2], axes[0], axes[1], true),
        [> 3, > 3] => (1, axes[0], axes[1], false),
        _ => null,
    };

    /// <summary>The picture's middle, of the input's proportions, scaled to its size.</summary>
    /// <exception cref="InvalidDataException">The file is no such picture, or the input takes none.</exception>
    public static GivenInput Read(string path, ImportedValue input, Reading reading)
    {
        if (Of(input.Axes) is not var (channels, height, width, isLast))
            throw new InvalidDataException("it takes no picture");
        foreach (var each in new[] { reading.Mean, reading.Deviation })
        {
            if (each.Length is not 0 && each.Length != 1 && each.Length != channels)
                throw new InvalidDataException($"{each.Length} numbers are given for {channels} channels");
        }
        var picture = Png.Open(path);
        var pixels = Scaled(channels == 1 ? picture.ToGrey() : picture, width, height, out var cut);
        var own = channels == 1 ? 1 : picture.Channels;
        var numbers = new float[channels * height * width];
        for (var i = 0; i < numbers.Length; i++)
        {
            var (channel, place) = isLast ? (i % channels, i / channels) : Math.DivRem(i, height * width);
            var value = reading.Black + (reading.White - reading.Black) * pixels[place * own + Math.Min(channel, own - 1)] / 255;
            numbers[i] = (float)((value - At(reading.Mean, channel, 0)) / At(reading.Deviation, channel, 1));
        }
        return new(Path.GetFileName(path))
        {
            Numbers = numbers,
            Note = (picture.Width, picture.Height) == (width, height) ? ""
                : string.Create(CultureInfo.InvariantCulture,
                    $"The middle {cut.Width} x {cut.Height} of its {picture.Width} x {picture.Height} pixels, scaled to {width} x "
                        + $"{height}."),
        };
    }

    private static double At(double[] each, int channel, double otherwise) =>
        each.Length == 0 ? otherwise : each[Math.Min(channel, each.Length - 1)];

    /// <summary>Each pixel is the mean of what it covers: of a smaller picture, of the pixels in between by straight lines.</summary>
    private static double[] Scaled(Picture picture, int width, int height, out (int Width, int Height) cut)
    {
        cut = picture.Width * (long)height > picture.Height * (long)width
            ? (Math.Max(1, (int)((long)picture.Height * width / height)), picture.Height)
            : (picture.Width, Math.Max(1, (int)((long)picture.Width * height / width)));
        var (left, top) = ((picture.Width - cut.Width) / 2, (picture.Height - cut.Height) / 2);
        var (columns, rows) = (Taps(cut.Width, width), Taps(cut.Height, height));
        var channels = picture.Channels;
        var across = new double[cut.Height * width * channels];
        for (var y = 0; y < cut.Height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                foreach (var (from, weight) in columns[x])
                {
                    var pixel = picture[left + from, top + y];
                    for (var channel = 0; channel < channels; channel++)
                        across[(y * width + x) * channels + channel] += weight * pixel[channel];
                }
            }
        }
        var scaled = new double[height * width * channels];
        for (var y = 0; y < height; y++)
        {
            foreach (var (from, weight) in rows[y])
            {
                for (var i = 0; i < width * channels; i++)
                    scaled[y * width * channels + i] += weight * across[from * width * channels + i];
            }
        }
        return scaled;
    }

    /// <summary>
    /// For each place of a shorter or longer line, which places it takes and how much of each: a triangle as wide as both.
    /// </summary>
    private static (int From, double Weight)[][] Taps(int from, int to)
    {
        var (scale, reach) = ((double)from / to, Math.Max(1, (double)from / to));
        return [.. Enumerable.Range(0, to).Select(place =>
        {
            var middle = (place + 0.5) * scale - 0.5;
            var taps = Enumerable.Range((int)Math.Ceiling(middle - reach), (int)(2 * reach) + 2)
                .Select(at => (Math.Clamp(at, 0, from - 1), Weight: 1 - Math.Abs(at - middle) / reach)).Where(tap => tap.Weight > 0)
                .ToArray();
            var sum = taps.Sum(tap => tap.Weight);
            return Array.ConvertAll(taps, tap => (tap.Item1, tap.Weight / sum));
        })];
    }
}
