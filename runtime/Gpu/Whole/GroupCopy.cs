namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>An axis of a box: how long it is, and how far a step along it goes on both sides. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Axis(int extent, int from, int to)
{
    internal readonly int Extent = extent;
    internal readonly int From = from;
    internal readonly int To = to;
}

/// <summary>Boxes of places from one value to another, by a group. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GroupCopy
{
    /// <summary>y = value, at so many places.</summary>
    public static void Fill(Tile y, int size, float value)
    {
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
            y[n] = value;
    }

    /// <summary>y[yOffset + i To] = x[xOffset + i From] for each i of an axis.</summary>
    public static void Box(Tile x, int xOffset, Tile y, int yOffset, Axis only) =>
        Box(x, xOffset, y, yOffset, new Axis(1, 0, 0), new Axis(1, 0, 0), new Axis(1, 0, 0), only);

    /// <summary>The same of a box, its outermost axis first.</summary>
    public static void Box(Tile x, int xOffset, Tile y, int yOffset, Axis outer, Axis inner) =>
        Box(x, xOffset, y, yOffset, new Axis(1, 0, 0), new Axis(1, 0, 0), outer, inner);

    /// <inheritdoc cref="Box(Tile, int, Tile, int, Axis, Axis)"/>
    public static void Box(Tile x, int xOffset, Tile y, int yOffset, Axis outer, Axis middle, Axis inner) =>
        Box(x, xOffset, y, yOffset, new Axis(1, 0, 0), outer, middle, inner);

    /// <inheritdoc cref="Box(Tile, int, Tile, int, Axis, Axis)"/>
    public static void Box(Tile x, int xOffset, Tile y, int yOffset, Axis first, Axis second, Axis third, Axis fourth)
    {
        var size = first.Extent * second.Extent * third.Extent * fourth.Extent;
        for (var n = ThisGroup.Thread; n < size * y.Pitch; n += ThisGroup.Threads)
        {
            var rest = n / y.Pitch;
            var row = n - rest * y.Pitch;
            var line = rest / fourth.Extent;
            var i3 = rest - line * fourth.Extent;
            var plane = line / third.Extent;
            var i2 = line - plane * third.Extent;
            var i0 = plane / second.Extent;
            var i1 = plane - i0 * second.Extent;
            var from = xOffset + i0 * first.From + i1 * second.From + i2 * third.From + i3 * fourth.From;
            var to = yOffset + i0 * first.To + i1 * second.To + i2 * third.To + i3 * fourth.To;
            y[to * y.Pitch + row] = x.At(from, row);
        }
    }
}
