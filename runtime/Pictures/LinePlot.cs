namespace Whence.Pictures;

/// <summary>One line of a <see cref="LinePlot"/>.</summary>
/// <param name="Name">Its name in the legend; without one it has no entry there.</param>
/// <param name="X">Where its points lie from left to right.</param>
/// <param name="Y">As many, from bottom to top.</param>
public sealed record PlotLine(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Its colour; the next of eight that are told apart with any colour vision if not given.</summary>
    public Colour? Colour { get; init; }

    /// <summary>Whether each point has a dot.</summary>
    public bool Dots { get; init; }

    /// <summary>Thickness in pixels.</summary>
    public double Thickness { get; init; } = 2;
}

/// <summary>Lines over a common axis, such as a network's score along the path.</summary>
public sealed record LinePlot : Plot
{
    /// <summary>The axis from bottom to top.</summary>
    public Axis Y { get; init; } = new();

    /// <summary>The lines, drawn in this order.</summary>
    public required IReadOnlyList<PlotLine> Lines { get; init; }

    internal override Canvas Draw()
    {
        foreach (var line in Lines)
        {
            if (line.X.Count != line.Y.Count || line.X.Count == 0)
                throw new ArgumentException($"A line has at least one point and as many x as y, but \"{line.Name}\" has {line.X.Count} x "
                    + $"and {line.Y.Count} y.", nameof(Lines));
            RequireFinite(line.X.Concat(line.Y), line.Name, nameof(Lines));
        }
        var names = Lines.Select(line => line.Name).ToList();
        var frame = Begin(Lines.SelectMany(line => line.X), Y, Lines.SelectMany(line => line.Y), names);
        for (var i = 0; i < Lines.Count; i++)
            Draw(frame, i);
        frame.DrawLegend(names, (i, x, y) => frame.Canvas.Line(x - 11, y, x + 9, y, ColourOf(i), Lines[i].Thickness, Ink.DashOf(i)));
        return frame.Canvas;
    }

    private void Draw(Frame frame, int place)
    {
        var line = Lines[place];
        var points = line.X.Zip(line.Y, (x, y) => (X: frame.X[x], Y: frame.Y[y])).ToList();
        frame.Canvas.Polyline(points, ColourOf(place), line.Thickness, Ink.DashOf(place));
        if (!line.Dots && points.Count > 1)
            return;
        foreach (var (x, y) in points)
            frame.Canvas.Circle(x, y, line.Thickness + 1, ColourOf(place));
    }

    private string ColourOf(int place) => (Lines[place].Colour ?? Ink.Of(place)).ToString();
}
