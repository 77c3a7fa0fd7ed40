using System.Globalization;
using Whence.Import;

namespace Whence.Tool.Given;

/// <summary>Numbers in lines, between commas, semicolons or tabs; a first line that is not numbers names the columns.</summary>
internal static class Table
{
    /// <summary>One row, for an input of one axis or of as many elements; of an input [rows, columns], as many rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">The input.</param>
    /// <param name="row">The row, from 0; of several, the first.</param>
    /// <exception cref="InvalidDataException">The file is no table of numbers, or of another size.</exception>
    public static GivenInput Read(string path, ImportedValue input, int row)
    {
        var lines = File.ReadAllLines(path).Where(line => line.Trim().Length > 0).ToArray();
        if (lines.Length == 0)
            throw new InvalidDataException("it is empty");
        var separator = lines[0].Contains('\t', StringComparison.Ordinal) ? '\t'
            : lines[0].Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var first = lines[0].Split(separator, StringSplitOptions.TrimEntries);
        var names = first.Any(cell => !IsNumber(cell, out _)) ? first.Select(cell => cell.Trim('"')).ToArray() : [];
        var below = lines[(names.Length > 0 ? 1 : 0)..];
        var core = Inputs.Core(input.Axes);
        var (count, width) = core.Length > 1 && first.Length == core[^1] ? (Inputs.Count(core[..^1]), core[^1])
            : (1, Inputs.Count(core));
        if (first.Length != width)
            throw new InvalidDataException($"it has {first.Length} columns in place of {width}");
        if (row + count > below.Length)
            throw new InvalidDataException(count == 1 ? $"it has rows 0 to {below.Length - 1}, not {row}"
                : $"from row {row} it has {Math.Max(0, below.Length - row)} of {count} rows");
        var isFeature = input.Axes.Count == 1;
        return new($"{Path.GetFileName(path)}, row {row}")
        {
            Numbers = [.. below.Skip(row).Take(count).SelectMany((line, i) => Numbers(line, separator, width, row + i, names))],
            Names = isFeature ? names : [],
        };
    }

    private static IEnumerable<float> Numbers(string line, char separator, int width, int row, string[] names)
    {
        var cells = line.Split(separator, StringSplitOptions.TrimEntries);
        if (cells.Length != width)
            throw new InvalidDataException($"row {row} has {cells.Length} columns in place of {width}");
        for (var i = 0; i < width; i++)
        {
            yield return IsNumber(cells[i], out var number) ? number
                : throw new InvalidDataException(
                    $"row {row}, {(names.Length > 0 ? names[i] : $"column {i}")} is \"{cells[i]}\", no number");
        }
    }

    private static bool IsNumber(string cell, out float number) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
