namespace Whence.CompilerServices;

/// <summary>The checks at a kernel's entry.</summary>
internal static class Lengths
{
    /// <summary>Throws unless a span holds <paramref name="rows"/> rows of <paramref name="size"/> floats.</summary>
    public static void Require(ReadOnlySpan<float> span, int rows, int size, string name)
    {
        if ((rows | size) < 0 || span.Length < (long)rows * size)
            throw TooShort(span.Length, rows, size, name);
    }

    // Apart, so that what it takes to say it is not made ready in every call.
    private static ArgumentException TooShort(int length, int rows, int size, string name) =>
        rows < 0 ? new ArgumentOutOfRangeException(nameof(rows), rows, $"There are at least 0 rows, but {rows} were asked for.")
        : size < 0 ? new ArgumentOutOfRangeException(nameof(size), size, $"A row has at least 0 floats, but {size} were asked for.")
        : new ArgumentException($"{name} must hold {(long)rows * size} floats ({rows} rows of {size}), but holds {length}.", name);
}
