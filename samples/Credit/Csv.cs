using System.Globalization;

namespace Credit;

/// <summary>A CSV file of numbers with a header, whose last column may be text.</summary>
/// <param name="Columns">The header.</param>
/// <param name="Rows">The numbers of each row, those of the text column left out.</param>
/// <param name="Labels">The text column, where there is one.</param>
internal sealed record Csv(IReadOnlyList<string> Columns, IReadOnlyList<double[]> Rows, IReadOnlyList<string> Labels)
{
    /// <summary>Reads a file; <paramref name="labels"/> says whether its last column is text.</summary>
    /// <exception cref="InvalidDataException">A row has another number of columns than the header, or a number cannot be read.</exception>
    public static Csv Read(string path, bool labels = false)
    {
        var lines = File.ReadAllLines(path);
        var columns = lines[0].Split(',');
        var numbers = labels ? columns.Length - 1 : columns.Length;
        var rows = new List<double[]>();
        var names = new List<string>();
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split(',');
            if (cells.Length != columns.Length)
                throw new InvalidDataException($"{path}: a row has {cells.Length} columns, but the header has {columns.Length}: {line}");
            rows.Add(Array.ConvertAll(cells[..numbers],
                cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new InvalidDataException($"{path}: {cell} is no number.")));
            if (labels)
                names.Add(cells[^1]);
        }
        return new(columns[..numbers], rows, names);
    }
}
