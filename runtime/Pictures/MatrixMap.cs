using System.Globalization;

namespace Whence.Pictures;

/// <summary>A matrix of signed scores as a heat map with a name for each row and column, such as atom by atom or word by word.</summary>
public sealed record MatrixMap : Drawing
{
    private const double Margin = 14;

    /// <summary>The rows' names from the top.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>The columns' names from the left.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>[rows, columns].</summary>
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>The colours; <see cref="Palette.BlueRed"/> if not given.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>The score at which the colour is full; the largest absolute one if not given.</summary>
    public double? Full { get; init; }

    /// <summary>Pixels of a square's side.</summary>
    public double Square { get; init; } = 24;

    /// <summary>Whether the values are written in the squares.</summary>
    public bool ShowValues { get; init; }

    internal override Canvas Draw()
    {
        if (Rows.Count == 0 || Columns.Count == 0 || Values.Length != Rows.Count * Columns.Count)
            throw new ArgumentException($"A matrix of {Rows.Count} rows and {Columns.Count} columns takes {Rows.Count * Columns.Count} "
                + $"values, at least 1, but Values has {Values.Length}.", nameof(Values));
        Scores.Check(Values.Span, new Shape(Rows.Count, Columns.Count), nameof(Values));
        if (!(Square > 0 && double.IsFinite(Square)))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Square is over 0, but is {Square}."), nameof(Square));
        var legend = new ColourLegend(Palette, ColourLegend.FullOf(Values.Span, Full, nameof(Full)));
        var upright = Columns.All(name => Canvas.WidthOf(name) <= Square - 2);
        var left = Margin + Rows.Max(name => Canvas.WidthOf(name)) + 8;
        var top = Margin + (Title.Length > 0 ? 22 : 0) + (upright ? 20 : Columns.Max(name => Canvas.WidthOf(name)) + 8);
        var (width, height) = (Columns.Count * Square, Rows.Count * Square);
        var canvas = new Canvas(left + width + ColourLegend.Width + Margin, top + Math.Max(height, ColourLegend.LeastHeight) + Margin,
            Title);
        if (Title.Length > 0)
            canvas.Text(canvas.Width / 2, 18, Title, "middle", 14, bold: true);
        for (var column = 0; column < Columns.Count; column++)
            canvas.Text(left + (column + 0.5) * Square, top - (upright ? 10 : 6), Columns[column], upright ? "middle" : "start",
                upwards: !upright);
        for (var row = 0; row < Rows.Count; row++)
            DrawRow(canvas, legend, row, left, top);
        canvas.Line(left, top, left + width, top, Ink.Axis);
        canvas.Line(left, top + height, left + width, top + height, Ink.Axis);
        canvas.Line(left, top, left, top + height, Ink.Axis);
        canvas.Line(left + width, top, left + width, top + height, Ink.Axis);
        legend.Draw(canvas, left + width + 18, top, Math.Clamp(height, ColourLegend.LeastHeight, 160));
        return canvas;
    }

    private void DrawRow(Canvas canvas, ColourLegend legend, int row, double left, double top)
    {
        var y = top + row * Square;
        canvas.Text(left - 8, y + Square / 2, Rows[row], "end");
        for (var column = 0; column < Columns.Count; column++)
        {
            var value = Values.Span[row * Columns.Count + column];
            var colour = legend[value];
            canvas.Rect(left + column * Square, y, Square, Square, colour.ToString());
            if (ShowValues)
                canvas.Text(left + (column + 0.5) * Square, y + Square / 2, Scale.Short(value), "middle", Math.Min(11, Square / 3),
                    fill: Ink.Upon(colour));
        }
    }
}

/// <summary>What the colours of signed scores mean: a strip from the most negative to the most positive.</summary>
internal sealed record ColourLegend(Palette Palette, double Full)
{
    public const double Width = 74;
    public const double LeastHeight = 80;

    public Colour this[double score] => Full == 0 ? Colour.White : Palette[score / Full];

    /// <summary>The score at which the colour is full.</summary>
    public static double FullOf(ReadOnlySpan<float> scores, double? given, string argument)
    {
        if (given is { } full)
            return full >= 0 && double.IsFinite(full) ? full : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The score at which the colour is full is finite and not negative, but {argument} is {full}."),
                argument);
        var largest = 0.0;
        foreach (var score in scores)
            largest = Math.Max(largest, Math.Abs(score));
        return largest;
    }

    public void Draw(Canvas canvas, double x, double y, double height)
    {
        const int steps = 40;
        var each = height / steps;
        for (var i = 0; i < steps; i++)
            canvas.Rect(x, y + i * each, 12, each + 0.3, Palette[1 - 2 * (i + 0.5) / steps].ToString());
        canvas.Text(x + 18, y + 5, Full == 0 ? "" : $"+{Scale.Short(Full)}", size: 11);
        canvas.Text(x + 18, y + height / 2, "0", size: 11);
        canvas.Text(x + 18, y + height - 5, Full == 0 ? "" : Scale.Short(-Full), size: 11);
    }
}
