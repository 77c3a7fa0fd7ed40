using System.Globalization;

namespace Whence.Pictures;

/// <summary>A plot on two axes, with a legend where its parts have names.</summary>
public abstract record Plot : Drawing
{
    private protected const double Margin = 14;

    /// <summary>Pixels from edge to edge.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Pixels from edge to edge.</summary>
    public int Height { get; init; } = 400;

    /// <summary>The axis from left to right.</summary>
    public Axis X { get; init; } = new();

    /// <summary>The plot's frame on an empty sheet: title, axes with ticks and grid, and the legend's entries at the right.</summary>
    private protected Frame Begin(IEnumerable<double> xs, Axis yAxis, IEnumerable<double> ys, IReadOnlyList<string> legend)
    {
        var canvas = new Canvas(Width, Height, Title);
        var right = Width - Margin - LegendWidth(legend);
        var top = Top();
        var bottom = Height - Margin - 20 - (X.Label.Length > 0 ? 18 : 0);
        var y = yAxis.Over(ys, bottom, top, 50, nameof(X));
        var left = Margin + (yAxis.Label.Length > 0 ? 20 : 0)
            + y.Ticks().Select(tick => Canvas.WidthOf(y.Label(tick), 11)).DefaultIfEmpty(0).Max() + 8;
        RequireRoom(right - left, bottom - top);
        var x = X.Over(xs, left, right, 80, nameof(X));
        var frame = new Frame(canvas, x, y, left, top, right, bottom);
        frame.DrawTitle(Title, Width);
        foreach (var tick in y.Ticks())
        {
            canvas.Line(left, y[tick], right, y[tick], Ink.Grid);
            canvas.Text(left - 6, y[tick], y.Label(tick), "end", 11);
        }
        canvas.Text(Margin + 4, (top + bottom) / 2, yAxis.Label, "middle", upwards: true);
        frame.DrawX(X.Label);
        return frame;
    }

    /// <summary>The plot's frame with a row for each of these names instead of an axis from bottom to top.</summary>
    private protected Frame Begin(IEnumerable<double> xs, IReadOnlyList<string> rows, IReadOnlyList<string> legend)
    {
        var canvas = new Canvas(Width, Height, Title);
        var right = Width - Margin - LegendWidth(legend);
        var top = Top();
        var bottom = Height - Margin - 20 - (X.Label.Length > 0 ? 18 : 0);
        var left = Margin + rows.Select(name => Canvas.WidthOf(name)).DefaultIfEmpty(0).Max() + 8;
        RequireRoom(right - left, bottom - top);
        var frame = new Frame(canvas, X.Over(xs, left, right, 80, nameof(X)), new Scale(0, Math.Max(1, rows.Count), top, bottom, 1), left,
            top, right, bottom);
        frame.DrawTitle(Title, Width);
        frame.DrawX(X.Label);
        for (var row = 0; row < rows.Count; row++)
            canvas.Text(left - 8, frame.Y[row + 0.5], rows[row], "end");
        return frame;
    }

    private protected static void RequireFinite(IEnumerable<double> values, string series, string argument)
    {
        var place = 0;
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Only finite values can be drawn, but value {place} of \"{series}\" is {value}."),
                    argument);
            place++;
        }
    }

    private double Top() => Margin + (Title.Length > 0 ? 22 : 4);

    private static double LegendWidth(IReadOnlyList<string> legend) =>
        legend.Where(name => name.Length > 0).Select(name => Canvas.WidthOf(name) + 36).DefaultIfEmpty(0).Max();

    private void RequireRoom(double width, double height)
    {
        if (width < 60 || height < 40)
            throw new ArgumentException($"A plot of {Width} x {Height} pixels leaves no room beside its labels; make Width or Height "
                + "larger or the names shorter.", nameof(Width));
    }
}

/// <summary>A plot's inside and its scales.</summary>
internal sealed record Frame(Canvas Canvas, Scale X, Scale Y, double Left, double Top, double Right, double Bottom)
{
    public void DrawTitle(string title, double width)
    {
        if (title.Length > 0)
            Canvas.Text(width / 2, 18, title, "middle", 14, bold: true);
    }

    public void DrawX(string label)
    {
        foreach (var tick in X.Ticks())
        {
            Canvas.Line(X[tick], Top, X[tick], Bottom, Ink.Grid);
            Canvas.Line(X[tick], Bottom, X[tick], Bottom + 4, Ink.Axis);
            Canvas.Text(X[tick], Bottom + 13, X.Label(tick), "middle", 11);
        }
        if (X.Minimum < 0 && X.Maximum > 0)
            Canvas.Line(X[0], Top, X[0], Bottom, Ink.Axis);
        Canvas.Line(Left, Bottom, Right, Bottom, Ink.Axis);
        Canvas.Text((Left + Right) / 2, Bottom + 32, label, "middle");
    }

    /// <summary>The legend at the right: for each name its mark, which is drawn around a point, and the name.</summary>
    public void DrawLegend(IReadOnlyList<string> names, Action<int, double, double> mark)
    {
        var y = Top + 8;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0)
                continue;
            mark(i, Right + 20, y);
            Canvas.Text(Right + 34, y, names[i]);
            y += Canvas.LineHeight + 2;
        }
    }
}
