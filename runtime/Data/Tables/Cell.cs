namespace Whence.Data;

/// <summary>What one row of a file has in one column.</summary>
internal readonly ref struct Cell
{
    private Cell(CellKind kind, ReadOnlySpan<char> text, double number, ReadOnlySpan<float> list)
    {
        Kind = kind;
        Text = text;
        Number = number;
        List = list;
    }

    public CellKind Kind { get; }

    public ReadOnlySpan<char> Text { get; }

    public double Number { get; }

    public ReadOnlySpan<float> List { get; }

    /// <summary>No value.</summary>
    public static Cell Missing => default;

    /// <summary>Text: of a CSV file every value, which may stand for a number.</summary>
    public static Cell OfText(ReadOnlySpan<char> text) => new(CellKind.Text, text, 0, default);

    /// <summary>A number. One that is no number is missing, as data frames write it.</summary>
    public static Cell OfNumber(double number) => double.IsNaN(number) ? Missing : new(CellKind.Number, default, number, default);

    /// <summary>True or false, which is 1 or 0 where a number is asked for.</summary>
    public static Cell OfTruth(bool truth) => new(CellKind.Truth, truth ? "true" : "false", truth ? 1 : 0, default);

    /// <summary>Several numbers; a missing one is NaN.</summary>
    public static Cell OfList(ReadOnlySpan<float> list) => new(CellKind.List, default, 0, list);
}

/// <summary>What a <see cref="Cell"/> holds.</summary>
internal enum CellKind
{
    /// <summary>Nothing.</summary>
    Missing,
    /// <summary>Text.</summary>
    Text,
    /// <summary>A number.</summary>
    Number,
    /// <summary>True or false.</summary>
    Truth,
    /// <summary>Several numbers.</summary>
    List,
}
