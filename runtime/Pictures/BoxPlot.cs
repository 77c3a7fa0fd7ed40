using Whence.Evaluate;

namespace Whence.Pictures;

/// <summary>One box of a <see cref="BoxPlot"/>.</summary>
/// <param name="Name">Written at its left.</param>
/// <param name="Statistics">What is drawn.</param>
public sealed record PlotBox(string Name, BoxStatistics Statistics)
{
    /// <summary>Its colour; blue if not given.</summary>
    public Colour? Colour { get; init; }
}

/// <summary>
/// Distributions below each other: box from the lower to the upper quartile with the median as a line, whiskers to the last values
/// within 1.5 times the box's length (Tukey 1977), a dot for each value beyond.
/// </summary>
public sealed record BoxPlot : Plot
{
    /// <summary>The boxes from top to bottom.</summary>
    public required IReadOnlyList<PlotBox> Boxes { get; init; }

    /// <summary>Whether the values beyond the whiskers are drawn.</summary>
    public bool Outliers { get; init; } = true;

    internal override Canvas Draw()
    {
        var all = Boxes.SelectMany(box => Outliers
            ? box.Statistics.Outliers.Append(box.Statistics.Low).Append(box.Statistics.High)
            : [box.Statistics.Low, box.Statistics.High]);
        var frame = Begin(all, Boxes.Select(box => box.Name).ToList(), []);
        for (var row = 0; row < Boxes.Count; row++)
            Draw(frame, Boxes[row], frame.Y[row + 0.5], Math.Min(15, 0.36 * (frame.Y[1] - frame.Y[0])));
        return frame.Canvas;
    }

    private void Draw(Frame frame, PlotBox box, double y, double half)
    {
        var (canvas, x, statistics) = (frame.Canvas, frame.X, box.Statistics);
        var colour = (box.Colour ?? Ink.Of(0)).ToString();
        if (Outliers)
        {
            foreach (var outlier in statistics.Outliers.Where(x.Holds))
                canvas.Circle(x[outlier], y, 2, colour, 0.45);
        }
        canvas.Line(x[statistics.Low], y, x[statistics.High], y, colour, 1.5);
        canvas.Line(x[statistics.Low], y - half / 2, x[statistics.Low], y + half / 2, colour, 1.5);
        canvas.Line(x[statistics.High], y - half / 2, x[statistics.High], y + half / 2, colour, 1.5);
        canvas.Rect(x[statistics.LowerQuartile], y - half, x[statistics.UpperQuartile] - x[statistics.LowerQuartile], 2 * half, "#ffffff");
        canvas.Rect(x[statistics.LowerQuartile], y - half, x[statistics.UpperQuartile] - x[statistics.LowerQuartile], 2 * half, colour,
            colour, 0.35);
        canvas.Line(x[statistics.Median], y - half, x[statistics.Median], y + half, Ink.Text, 2.5);
    }
}
