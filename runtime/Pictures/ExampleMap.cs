namespace Whence.Pictures;

/// <summary>
/// The scores of many examples as a heat map: a line for each of the strongest features, a column for each example, above them the sum of
/// an example's scores, at the right the features' mean sizes. SHAP's heat map, with examples ordered by that sum, the largest at the left.
/// </summary>
public sealed record ExampleMap : Plot
{
    private const double BarWidth = 44;

    /// <summary>What is shown.</summary>
    public required ScoredRows Table { get; init; }

    /// <summary>How many lines; where there are more features the last is the sum of all others.</summary>
    public int Most { get; init; } = 10;

    /// <summary>The colours of negative and positive scores.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>The examples from the left.</summary>
    internal static int[] Order(ScoredRows table)
    {
        var sums = Enumerable.Range(0, table.Count).Select(row => Sum(table, row)).ToArray();
        return [.. Enumerable.Range(0, table.Count).OrderByDescending(row => sums[row])];
    }

    /// <summary>
    /// The score at which the colour is full: of the 1st and the 99th percentile of all that is shown, the one that lies farther from zero.
    /// </summary>
    internal static double Full(IReadOnlyList<TableLine> lines)
    {
        var all = lines.SelectMany(line => line.Scores).ToArray();
        return Math.Max(-Scores.Percentile(all, 1), Scores.Percentile(all, 99));
    }

    internal override Canvas Draw()
    {
        var table = Table.Checked();
        var lines = table.Lines(Most);
        var (order, full) = (Order(table), Full(lines));
        var axis = new Axis(X.Label.Length > 0 ? X.Label : "examples, by the sum of their scores") { Minimum = 0, Maximum = table.Count };
        var rows = lines.Select(line => line.Name).Prepend("sum").ToList();
        var frame = (this with { X = axis }).Begin([], rows, ["mean |score| and colours"]);
        var legend = new ColourLegend(Palette, full);
        DrawSums(frame, table, order);
        for (var i = 0; i < lines.Count; i++)
            Draw(frame, table, lines[i], order, legend, i + 1);
        DrawBars(frame, lines);
        legend.Draw(frame.Canvas, frame.Right + BarWidth + 40, frame.Y[1],
            Math.Clamp(frame.Bottom - frame.Y[1], ColourLegend.LeastHeight, 160));
        return frame.Canvas;
    }

    private static double Sum(ScoredRows table, int row)
    {
        var sum = 0.0;
        for (var feature = 0; feature < table.Features.Count; feature++)
            sum += table.Score(row, feature);
        return sum;
    }

    private static void DrawSums(Frame frame, ScoredRows table, int[] order)
    {
        var sums = order.Select(row => Sum(table, row)).ToList();
        var (most, half) = (sums.Max(Math.Abs), 0.42 * (frame.Y[1] - frame.Y[0]));
        frame.Canvas.Line(frame.Left, frame.Y[0.5], frame.Right, frame.Y[0.5], Ink.Grid, dash: "3 3");
        frame.Canvas.Polyline(
            sums.Select((sum, i) => (frame.X[i + 0.5], frame.Y[0.5] - (most == 0 ? 0 : sum / most) * half)), Ink.Text, 1.2);
    }

    private static void Draw(Frame frame, ScoredRows table, TableLine line, int[] order, ColourLegend legend, int row)
    {
        var (top, height) = (frame.Y[row], frame.Y[row + 1] - frame.Y[row] - 1);
        for (var i = 0; i < order.Length; i++)
            frame.Canvas.Rect(frame.X[i], top, frame.X[i + 1] - frame.X[i] + (i < order.Length - 1 ? 0.2 : 0), height,
                legend[line.Scores[order[i]]].ToString(),
                hint: $"{table.RowName(order[i])}: {line.Name}, score {Scale.Short(line.Scores[order[i]])}");
    }

    private static void DrawBars(Frame frame, IReadOnlyList<TableLine> lines)
    {
        var most = lines.Max(line => line.MeanSize);
        for (var i = 0; i < lines.Count; i++)
            frame.Canvas.Rect(frame.Right + 2, frame.Y[i + 1.2], most == 0 ? 0 : BarWidth * lines[i].MeanSize / most,
                frame.Y[0.6] - frame.Y[0], Ink.Text, hint: $"{lines[i].Name}: mean |score| {Scale.Short(lines[i].MeanSize)}");
    }
}
