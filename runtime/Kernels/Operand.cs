using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// Rows of numbers that a loop reads: row r starts at r * <paramref name="rowStride"/>. A stride of 0 is one row for all.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct Operand(ReadOnlySpan<float> data, int rowStride)
{
    /// <summary>The rows, one after the other.</summary>
    public ReadOnlySpan<float> Data { get; } = data;

    /// <summary>From one row to the next, in floats; 0 for one row that serves all.</summary>
    public int RowStride { get; } = rowStride;

    /// <summary>Throws unless there are <paramref name="rows"/> rows of <paramref name="size"/> floats.</summary>
    /// <exception cref="ArgumentException">The rows overlap or the data is too short.</exception>
    internal void Require(int rows, int size, string name)
    {
        var needed = rows == 0 ? 0 : (long)(rows - 1) * RowStride + size;
        if (RowStride != 0 && RowStride < size || Data.Length < needed)
            throw Misfit(Data.Length, RowStride, rows, size, name);
    }

    // Apart, so that what it takes to say it is not made ready in every call.
    private static ArgumentException Misfit(int length, int stride, int rows, int size, string name) => stride != 0 && stride < size
        ? new($"The rows of {name} must be at least {size} floats apart, or 0 for one row that serves all, but are {stride} apart.", name)
        : new($"The rows of {name} take at least {(long)(rows - 1) * stride + size} floats ({rows} rows of {size}, {stride} apart), but "
            + $"it has {length}.", name);
}
