using System.Runtime.InteropServices;

namespace Whence.Networks.Tests.Interpret;

/// <summary>
/// One value of a graph for several rows, the rows innermost: element i of row r is at i * Pitch + r. A block of one row stands for
/// any number of equal rows. The pitch is a whole number of vectors, so that every row takes the same arithmetic.
/// </summary>
internal sealed class Block
{
    public const int Lanes = 8;

    public Block(int size, int rows)
    {
        (Size, Rows, Pitch) = (size, rows, (rows + Lanes - 1) / Lanes * Lanes);
        Data = new double[size * Pitch];
    }

    public int Size { get; }

    public int Rows { get; }

    public int Pitch { get; }

    public double[] Data { get; }

    /// <summary>One element of all rows.</summary>
    public Span<double> this[int element] => Data.AsSpan(element * Pitch, Pitch);

    /// <summary>The same value for every row.</summary>
    public static Block Same(ReadOnlySpan<double> values)
    {
        var block = new Block(values.Length, 1);
        for (var i = 0; i < values.Length; i++)
            block[i].Fill(values[i]);
        return block;
    }

    /// <summary>Rows of a row-major array, of which the block takes the elements from <paramref name="start"/> on.</summary>
    public static Block FromRows(ReadOnlySpan<double> rows, int count, int start, int size)
    {
        var (block, length) = (new Block(size, count), rows.Length / count);
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * length + start, size);
            for (var i = 0; i < size; i++)
                block.Data[i * block.Pitch + r] = row[i];
        }
        return block;
    }

    /// <summary>Writes the elements of each row into a row-major array, from <paramref name="start"/> on.</summary>
    public void ToRows(Span<double> rows, int count, int start)
    {
        var length = rows.Length / count;
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * length + start, Size);
            for (var i = 0; i < Size; i++)
                row[i] = Data[i * Pitch + (Rows == 1 ? 0 : r)];
        }
    }

    /// <summary>This value for a number of rows.</summary>
    public Block Over(int rows)
    {
        if (Rows == rows)
            return this;
        if (Rows != 1)
            throw new InvalidOperationException($"A value of {Rows} rows met one of {rows}.");
        var block = new Block(Size, rows);
        for (var i = 0; i < Size; i++)
            block[i].Fill(Data[i * Pitch]);
        return block;
    }

    /// <summary>The elements of the first row.</summary>
    public double[] First()
    {
        var first = new double[Size];
        for (var i = 0; i < Size; i++)
            first[i] = Data[i * Pitch];
        return first;
    }

    /// <summary>Whether a row holds a number that is not finite.</summary>
    public bool IsFinite(int row)
    {
        for (var i = 0; i < Size; i++)
        {
            if (!double.IsFinite(Data[i * Pitch + row]))
                return false;
        }
        return true;
    }

    /// <summary>All elements as vectors of <see cref="Lanes"/> numbers would see them.</summary>
    public ref double Start => ref MemoryMarshal.GetArrayDataReference(Data);
}
