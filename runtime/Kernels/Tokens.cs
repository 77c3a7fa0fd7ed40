using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>Tokens as rows of input: their embeddings, and which positions are present. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Tokens
{
    /// <summary>Refuses tokens that are too few, too many or outside the vocabulary.</summary>
    /// <param name="tokens">[count, length]; of a single example of variable length, its tokens alone.</param>
    /// <param name="lengths">How many tokens each example has; empty if all have all, or the one has what is given.</param>
    /// <param name="length">How many tokens an example has at most.</param>
    /// <param name="variable">Whether it may have fewer.</param>
    /// <param name="vocabulary">Tokens are below this.</param>
    /// <param name="rows">How many floats there are to write to.</param>
    /// <param name="row">How many an example takes.</param>
    /// <param name="count">How many examples.</param>
    /// <param name="name">The input's name.</param>
    /// <param name="least">How many tokens an example has at least.</param>
    /// <exception cref="ArgumentException">They are.</exception>
    public static void Require(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, int length, bool variable, int vocabulary, int rows,
        int row, int count, string name, int least = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (rows != (long)count * row)
            throw new ArgumentException($"The rows of input must have {(long)count * row} elements ({count} examples of {row}), but have "
                + $"{rows}.", nameof(rows));
        Positions.Require(tokens.Length, lengths, length, least, variable, count, name, "tokens");
        for (var i = 0; i < count; i++)
        {
            var own = Of(tokens, lengths, length, i);
            for (var position = 0; position < own.Length; position++)
            {
                if ((uint)own[position] >= (uint)vocabulary)
                    throw new ArgumentException($"{name} takes tokens from 0 to {vocabulary - 1}, but token {position} of example {i} is "
                        + $"{own[position]}.", name);
            }
        }
    }

    private static ReadOnlySpan<int> Of(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, int length, int example) =>
        lengths.IsEmpty && tokens.Length < length ? tokens : tokens.Slice(example * length, lengths.IsEmpty ? length : lengths[example]);

    /// <summary>
    /// Writes a row of the table for each token at an offset in rows of input. Past an example's length its last token is repeated:
    /// whatever is finite for the text stays so there, and nothing reads it.
    /// </summary>
    public static void Embed(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, int length, float[] table, int width, Span<float> rows,
        int offset, int row, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var own = Of(tokens, lengths, length, i);
            var to = rows.Slice(i * row + offset, length * width);
            for (var position = 0; position < length; position++)
                table.AsSpan(own[Math.Min(position, own.Length - 1)] * width, width).CopyTo(to[(position * width)..]);
        }
    }

    /// <summary>Writes 1 for each position of an example and 0 past its length, at an offset in rows of input.</summary>
    public static void Present(ReadOnlySpan<int> tokens, ReadOnlySpan<int> lengths, int length, Span<float> rows, int offset, int row,
        int count) =>
        Positions.Present(tokens.Length, lengths, length, rows, offset, row, count);
}
