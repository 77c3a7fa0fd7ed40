namespace Whence.Pictures;

/// <summary>
/// Pictures shown one after the other, as an animated PNG (PNG, third edition, section 11.3.7): every browser plays it, and what knows only
/// PNG shows the first.
/// </summary>
public static class Animation
{
    /// <summary>The bytes of an animated PNG file.</summary>
    /// <param name="frames">At least one, all of one size and number of channels.</param>
    /// <param name="milliseconds">How long each frame is shown.</param>
    /// <param name="plays">How often it is played; 0 is without end.</param>
    /// <exception cref="ArgumentException">There is no frame, they differ in size, or a number is out of range.</exception>
    public static byte[] Write(IReadOnlyList<Picture> frames, int milliseconds = 100, int plays = 0)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Count == 0)
            throw new ArgumentException("An animation has at least one frame, but there is none.", nameof(frames));
        for (var i = 1; i < frames.Count; i++)
        {
            if ((frames[i].Width, frames[i].Height, frames[i].Channels) != (frames[0].Width, frames[0].Height, frames[0].Channels))
                throw new ArgumentException($"All frames are of one kind, but frame 0 has {frames[0].Width} x {frames[0].Height} pixels of "
                    + $"{frames[0].Channels} channels and frame {i} has {frames[i].Width} x {frames[i].Height} of "
                    + $"{frames[i].Channels}.", nameof(frames));
        }
        if (milliseconds is < 0 or > ushort.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds,
                $"A frame is shown for 0 to {ushort.MaxValue} milliseconds, but {milliseconds} were asked for.");
        ArgumentOutOfRangeException.ThrowIfNegative(plays);
        return Png.WriteAnimation(frames, (ushort)milliseconds, plays);
    }

    /// <summary>Writes an animated PNG file.</summary>
    /// <inheritdoc cref="Write"/>
    public static void Save(string path, IReadOnlyList<Picture> frames, int milliseconds = 100, int plays = 0) =>
        File.WriteAllBytes(path, Write(frames, milliseconds, plays));
}
