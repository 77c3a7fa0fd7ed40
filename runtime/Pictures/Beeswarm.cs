namespace Whence.Pictures;

/// <summary>
/// The scores of many examples, a line for each of the strongest features and a dot for each example, coloured by the feature's value:
/// SHAP's summary. Dots of nearly equal scores stand above and below each other. Missing values, and the sum of all others, which has no
/// value of its own, are grey.
/// </summary>
public sealed record Beeswarm : Plot
{
    // SHAP's: hundredths of a line's range stand beside each other, and a line's dots fill so much of its height to each side.
    private const int Bins = 100;
    private const double Half = 0.36;

    /// <summary>What is shown.</summary>
    public required ScoredRows Table { get; init; }

    /// <summary>How many lines; where there are more features the last is the sum of all others.</summary>
    public int Most { get; init; } = 10;

    /// <summary>The colours of low and of high values.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>Half a dot's width in pixels.</summary>
    public double Radius { get; init; } = 2.6;

    /// <summary>Whether a dot that is pointed at says its row, value and score.</summary>
    public bool Hints { get; init; } = true;

    /// <summary>How far up from its line each dot stands, in heights of a line, in the order of the scores.</summary>
    internal static double[] Offsets(IReadOnlyList<double> scores)
    {
        var (least, most) = (scores.Min(), scores.Max());
        var bins = scores.Select(score => Math.Round(Bins * (score - least) / (most - least + 1e-8))).ToArray();
        var offsets = new double[scores.Count];
        var (layer, last) = (0, -1.0);
        foreach (var i in Enumerable.Range(0, bins.Length).OrderBy(i => bins[i]))
        {
            layer = bins[i] == last ? layer + 1 : 0;
            offsets[i] = (layer + 1) / 2 * (layer % 2 * 2 - 1);
            last = bins[i];
        }
        var highest = offsets.Max() + 1;
        return Array.ConvertAll(offsets, offset => offset * Half / highest);
    }

    internal override Canvas Draw()
    {
        var table = Table.Checked();
        var lines = table.Lines(Most);
        var coloured = !table.Values.IsEmpty;
        var axis = X.Label.Length > 0 ? X : X with { Label = "score" };
        var frame = (this with { X = axis }).Begin(lines.SelectMany(line => line.Scores), [.. lines.Select(line => line.Name)],
            coloured ? ["feature value"] : []);
        for (var i = 0; i < lines.Count; i++)
            Draw(frame, table, lines[i], i + 0.5);
        if (coloured)
            new ValueColours(Palette, 0, 1).Draw(frame.Canvas, frame.Right + 26, frame.Top + 6, frame.Bottom - frame.Top - 12,
                "feature value");
        return frame.Canvas;
    }

    private void Draw(Frame frame, ScoredRows table, TableLine line, double middle)
    {
        frame.Canvas.Line(frame.Left, frame.Y[middle], frame.Right, frame.Y[middle], Ink.Grid, dash: "1 4");
        var colours = ValueColours.Of(Palette,
            Enumerable.Range(0, line.Feature < 0 ? 0 : table.Count).Select(row => table.Value(row, line.Feature)));
        var offsets = Offsets(line.Scores);
        for (var row = 0; row < table.Count; row++)
        {
            if (!frame.X.Holds(line.Scores[row]))
                continue;
            var value = line.Feature < 0 ? double.NaN : table.Value(row, line.Feature);
            var colour = table.Values.IsEmpty ? Ink.Of(0) : colours[value];
            frame.Canvas.Circle(frame.X[line.Scores[row]], frame.Y[middle - offsets[row]], Radius, colour.ToString(), 0.85,
                hint: Hints ? Hint(table, line, row, value) : null);
        }
    }

    private static string Hint(ScoredRows table, TableLine line, int row, double value) =>
        $"{table.RowName(row)}: {line.Name}{(double.IsNaN(value) ? "" : $" = {Scale.Short(value)}")}, "
        + $"score {Scale.Short(line.Scores[row])}";
}
