using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// Rows of numbers that a loop or a product writes: row r starts at r * <paramref name="rowStride"/>; with 0 they follow one another.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct Destination(Span<float> data, int rowStride)
{
    /// <summary>From the first row on.</summary>
    public Span<float> Data { get; } = data;

    /// <summary>From one row to the next, in floats; 0 if they follow one another.</summary>
    public int RowStride { get; } = rowStride;

    /// <summary>Rows that follow one another.</summary>
    public static implicit operator Destination(Span<float> data) => new(data, 0);

    /// <summary>Rows that follow one another.</summary>
    public static implicit operator Destination(float[] data) => new(data, 0);

    /// <summary>From one row to the next; throws unless there are <paramref name="rows"/> rows of <paramref name="size"/> floats.</summary>
    /// <exception cref="ArgumentException">The rows overlap or the data is too short.</exception>
    internal int Require(int rows, int size, string name)
    {
        if (RowStride == 0)
        {
            Lengths.Require(Data, rows, size, name);
            return size;
        }
        new Operand(Data, RowStride).Require(rows, size, name);
        return RowStride;
    }
}
