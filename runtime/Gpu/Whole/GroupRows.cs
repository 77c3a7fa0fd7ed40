namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>
/// What a group that goes through rows of a batch does beside the network's steps: so many rows lie side by side, those after the last one
/// are its copies, and are not written. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GroupRows
{
    /// <summary>
    /// y[place, r] = from[(first + r) row + offset + place], each of so many places; of the last of <paramref name="rows"/> also beyond it.
    /// </summary>
    public static void Load(Tile y, Rows from, int first, int row, int offset, int size, int rows)
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var which = n / size;
            var place = n - which * size;
            y[place * y.Pitch + which] = from.View[Math.Min(first + which, rows - 1) * row + offset + place];
        }
    }

    /// <summary>Writes a value at an offset in each of the rows that there are, in the user's order.</summary>
    public static void Out(Tile value, Rows to, int first, int row, int offset, int size, int channels, int rows)
    {
        var positions = size / channels;
        for (var n = ThisGroup.Thread; n < size * Math.Min(value.Pitch, rows - first); n += ThisGroup.Threads)
        {
            var which = n / size;
            var place = n - which * size;
            var channel = place / positions;
            to.View[(first + which) * row + offset + place] = value.At((place - channel * positions) * channels + channel, which);
        }
    }

    /// <summary>Writes zeros likewise, in so many rows at a time.</summary>
    public static void None(Rows to, int first, int many, int row, int offset, int size, int rows)
    {
        for (var n = ThisGroup.Thread; n < size * Math.Min(many, rows - first); n += ThisGroup.Threads)
        {
            var which = n / size;
            to.View[(first + which) * row + offset + n - which * size] = 0f;
        }
    }
}
