using Digits;
using Whence;
using Whence.Evaluate;
using Whence.Pictures;

namespace Photos;

/// <summary>One of the sample's images.</summary>
/// <param name="Index">Its place among the test images.</param>
/// <param name="Pixels">[3, 48, 48], each 0 to 255.</param>
/// <param name="Label">The digit.</param>
/// <param name="Box">Where the digit is.</param>
internal sealed record Photo(int Index, float[] Pixels, int Label, PixelBox Box)
{
    public const int Size = 48;

    public static Shape Shape { get; } = new(3, Size, Size);

    public Picture Picture => Picture.FromTensor(Pixels, Shape, 0, 255);
}

/// <summary>Reads the sample's images.</summary>
internal static class PhotoSet
{
    /// <exception cref="InvalidDataException">A file is damaged, or the three do not belong together.</exception>
    public static List<Photo> Read(string folder)
    {
        var images = IdxFile.Open(Path.Combine(folder, "photos-images-idx4-ubyte.gz"));
        var labels = IdxFile.Open(Path.Combine(folder, "photos-labels-idx1-ubyte.gz"));
        var boxes = IdxFile.Open(Path.Combine(folder, "photos-boxes-idx2-ubyte.gz"));
        if (images.Axes is not [_, Photo.Size, Photo.Size, 3]
            || boxes.Axes is not [_, 4]
            || labels.Count != images.Count
            || boxes.Count != images.Count)
            throw new InvalidDataException($"The images [{string.Join(", ", images.Axes)}], {labels.Count} labels and boxes "
                + $"[{string.Join(", ", boxes.Axes)}] do not belong together.");
        return [.. Enumerable.Range(0, images.Count).Select(i => new Photo(i, ChannelsFirst(images[i]), labels[i][0], BoxOf(boxes[i])))];
    }

    private static PixelBox BoxOf(ReadOnlySpan<byte> box) => new(box[0], box[1], box[2] - box[0], box[3] - box[1]);

    private static float[] ChannelsFirst(ReadOnlySpan<byte> pixels)
    {
        var values = new float[pixels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i % 3 * Photo.Size * Photo.Size + i / 3] = pixels[i];
        return values;
    }
}
