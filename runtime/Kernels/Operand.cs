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
        if (RowStride != 0 && RowStride < size)
            throw new ArgumentException($"The rows of {name} must be at least {size} floats apart, or 0 for one row that serves all, but "
                + $"are {RowStride} apart.", name);
        var needed = rows == 0 ? 0 : (long)(rows - 1) * RowStride + size;
        if (Data.Length < needed)
            throw new ArgumentException($"The rows of {name} take at least {needed} floats ({rows} rows of {size}, {RowStride} apart), but "
                + $"it has {Data.Length}.", name);
    }
}
