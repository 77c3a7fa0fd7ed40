using Whence.Evaluate;
using Whence.Pictures;

namespace Digits;

/// <summary>
/// One digit as each method leaves it: above the scores for its class less those for the other, below what is not erased.
/// </summary>
internal static class ErasedExample
{
    private const int Enlarge = 4;
    private const int Gap = 6;

    public static Picture Draw(IReadOnlyList<Scored> methods, float[] image, int original, int other)
    {
        var columns = methods.Select(method => method.Differences(image, 1, original, other)).Select(differences => (
            Above: HeatMap.Draw(differences, Digit.Shape, enlarge: Enlarge),
            Below: Picture.FromTensor(Erased(image, differences), Digit.Shape).Enlarge(Enlarge))).ToList();
        columns.Insert(0,
            (Picture.FromTensor(image, Digit.Shape).Enlarge(Enlarge), Picture.FromTensor(image, Digit.Shape).Enlarge(Enlarge)));
        var side = Digit.Size * Enlarge;
        var (width, height) = (columns.Count * (side + Gap) - Gap, 2 * side + Gap);
        var pixels = new byte[3 * width * height];
        Array.Fill(pixels, (byte)255);
        for (var column = 0; column < columns.Count; column++)
        {
            Lay(columns[column].Above, pixels, width, column * (side + Gap), 0);
            Lay(columns[column].Below, pixels, width, column * (side + Gap), side + Gap);
        }
        return new Picture(width, height, 3, pixels);
    }

    private static float[] Erased(float[] image, float[] differences)
    {
        var erased = new float[image.Length];
        Erasing.Erase<float>(image, differences, erased);
        return erased;
    }

    private static void Lay(Picture picture, byte[] pixels, int width, int left, int top)
    {
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var to = pixels.AsSpan(3 * ((top + y) * width + left + x), 3);
                var from = picture[x, y];
                for (var channel = 0; channel < 3; channel++)
                    to[channel] = from[picture.Channels == 3 ? channel : 0];
            }
        }
    }
}
