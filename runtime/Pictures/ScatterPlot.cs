namespace Whence.Pictures;

/// <summary>Points of one kind in a <see cref="ScatterPlot"/>.</summary>
/// <param name="Name">Their name in the legend; without one they have no entry there.</param>
/// <param name="X">Where they lie from left to right.</param>
/// <param name="Y">As many, from bottom to top.</param>
public sealed record PointGroup(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Their colour; the next of eight that are told apart with any colour vision if not given.</summary>
    public Colour? Colour { get; init; }
}

/// <summary>Points on two axes; groups differ in colour and in shape.</summary>
public sealed record ScatterPlot : Plot
{
    private const double Opacity = 0.6;

    /// <summary>The axis from bottom to top.</summary>
    public Axis Y { get; init; } = new();

    /// <summary>The groups, drawn in this order.</summary>
    public required IReadOnlyList<PointGroup> Groups { get; init; }

    /// <summary>Half a point's width in pixels.</summary>
    public double Radius { get; init; } = 3;

    internal override Canvas Draw()
    {
        foreach (var group in Groups)
        {
            if (group.X.Count != group.Y.Count)
                throw new ArgumentException($"A group has as many x as y, but \"{group.Name}\" has {group.X.Count} x and {group.Y.Count} "
                    + "y.", nameof(Groups));
            RequireFinite(group.X.Concat(group.Y), group.Name, nameof(Groups));
        }
        var names = Groups.Select(group => group.Name).ToList();
        var frame = Begin(Groups.SelectMany(group => group.X), Y, Groups.SelectMany(group => group.Y), names);
        if (frame.Y.Minimum < 0 && frame.Y.Maximum > 0)
            frame.Canvas.Line(frame.Left, frame.Y[0], frame.Right, frame.Y[0], Ink.Axis);
        for (var i = 0; i < Groups.Count; i++)
        {
            foreach (var (x, y) in Groups[i].X.Zip(Groups[i].Y).Where(point => frame.X.Holds(point.First) && frame.Y.Holds(point.Second)))
                Mark(frame.Canvas, i, frame.X[x], frame.Y[y], Radius);
        }
        frame.DrawLegend(names, (i, x, y) => Mark(frame.Canvas, i, x, y, 4.5));
        return frame.Canvas;
    }

    private void Mark(Canvas canvas, int place, double x, double y, double radius)
    {
        var colour = (Groups[place].Colour ?? Ink.Of(place)).ToString();
        switch (place % 4)
        {
            case 0:
                canvas.Circle(x, y, radius, colour, Opacity);
                break;
            case 1:
                canvas.Rect(x - 0.9 * radius, y - 0.9 * radius, 1.8 * radius, 1.8 * radius, colour, opacity: Opacity);
                break;
            case 2:
                canvas.Polygon([(x, y - 1.2 * radius), (x + 1.1 * radius, y + 0.8 * radius), (x - 1.1 * radius, y + 0.8 * radius)], colour,
                    Opacity);
                break;
            default:
                canvas.Polygon([(x, y - 1.3 * radius), (x + 1.3 * radius, y), (x, y + 1.3 * radius), (x - 1.3 * radius, y)], colour,
                    Opacity);
                break;
        }
    }
}
