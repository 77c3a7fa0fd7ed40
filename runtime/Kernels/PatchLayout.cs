using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>A value that changes in part: its positions and channels, [height][width][channels] in memory.</summary>
/// <param name="Height">Rows; 1 of a sequence.</param>
/// <param name="Width">Columns, or the positions of a sequence.</param>
/// <param name="Channels">Channels of each position.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct PatchedValue(int Height, int Width, int Channels)
{
    internal int Size => checked(Height * Width * Channels);
}

/// <summary>The values of a network that are recomputed in part, the input first, in the order in which they are made.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PatchLayout
{
    private readonly PatchedValue[] values;
    private readonly int[] offsets;

    /// <summary>The layout of these values.</summary>
    /// <param name="inputSize">Elements of a row of input.</param>
    /// <param name="rest">The work of a row behind them, in products of two numbers.</param>
    /// <param name="values">The values.</param>
    public PatchLayout(int inputSize, long rest, ReadOnlySpan<PatchedValue> values)
    {
        (InputSize, Rest, this.values, offsets) = (inputSize, rest, values.ToArray(), new int[values.Length]);
        for (var i = 0; i < values.Length; i++)
            (offsets[i], Size) = (Size, checked(Size + values[i].Size));
    }

    /// <summary>Numbers that are kept of an input: all values, one after the other.</summary>
    public int Size { get; }

    internal int InputSize { get; }

    internal long Rest { get; }

    internal int Count => values.Length;

    internal ref readonly PatchedValue this[int value] => ref values[value];

    internal int Offset(int value) => offsets[value];
}

/// <summary>Positions of a value, the last ones excluded.</summary>
internal struct Bounds
{
    public int Top, Bottom, Left, Right;

    public readonly int Height => Bottom - Top;

    public readonly int Width => Right - Left;

    public static Bounds operator |(in Bounds a, in Bounds b) => new()
    {
        Top = Math.Min(a.Top, b.Top), Bottom = Math.Max(a.Bottom, b.Bottom), Left = Math.Min(a.Left, b.Left),
        Right = Math.Max(a.Right, b.Right),
    };
}

/// <summary>The positions of a value that are recomputed, as many in all rows, and where they lie in memory, in numbers a row.</summary>
internal struct Patch
{
    public int Height, Width, Offset;
}

/// <summary>What is recomputed of every value in every row. In memory of the thread's.</summary>
internal readonly ref struct PatchTable
{
    // Numbers that two structs take, which lie one after the other.
    private const int BoundsSize = 4;
    private const int PatchSize = 3;

    private readonly Span<Bounds> bounds;
    private readonly Span<Patch> patches;

    public PatchTable(PatchLayout layout, int rows, Span<float> memory)
    {
        (Layout, Rows) = (layout, rows);
        bounds = MemoryMarshal.Cast<float, Bounds>(memory[..(layout.Count * rows * BoundsSize)]);
        patches = MemoryMarshal.Cast<float, Patch>(memory.Slice(bounds.Length * BoundsSize, layout.Count * PatchSize));
    }

    public PatchLayout Layout { get; }

    public int Rows { get; }

    /// <summary>Floats that a table takes.</summary>
    public static int SizeOf(PatchLayout layout, int rows) => checked(layout.Count * (rows * BoundsSize + PatchSize));

    /// <summary>What of a value changes in a row.</summary>
    public ref Bounds Bounds(int value, int row) => ref bounds[value * Rows + row];

    /// <summary>What of a value is recomputed.</summary>
    public ref Patch this[int value] => ref patches[value];

    /// <summary>
    /// Where the recomputed part of a value begins in a row: where it changes, or before that, so that all rows have as many positions.
    /// What is recomputed beside has the bits that it had.
    /// </summary>
    public (int Top, int Left) Origin(int value, int row)
    {
        ref var bounds = ref Bounds(value, row);
        ref readonly var whole = ref Layout[value];
        return (Math.Min(bounds.Top, whole.Height - this[value].Height), Math.Min(bounds.Left, whole.Width - this[value].Width));
    }

    /// <summary>Whether all of a value is recomputed.</summary>
    public bool IsWhole(int value) => this[value].Height == Layout[value].Height && this[value].Width == Layout[value].Width;

    /// <summary>Whether two values are recomputed at the same positions.</summary>
    public bool AreAlike(int value, int other)
    {
        if (value == other)
            return true;
        if (this[value].Height != this[other].Height || this[value].Width != this[other].Width)
            return false;
        for (var row = 0; row < Rows; row++)
        {
            if (Origin(value, row) != Origin(other, row))
                return false;
        }
        return true;
    }
}
