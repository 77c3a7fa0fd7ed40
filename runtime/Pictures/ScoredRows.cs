using System.Globalization;
using Whence.Evaluate;

namespace Whence.Pictures;

/// <summary>Scores of many examples, with what they are of: what the pictures of a whole data set show.</summary>
public sealed record ScoredRows
{
    /// <summary>The features' names, in the order of a row.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>[rows, features].</summary>
    public required ReadOnlyMemory<float> Scores { get; init; }

    /// <summary>[rows, features], what the scores are of; NaN for what is missing. Empty if it is not known.</summary>
    public ReadOnlyMemory<float> Values { get; init; }

    /// <summary>The rows' names, such as their indices in the data set; empty if they go by their places.</summary>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>How many rows.</summary>
    public int Count => Features.Count == 0 ? 0 : Scores.Length / Features.Count;

    /// <summary>The rows of a sample.</summary>
    /// <param name="sample">At least one row.</param>
    /// <param name="features">The features' names; numbers if not given.</param>
    /// <exception cref="ArgumentException">The sample is empty, or has another number of scores in a row than names.</exception>
    public static ScoredRows Of(RowSample sample, IReadOnlyList<string>? features = null)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var rows = sample.Rows;
        if (rows.Count == 0)
            throw new ArgumentException("There is nothing to draw: the sample has no row.", nameof(sample));
        var size = rows[0].Scores.Length;
        return new ScoredRows
        {
            Features = features ?? [.. Enumerable.Range(0, size).Select(i => i.ToString(CultureInfo.InvariantCulture))],
            Scores = rows.SelectMany(row => row.Scores.ToArray()).ToArray(),
            Values = rows.All(row => row.Values.Length == size) ? rows.SelectMany(row => row.Values.ToArray()).ToArray() : default,
            Rows = [.. rows.Select(row => $"row {row.Row.ToString(CultureInfo.InvariantCulture)}")],
        }.Checked();
    }

    /// <summary>The explanations of a batch.</summary>
    /// <param name="all">One for each input.</param>
    /// <param name="x">[count, InputSize], what was explained; may be empty.</param>
    /// <exception cref="ArgumentException">There is none, several are of one input, or x has another length.</exception>
    public static ScoredRows Of(Attributions all, ReadOnlySpan<float> x = default)
    {
        ArgumentNullException.ThrowIfNull(all);
        if (all.Count == 0 || all.Count != all.Inputs)
            throw new ArgumentException($"A table has one explanation for each input, but there are {all.Count} of {all.Inputs} inputs.",
                nameof(all));
        return new ScoredRows
        {
            Features = [.. Enumerable.Range(0, all[0].Scores.Length).Select(i => all[0].PlaceOf(i))],
            Scores = all.SelectMany(one => one.Scores.ToArray()).ToArray(), Values = x.ToArray(),
        }.Checked();
    }

    /// <summary>
    /// The explanations of a batch by groups of features: a table's columns, one-hot or not (<see cref="FeatureGroups.OfColumns"/>). A
    /// group of one element has its value; one of several has none.
    /// </summary>
    /// <param name="all">One for each input, of the network's inputs.</param>
    /// <param name="x">[count, InputSize], what was explained; may be empty.</param>
    /// <param name="groups">What shares a score.</param>
    /// <exception cref="ArgumentException">There is none, several are of one input, or x or the groups have another length.</exception>
    public static ScoredRows Of(Attributions all, ReadOnlySpan<float> x, FeatureGroups groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var elements = Of(all, x);
        var members = Enumerable.Range(0, groups.Size).ToLookup(element => groups[element]);
        var values = new float[x.IsEmpty ? 0 : elements.Count * groups.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var own = members[i % groups.Count].ToArray();
            values[i] = own.Length == 1 ? x[i / groups.Count * groups.Size + own[0]] : float.NaN;
        }
        return new ScoredRows
        {
            Features = groups.Names.Count > 0
                ? groups.Names
                : [.. Enumerable.Range(0, groups.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))],
            Scores = all.SelectMany(one => one.SumBy(groups)).Select(sum => (float)sum).ToArray(),
            Values = values,
        }.Checked();
    }

    /// <summary>The score of a feature of a row.</summary>
    internal float Score(int row, int feature) => Scores.Span[row * Features.Count + feature];

    /// <summary>What the score is of; NaN if it is missing or not known.</summary>
    internal float Value(int row, int feature) => Values.IsEmpty ? float.NaN : Values.Span[row * Features.Count + feature];

    internal string RowName(int row) => Rows.Count > 0 ? Rows[row] : string.Create(CultureInfo.InvariantCulture, $"row {row}");

    /// <summary>Mean sizes of the features' scores.</summary>
    internal double[] MeanSizes()
    {
        var means = new double[Features.Count];
        for (var i = 0; i < Scores.Length; i++)
            means[i % means.Length] += Math.Abs(Scores.Span[i]) / Count;
        return means;
    }

    /// <summary>
    /// The strongest features, by mean size, as SHAP shows them: so many lines, of which the last is the sum of all others where there are
    /// more.
    /// </summary>
    internal IReadOnlyList<TableLine> Lines(int most)
    {
        if (most < 1)
            throw new ArgumentException($"At least 1 feature is shown, but Most is {most}.", nameof(most));
        var means = MeanSizes();
        var order = Enumerable.Range(0, means.Length).OrderByDescending(i => means[i]).ToList();
        var alone = order.Count <= most ? order : order[..(most - 1)];
        var lines = alone.Select(i => new TableLine(Features[i], i, means[i], Column([i]))).ToList();
        if (alone.Count < order.Count)
            lines.Add(new TableLine($"{order.Count - alone.Count} others together", -1, order.Skip(alone.Count).Sum(i => means[i]),
                Column(order.Skip(alone.Count).ToList())));
        return lines;
    }

    internal ScoredRows Checked()
    {
        if (Features.Count == 0 || Scores.IsEmpty || Scores.Length % Features.Count != 0)
            throw new ArgumentException($"A table has whole rows of a score for each of {Features.Count} features, at least one, but has "
                + $"{Scores.Length} scores.", nameof(Scores));
        if (!Values.IsEmpty && Values.Length != Scores.Length)
            throw new ArgumentException($"There are {Scores.Length} scores, but {Values.Length} values; give one for each or none.",
                nameof(Values));
        if (Rows.Count != 0 && Rows.Count != Count)
            throw new ArgumentException($"There are {Count} rows, but {Rows.Count} names of rows; give one for each or none.",
                nameof(Rows));
        Pictures.Scores.Check(Scores.Span, new Shape(Count, Features.Count), nameof(Scores));
        return this;
    }

    private double[] Column(IReadOnlyList<int> features) =>
        [.. Enumerable.Range(0, Count).Select(row => features.Sum(feature => (double)Score(row, feature)))];
}

/// <summary>A line of a picture of a table: a feature, or all that have no line of their own, whose feature is -1.</summary>
internal sealed record TableLine(string Name, int Feature, double MeanSize, double[] Scores);
