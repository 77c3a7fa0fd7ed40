using Whence.Evaluate;

namespace Whence.Pictures;

/// <summary>
/// How a feature's score depends on its value, a dot for each example, coloured by another feature: SHAP's dependence scatter. Where
/// dots of one value lie apart, other features take part.
/// </summary>
public sealed record DependencePlot : Plot
{
    /// <summary>What is shown; it has values.</summary>
    public required ScoredRows Table { get; init; }

    /// <summary>The feature's place in a row.</summary>
    public required int Feature { get; init; }

    /// <summary>
    /// The feature that gives the colours; null for the one that seems to take part most (<see cref="TakesPart"/>), itself for none.
    /// </summary>
    public int? ColouredBy { get; init; }

    /// <summary>The colours of low and of high values.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>Half a dot's width in pixels.</summary>
    public double Radius { get; init; } = 3;

    /// <summary>
    /// The other feature whose values go most with the scores of one where its own values are nearly equal: SHAP's
    /// <c>approximate_interactions</c>, summed sizes of correlations over bins of at most 50 neighbours. A guess from the scores alone;
    /// ShapleyInteractions of <see cref="Explainers"/> asks the network.
    /// </summary>
    /// <param name="table">It has values, none of which is missing in the feature.</param>
    /// <param name="feature">The feature's place in a row.</param>
    public static int TakesPart(ScoredRows table, int feature)
    {
        ArgumentNullException.ThrowIfNull(table);
        RequireValues(table, feature);
        var order = Enumerable.Range(0, table.Count).OrderBy(row => table.Value(row, feature)).ToArray();
        var scores = Array.ConvertAll(order, row => (double)table.Score(row, feature));
        var (best, most) = (feature, -1.0);
        for (var other = 0; other < table.Features.Count; other++)
        {
            if (other == feature)
                continue;
            var values = Array.ConvertAll(order, row => (double)table.Value(row, other));
            var missing = Array.ConvertAll(values, value => double.IsNaN(value) ? 1.0 : 0);
            var strength = Math.Max(Together(scores, values), Together(scores, missing));
            if (strength > most)
                (best, most) = (other, strength);
        }
        return best;
    }

    internal override Canvas Draw()
    {
        var table = Table.Checked();
        RequireValues(table, Feature);
        var by = ColouredBy ?? TakesPart(table, Feature);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)by, (uint)table.Features.Count, nameof(ColouredBy));
        var rows = Enumerable.Range(0, table.Count).Where(row => float.IsFinite(table.Value(row, Feature))).ToList();
        var (named, title) = (table.Features[Feature], table.Features[by]);
        var colours = Colours(table, by);
        var (low, high) = (Scale.Short(colours.Low), Scale.Short(colours.High));
        var frame = (this with { X = X.Label.Length > 0 ? X : X with { Label = named } }).Begin(
            rows.Select(row => (double)table.Value(row, Feature)), new Axis($"score of {named}"),
            rows.Select(row => (double)table.Score(row, Feature)), by == Feature ? [] : [ValueColours.Room(low, high)]);
        if (frame.Y.Minimum < 0 && frame.Y.Maximum > 0)
            frame.Canvas.Line(frame.Left, frame.Y[0], frame.Right, frame.Y[0], Ink.Axis);
        foreach (var row in rows)
        {
            var (value, score) = (table.Value(row, Feature), table.Score(row, Feature));
            var colour = by == Feature ? Ink.Of(0) : colours[table.Value(row, by)];
            var other = by == Feature ? "" : $", {title} = {Scale.Short(table.Value(row, by))}";
            frame.Canvas.Circle(frame.X[value], frame.Y[score], Radius, colour.ToString(), 0.8,
                hint: $"{table.RowName(row)}: {named} = {Scale.Short(value)}, score {Scale.Short(score)}{other}");
        }
        if (by != Feature)
            colours.Draw(frame.Canvas, frame.Right + 22, frame.Top + 6, frame.Bottom - frame.Top - 12, title, low, high);
        return frame.Canvas;
    }

    /// <summary>SHAP's limits, and the ends for a feature of a few whole numbers.</summary>
    internal ValueColours Colours(ScoredRows table, int by)
    {
        var values = Enumerable.Range(0, table.Count).Select(row => table.Value(row, by)).ToList();
        return ValueColours.Of(Palette, values, narrow: false);
    }

    private static void RequireValues(ScoredRows table, int feature)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)feature, (uint)table.Features.Count, nameof(feature));
        if (table.Values.IsEmpty)
            throw new ArgumentException("Scores are drawn over values, but the table has none.", nameof(table));
    }

    private static double Together(double[] scores, double[] values)
    {
        var (step, sum) = (Math.Max(Math.Min(scores.Length / 10, 50), 1), 0.0);
        for (var first = 0; first < scores.Length; first += step)
        {
            var length = Math.Min(step, scores.Length - first);
            var size = Math.Abs(Correlation(scores.AsSpan(first, length), values.AsSpan(first, length)));
            sum += double.IsNaN(size) ? 0 : size;
        }
        return sum;
    }

    private static double Correlation(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var (mean, otherMean) = (Sample.Mean(one), Sample.Mean(other));
        var (both, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < one.Length; i++)
        {
            var (x, y) = (one[i] - mean, other[i] - otherMean);
            (both, first, second) = (both + x * y, first + x * x, second + y * y);
        }
        return both / Math.Sqrt(first * second);
    }
}
