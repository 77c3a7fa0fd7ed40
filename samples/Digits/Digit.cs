using Whence;
using Whence.Pictures;

namespace Digits;

/// <summary>One digit to explain.</summary>
/// <param name="Title">Where it comes from.</param>
/// <param name="Pixels">[1, 28, 28], black 0, white 1, the digit in white.</param>
/// <param name="Label">What it is, if that is known.</param>
internal sealed record Digit(string Title, float[] Pixels, int? Label)
{
    public const int Size = 28;

    public static Shape Shape { get; } = new(1, Size, Size);

    /// <summary>
    /// Reads the digits that the words name: a number is a digit of the IDX file before it (the sample's own if there is none), a file is a
    /// PNG of one digit or an IDX file of many.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is of another kind or size.</exception>
    public static List<Digit> Read(IEnumerable<string> words, string folder)
    {
        var digits = new List<Digit>();
        var (images, path) = (default(IdxFile), Path.Combine(folder, "digits-images-idx3-ubyte.gz"));
        foreach (var word in words)
        {
            if (int.TryParse(word, out var index))
                digits.Add(FromIdx(images ??= IdxFile.Open(path), path, index));
            else if (IdxFile.Starts(Start(word)))
                (images, path) = (IdxFile.Open(word), word);
            else
                digits.Add(FromPng(word));
        }
        return digits;
    }

    private static Digit FromIdx(IdxFile images, string path, int index)
    {
        if (images.Axes is not [_, Size, Size])
            throw new InvalidDataException($"{path} holds [{string.Join(", ", images.Axes)}]; digits are [count, {Size}, {Size}].");
        if (index < 0 || index >= images.Count)
            throw new InvalidDataException($"{path} has digits 0 to {images.Count - 1}, but digit {index} was asked for.");
        var pixels = Array.ConvertAll(images[index].ToArray(), pixel => pixel / 255f);
        var labels = path.Replace("images", "labels").Replace("idx3", "idx1");
        int? label = labels != path && File.Exists(labels) ? IdxFile.Open(labels)[index][0] : null;
        return new Digit($"Digit {index} of {Path.GetFileName(path)}", pixels, label);
    }

    /// <summary>A dark digit on a light ground is turned into the light one on dark that the network was trained on.</summary>
    private static Digit FromPng(string path)
    {
        var picture = Png.Open(path).ToGrey();
        if ((picture.Width, picture.Height) != (Size, Size))
            throw new InvalidDataException($"{path} is {picture.Width} x {picture.Height} pixels; a digit is {Size} x {Size}.");
        var pixels = picture.ToTensor();
        if (pixels.Average() > 0.5)
            pixels = Array.ConvertAll(pixels, pixel => 1 - pixel);
        return new Digit(Path.GetFileName(path), pixels, null);
    }

    private static byte[] Start(string path)
    {
        using var file = File.OpenRead(path);
        var start = new byte[4];
        return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }
}
