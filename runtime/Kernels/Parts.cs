using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>Several inputs as one row of input, and one row of output as several outputs. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Parts
{
    /// <summary>Puts an input's rows, each of <paramref name="size"/>, at an offset in longer rows.</summary>
    /// <exception cref="ArgumentException">The input has another length.</exception>
    public static void Join(ReadOnlySpan<float> input, int size, Span<float> rows, int offset, int row, int count, string name)
    {
        if (input.Length != (long)count * size)
            throw new ArgumentException($"{name} must have {(long)count * size} elements ({count} examples of {size}), but has "
                + $"{input.Length}.", name);
        for (var i = 0; i < count; i++)
            input.Slice(i * size, size).CopyTo(rows.Slice(i * row + offset, size));
    }

    /// <summary>Takes an output's rows, each of <paramref name="size"/>, from an offset in longer rows.</summary>
    /// <exception cref="ArgumentException">The output has another length.</exception>
    public static void Take(ReadOnlySpan<float> rows, int offset, int row, Span<float> output, int size, int count, string name)
    {
        if (output.Length != (long)count * size)
            throw new ArgumentException($"{name} must have {(long)count * size} elements ({count} examples of {size}), but has "
                + $"{output.Length}.", name);
        for (var i = 0; i < count; i++)
            rows.Slice(i * row + offset, size).CopyTo(output.Slice(i * size, size));
    }
}
