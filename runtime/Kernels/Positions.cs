namespace Whence.CompilerServices;

/// <summary>How many positions each example has where their number varies, and which are present.</summary>
internal static class Positions
{
    /// <summary>Refuses lengths, or numbers of positions, that are too small, too large or not one an example.</summary>
    /// <param name="given">How many positions there are in all.</param>
    /// <param name="lengths">How many each example has; empty if all have all, or the one has what is given.</param>
    /// <param name="length">How many an example has at most.</param>
    /// <param name="least">How many it has at least.</param>
    /// <param name="variable">Whether it may have fewer than it has at most.</param>
    /// <param name="count">How many examples.</param>
    /// <param name="name">The input's name.</param>
    /// <param name="what">What a position is: "tokens".</param>
    /// <exception cref="ArgumentException">They are.</exception>
    public static void Require(int given, ReadOnlySpan<int> lengths, int length, int least, bool variable, int count, string name,
        string what)
    {
        if (variable && lengths.IsEmpty && count == 1)
        {
            if (given < least || given > length)
                throw new ArgumentException($"{name} takes {least} to {length} {what}, but was given {given}.", name);
            return;
        }
        if (given != (long)count * length)
            throw new ArgumentException($"{name} must have {(long)count * length} {what} ({count} examples of {length}), but has {given}.",
                name);
        if (lengths.IsEmpty)
            return;
        if (!variable)
            throw new ArgumentException($"Every example of {name} has {length} {what}, so that no lengths are to be given.",
                nameof(lengths));
        if (lengths.Length != count)
            throw new ArgumentException($"{name} must have one length for each of {count} examples, but has {lengths.Length}.",
                nameof(lengths));
        for (var i = 0; i < count; i++)
        {
            if (lengths[i] < least || lengths[i] > length)
                throw new ArgumentException($"{name} takes {least} to {length} {what}, but example {i} has a length of {lengths[i]}.",
                    nameof(lengths));
        }
    }

    /// <summary>How many positions an example has.</summary>
    public static int Of(int given, ReadOnlySpan<int> lengths, int length, int example) =>
        !lengths.IsEmpty ? lengths[example] : Math.Min(given, length);

    /// <summary>Writes 1 for each position of an example and 0 past its length, at an offset in rows of input.</summary>
    public static void Present(int given, ReadOnlySpan<int> lengths, int length, Span<float> rows, int offset, int row, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var own = Of(given, lengths, length, i);
            var to = rows.Slice(i * row + offset, length);
            to[..own].Fill(1);
            to[own..].Clear();
        }
    }
}
