using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// Sequences of a variable number of positions as rows of input, with which positions are present. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Sequences
{
    /// <summary>
    /// Writes sequences at an offset in rows of input, and after them 1 for each position that is present and 0 past its length. Past an
    /// example's length its last position is repeated: whatever is finite for the sequence stays so there, and nothing reads it.
    /// </summary>
    /// <param name="values">Row-major [count, length, width]; of a single example, its own positions alone.</param>
    /// <param name="lengths">How many positions each example has; empty if all have all, or the one has what is given.</param>
    /// <param name="length">How many positions an example has at most.</param>
    /// <param name="least">How many it has at least.</param>
    /// <param name="width">Floats of a position.</param>
    /// <param name="rows">Receives them, row-major [count, row].</param>
    /// <param name="offset">Where the sequence begins in a row.</param>
    /// <param name="row">Floats of a row of input.</param>
    /// <param name="count">How many examples.</param>
    /// <param name="name">The input's name.</param>
    /// <exception cref="ArgumentException">There are too few or too many.</exception>
    public static void Fill(
        ReadOnlySpan<float> values, ReadOnlySpan<int> lengths, int length, int least, int width, Span<float> rows, int offset, int row,
        int count, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (rows.Length != (long)count * row)
            throw new ArgumentException($"The rows of input must have {(long)count * row} elements ({count} examples of {row}), but have "
                + $"{rows.Length}.", nameof(rows));
        if (values.Length % width != 0)
            throw new ArgumentException($"{name} has positions of {width} numbers, but {values.Length} numbers were given.", name);
        var given = values.Length / width;
        Positions.Require(given, lengths, length, least, true, count, name, "positions");
        for (var i = 0; i < count; i++)
        {
            var own = Positions.Of(given, lengths, length, i);
            var to = rows.Slice(i * row + offset, length * width);
            var from = values.Slice(i * length * width, own * width);
            from.CopyTo(to);
            for (var position = own; position < length; position++)
                from[^width..].CopyTo(to[(position * width)..]);
        }
        Positions.Present(given, lengths, length, rows, offset + length * width, row, count);
    }
}
