using Whence.Evaluate;

namespace Whence.Pictures;

/// <summary>Bars of one colour in a <see cref="BarChart"/>, one for each row.</summary>
/// <param name="Name">Their name in the legend; without one they have no entry there.</param>
/// <param name="Values">One for each row.</param>
public sealed record BarSeries(string Name, IReadOnlyList<double> Values)
{
    /// <summary>Where an interval around each value begins and ends, drawn as a thin line over the bar's end; none if empty.</summary>
    public IReadOnlyList<(double Low, double High)> Intervals { get; init; } = [];

    /// <summary>Their colour; the next of eight that are told apart with any colour vision if not given.</summary>
    public Colour? Colour { get; init; }
}

/// <summary>Bars from left to right, rows below each other, each with its value written at its end.</summary>
public sealed record BarChart : Plot
{
    /// <summary>The rows' names from top to bottom.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>The series; each row has one bar of each, below each other.</summary>
    public required IReadOnlyList<BarSeries> Series { get; init; }

    /// <summary>Whether the values are written at the bars' ends.</summary>
    public bool ShowValues { get; init; } = true;

    /// <summary>
    /// The strongest scores of an explanation as bars, each with its feature's name or its place, and the sum of all others.
    /// </summary>
    /// <param name="why">The explanation.</param>
    /// <param name="count">How many scores have a bar of their own; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1.</exception>
    public static BarChart Of(Attribution why, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(why);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var top = why.Top(count);
        var rows = top.Select(one => one.Place).ToList();
        var values = top.Select(one => (double)one.Score).ToList();
        if (why.Scores.Length > top.Count)
        {
            rows.Add($"{why.Scores.Length - top.Count} others together");
            values.Add(why.Completeness.Sum - values.Sum());
        }
        return new BarChart
        {
            Title = $"{Explained.Words(why.Method)} of {why.Network}'s {why.Target}",
            X = new("score"),
            Height = 90 + 26 * rows.Count,
            Rows = rows,
            Series = [new("", values)],
        };
    }

    /// <summary>
    /// The mean sizes of the strongest features over many rows, with their intervals; where there are more features the last bar is the
    /// sum of all others, as in SHAP's bar plot.
    /// </summary>
    /// <param name="scores">Of all features (<see cref="GlobalScores.Summarise"/>).</param>
    /// <param name="most">How many bars; at least 1.</param>
    /// <exception cref="ArgumentException">There is no feature.</exception>
    public static BarChart Of(IReadOnlyList<GlobalScore> scores, int most = 10)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (scores.Count == 0)
            throw new ArgumentException("There is at least one feature to draw, but there is none.", nameof(scores));
        var order = scores.OrderByDescending(score => score.MeanAbsolute.Estimate).ToList();
        var alone = order.Count <= most ? order : order[..(most - 1)];
        var rows = alone.Select(score => score.Name).ToList();
        var values = alone.Select(score => score.MeanAbsolute.Estimate).ToList();
        var intervals = alone.Select(score => (score.MeanAbsolute.Low, score.MeanAbsolute.High)).ToList();
        if (alone.Count < order.Count)
        {
            var others = order.Skip(alone.Count).Sum(score => score.MeanAbsolute.Estimate);
            rows.Add($"{order.Count - alone.Count} others together");
            values.Add(others);
            // Of a sum of means no interval is known.
            intervals.Add((others, others));
        }
        return new BarChart
        {
            X = new("mean |score|"),
            Height = 90 + 26 * rows.Count,
            Rows = rows,
            Series = [new("", values) { Intervals = intervals.All(interval => double.IsFinite(interval.Low)) ? intervals : [] }],
        };
    }

    internal override Canvas Draw()
    {
        foreach (var series in Series)
            Check(series);
        var names = Series.Select(series => series.Name).ToList();
        var all = Series.SelectMany(
            series => series.Values.Concat(series.Intervals.SelectMany(interval => new[] { interval.Low, interval.High })))
            .Append(0);
        var frame = Begin(all, Rows, names);
        for (var row = 0; row < Rows.Count; row++)
        {
            for (var i = 0; i < Series.Count; i++)
                Draw(frame, row, i);
        }
        frame.DrawLegend(names, (i, x, y) => frame.Canvas.Rect(x - 6, y - 6, 12, 12, ColourOf(i)));
        return frame.Canvas;
    }

    private void Check(BarSeries series)
    {
        if (series.Values.Count != Rows.Count)
            throw new ArgumentException($"There are {Rows.Count} rows, but \"{series.Name}\" has {series.Values.Count} values.",
                nameof(Series));
        if (series.Intervals.Count != 0 && series.Intervals.Count != Rows.Count)
            throw new ArgumentException($"There are {Rows.Count} rows, but \"{series.Name}\" has {series.Intervals.Count} intervals; give "
                + "one for each or none.", nameof(Series));
        RequireFinite(series.Values.Concat(series.Intervals.SelectMany(interval => new[] { interval.Low, interval.High })), series.Name,
            nameof(Series));
    }

    private void Draw(Frame frame, int row, int place)
    {
        var (canvas, x, series) = (frame.Canvas, frame.X, Series[place]);
        var each = 0.76 * (frame.Y[1] - frame.Y[0]) / Series.Count;
        var top = frame.Y[row + 0.12] + place * each;
        var height = Math.Max(0.5, each - 1);
        var (zero, end) = (x[0], x[series.Values[row]]);
        canvas.Rect(Math.Min(zero, end), top, Math.Abs(end - zero), height, ColourOf(place), hint: Hint(row, series));
        var (innermost, outermost) = (end, end);
        if (series.Intervals.Count > 0)
        {
            var (low, high) = (x[series.Intervals[row].Low], x[series.Intervals[row].High]);
            canvas.Line(low, top + height / 2, high, top + height / 2, Ink.Text, 1.5);
            (innermost, outermost) = series.Values[row] < 0 ? (high, low) : (low, high);
        }
        if (!ShowValues || each < 9)
            return;
        var text = Scale.Short(series.Values[row]);
        var leftwards = series.Values[row] < 0 || outermost + 4 + Canvas.WidthOf(text, 11) > frame.Right;
        var inside = leftwards && series.Values[row] >= 0;
        canvas.Text(inside ? innermost - 4 : outermost + (leftwards ? -4 : 4), top + height / 2, text, leftwards ? "end" : "start",
            Math.Min(11, each), fill: inside ? Ink.Upon(Series[place].Colour ?? Ink.Of(place)) : null);
    }

    private string Hint(int row, BarSeries series)
    {
        var interval = series.Intervals.Count == 0 || series.Intervals[row].Low == series.Intervals[row].High
            ? ""
            : $" ({Scale.Short(series.Intervals[row].Low)} to {Scale.Short(series.Intervals[row].High)})";
        return $"{Rows[row]}{(series.Name.Length > 0 ? $", {series.Name}" : "")}: {Scale.Short(series.Values[row])}{interval}";
    }

    private string ColourOf(int place) => (Series[place].Colour ?? Ink.Of(place)).ToString();
}
