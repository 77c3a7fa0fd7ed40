using System.Globalization;

namespace Whence.Data;

/// <summary>The values that a stretch of a file's rows has in one column.</summary>
internal abstract class ColumnCells
{
    public abstract Cell At(int row);

    /// <summary>What a row is called, by a value of this column.</summary>
    public virtual string? NameAt(int row)
    {
        var cell = At(row);
        return cell.Kind switch
        {
            CellKind.Missing => null,
            CellKind.Number => cell.Number.ToString("R", CultureInfo.InvariantCulture),
            _ => cell.Text.ToString(),
        };
    }
}

/// <summary>Numbers; one that is missing is NaN.</summary>
internal sealed class NumberCells(double[] numbers) : ColumnCells
{
    public override Cell At(int row) => Cell.OfNumber(numbers[row]);
}

/// <summary>Whole numbers, whose digits name a row where a double has not enough of them.</summary>
internal sealed class WholeCells(long[] numbers, bool[]? missing) : ColumnCells
{
    public override Cell At(int row) => missing is not null && missing[row] ? Cell.Missing : Cell.OfNumber(numbers[row]);

    public override string? NameAt(int row) =>
        missing is not null && missing[row] ? null : numbers[row].ToString(CultureInfo.InvariantCulture);
}

/// <summary>True, false or missing.</summary>
internal sealed class TruthCells(bool?[] values) : ColumnCells
{
    public override Cell At(int row) => values[row] is { } truth ? Cell.OfTruth(truth) : Cell.Missing;
}

/// <summary>Text, null where it is missing.</summary>
internal sealed class TextCells(string?[] texts) : ColumnCells
{
    public override Cell At(int row) => texts[row] is { } text ? Cell.OfText(text) : Cell.Missing;
}

/// <summary>Lists of numbers, one after the other; an empty one is missing.</summary>
/// <param name="starts">[rows + 1]: where each begins.</param>
/// <param name="numbers">The numbers; one that is missing is NaN.</param>
internal sealed class ListCells(int[] starts, float[] numbers) : ColumnCells
{
    public override Cell At(int row) => starts[row] == starts[row + 1] ? Cell.Missing
        : Cell.OfList(numbers.AsSpan(starts[row], starts[row + 1] - starts[row]));
}
