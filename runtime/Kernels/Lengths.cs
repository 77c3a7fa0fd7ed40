namespace Whence.CompilerServices;

/// <summary>The checks at a kernel's entry.</summary>
internal static class Lengths
{
    /// <summary>Throws unless a span holds <paramref name="rows"/> rows of <paramref name="size"/> floats.</summary>
    public static void Require(ReadOnlySpan<float> span, int rows, int size, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (span.Length < (long)rows * size)
            throw new ArgumentException($"{name} must hold {(long)rows * size} floats ({rows} rows of {size}), but holds {span.Length}.",
                name);
    }
}
