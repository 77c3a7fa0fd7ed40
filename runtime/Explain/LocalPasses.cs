namespace Whence.CompilerServices;

using System.ComponentModel;

/// <summary>
/// A network that recomputes of a row only what differs from one input in a box of positions, and takes the rest from what it has kept of
/// that input. Every bit is that of the whole forward pass. Safe to call from many threads at once. Implemented by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILocalPasses<T> where T : unmanaged
{
    /// <summary>Of which input, along which axes, and how much is kept.</summary>
    LocalSizes LocalSizes { get; }

    /// <summary>Whether a point lies behind all that is recomputed in part; -1 is a full output row.</summary>
    bool IsBehind(int point);

    /// <summary>What a box of one row reaches.</summary>
    Reached Reach(in ChangedBox box);

    /// <summary>The forward pass of one input, as far as rows that differ from it need it.</summary>
    /// <param name="x">[InputSize].</param>
    /// <param name="kept">Out, [<see cref="LocalSizes.Kept"/>].</param>
    void KeepInput(ReadOnlySpan<T> x, Span<T> kept);

    /// <summary>The forward pass up to a point that is behind, of rows that are like the kept input but in a box each.</summary>
    /// <param name="rows">At most ChunkRows rows. Boxes that reach alike are best asked about together.</param>
    /// <param name="point">The point, or -1 for a full output row.</param>
    /// <param name="value">[rows, size of point].</param>
    void ForwardChanged(in ChangedRows<T> rows, int point, Span<T> value);
}

/// <summary>Where changes are followed from.</summary>
/// <param name="Input">The index of the input among the network's.</param>
/// <param name="HeightAxis">Its axis of rows; -1 for a sequence.</param>
/// <param name="WidthAxis">Its axis of columns, or of a sequence's positions.</param>
/// <param name="Kept">Numbers that are kept of an input.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LocalSizes(int Input, int HeightAxis, int WidthAxis, int Kept);

/// <summary>What a change reaches.</summary>
/// <param name="Share">How much of the whole pass's work it takes, about.</param>
/// <param name="Saved">The rest of that work, in products of two numbers.</param>
/// <param name="Kind">The same for boxes that reach as many positions of every value.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct Reached(double Share, long Saved, int Kind);

/// <summary>The positions of an input between which a row differs from it, in all of its channels.</summary>
/// <param name="Top">The first row; 0 in a sequence.</param>
/// <param name="Left">The first column.</param>
/// <param name="Height">How many rows; 1 in a sequence.</param>
/// <param name="Width">How many columns.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ChangedBox(int Top, int Left, int Height, int Width);

/// <summary>Rows that differ from one input, each in a box.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct ChangedRows<T> where T : unmanaged
{
    /// <summary>[rows, InputSize]: the rows as they are.</summary>
    public required ReadOnlySpan<T> X { get; init; }

    /// <summary>What <see cref="ILocalPasses{T}.KeepInput"/> kept of the input.</summary>
    public required ReadOnlySpan<T> Kept { get; init; }

    /// <summary>[rows].</summary>
    public required ReadOnlySpan<ChangedBox> Boxes { get; init; }

    /// <summary>How many rows.</summary>
    public int Rows => Boxes.Length;
}
