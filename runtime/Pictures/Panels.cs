namespace Whence.Pictures;

/// <summary>Several drawings on one sheet, in rows from the left.</summary>
public sealed record Panels : Drawing
{
    /// <summary>The drawings in the order of reading.</summary>
    public required IReadOnlyList<Drawing> Drawings { get; init; }

    /// <summary>How many stand in a row.</summary>
    public int Columns { get; init; } = 2;

    internal override Canvas Draw()
    {
        if (Drawings.Count == 0 || Columns < 1)
            throw new ArgumentException($"There is at least one drawing and one column, but there are {Drawings.Count} and {Columns}.",
                nameof(Drawings));
        var rows = Drawings.Select(drawing => drawing.Draw()).Chunk(Columns).ToList();
        var widths = Enumerable.Range(0, Math.Min(Columns, Drawings.Count))
            .Select(column => rows.Where(row => column < row.Length).Max(row => row[column].Width))
            .ToList();
        var top = Title.Length > 0 ? 30.0 : 0;
        var canvas = new Canvas(widths.Sum(), top + rows.Sum(row => row.Max(panel => panel.Height)), Title);
        if (Title.Length > 0)
            canvas.Text(canvas.Width / 2, 18, Title, "middle", 15, bold: true);
        foreach (var row in rows)
        {
            var left = 0.0;
            for (var column = 0; column < row.Length; column++)
            {
                canvas.Lay(row[column], left, top);
                left += widths[column];
            }
            top += row.Max(panel => panel.Height);
        }
        return canvas;
    }
}
