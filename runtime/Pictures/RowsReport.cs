using System.Globalization;
using System.Xml.Linq;
using Whence.Evaluate;

namespace Whence.Pictures;

/// <summary>
/// The scores of many rows on one page: what matters over all of them, as SHAP's pictures and as tables that can be sorted, and each row's
/// answer. A single HTML file without links or other files; its script is inside.
/// </summary>
/// <param name="title">The page's title.</param>
/// <param name="network">The explained network's name.</param>
public sealed class RowsReport(string title, string network)
{
    /// <summary>What is said below the title; may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>The rows: of a large data set a <see cref="RowSample"/>.</summary>
    public required ScoredRows Table { get; init; }

    /// <summary>
    /// What the features are over the whole data set (<see cref="GlobalScores.Summarise"/>); empty for what they are over the
    /// <see cref="Table"/>.
    /// </summary>
    public IReadOnlyList<GlobalScore> Features { get; init; } = [];

    /// <summary>The target at each row of the table; empty if it is not told.</summary>
    public IReadOnlyList<double> Outputs { get; init; } = [];

    /// <summary>Each row's gap; empty if it is not told.</summary>
    public IReadOnlyList<double> Gaps { get; init; } = [];

    /// <summary>The colours of low and negative, high and positive.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>How many features have a line of their own in pictures.</summary>
    public int Most { get; init; } = 10;

    /// <summary>Of how many of the strongest features the score is drawn over the value.</summary>
    public int Dependences { get; init; } = 4;

    /// <summary>How many rows are listed, from the first.</summary>
    public int ListedRows { get; init; } = 500;

    /// <summary>Writes the page.</summary>
    /// <exception cref="ArgumentException">What is to be shown does not fit together.</exception>
    public void Save(string path) => File.WriteAllText(path, ToHtml());

    /// <summary>The page's text.</summary>
    /// <exception cref="ArgumentException">What is to be shown does not fit together.</exception>
    public string ToHtml()
    {
        var features = Checked();
        return Report.Page(title, Palette,
            [
                Report.Header(title, network, Note),
                new XElement("main",
                    Section("What matters", "Each feature's mean size of scores, with its interval where one is known.",
                        Plot(BarChart.Of(features, Most)), FeatureTable(features)),
                    Section("Summary", $"A dot for each of {Integer(Table.Count)} rows, coloured by the feature's value.",
                        Plot(new Beeswarm { Table = Table, Most = Most, Palette = Palette, Height = Lines(34) })),
                    Section("Rows", "A column for each row, by the sum of its scores; then each row's answer.",
                        Plot(new ExampleMap { Table = Table, Most = Most, Palette = Palette, Height = Lines(28) + 28 }), RowTable()),
                    Dependent(features)),
            ]);
    }

    private IReadOnlyList<GlobalScore> Checked()
    {
        Table.Checked();
        foreach (var (name, count) in new[] { (nameof(Outputs), Outputs.Count), (nameof(Gaps), Gaps.Count) })
        {
            if (count != 0 && count != Table.Count)
                throw new ArgumentException($"There are {Table.Count} rows, but {count} {name}; give one for each or none.", name);
        }
        if (Features.Count != 0 && Features.Count != Table.Features.Count)
            throw new ArgumentException($"A row has {Table.Features.Count} scores, but {Features.Count} features are summed up.",
                nameof(Features));
        if (Features.Count > 0)
            return Features;
        var view = new GlobalScores(Table.Features.Count) { Names = Table.Features };
        view.Add(0, Table.Scores.Span);
        return view.Summarise();
    }

    private int Lines(int each) => 90 + each * Math.Min(Most, Table.Features.Count);

    private static XElement Section(string name, string note, params object?[] content) => new("section",
        new XElement("h2", name), new XElement("p", new XAttribute("class", "note"), note), content);

    /// <summary>A picture that keeps its size and is scrolled where the page is narrower.</summary>
    private static XElement Plot(Drawing drawing) => new("div", new XAttribute("class", "plot"), new XAttribute("tabindex", "0"),
        new XAttribute("role", "group"), new XAttribute("aria-label", drawing.Title.Length > 0 ? drawing.Title : drawing.GetType().Name),
        drawing.Draw().Root);

    private XElement? Dependent(IReadOnlyList<GlobalScore> features)
    {
        if (Table.Values.IsEmpty || Dependences == 0)
            return null;
        var plots = features.OrderByDescending(one => one.MeanAbsolute.Estimate).Take(Dependences)
            .Where(one => Enumerable.Range(0, Table.Count).All(row => float.IsFinite(Table.Value(row, one.Element))))
            .Select(one => Plot(new DependencePlot { Table = Table, Feature = one.Element, Palette = Palette, Title = one.Name })).ToList();
        return plots.Count == 0 ? null : Section("Dependence",
            "A feature's score over its value, coloured by the feature that seems to take part most.",
            new XElement("div", new XAttribute("class", "plots"), plots));
    }

    private static XElement FeatureTable(IReadOnlyList<GlobalScore> features) => Sortable(
        [
            PageScript.Head("Feature", "text"), PageScript.Head("Mean |score|", "number", "descending"),
            PageScript.Head("from", "number"), PageScript.Head("to", "number"), PageScript.Head("Mean score", "number"),
            PageScript.Head("Least", "number"), PageScript.Head("Most", "number"),
        ],
        features.OrderByDescending(one => one.MeanAbsolute.Estimate).Select(one => new[]
        {
            Name(one.Name), Cell(one.MeanAbsolute.Estimate), Cell(one.MeanAbsolute.Low), Cell(one.MeanAbsolute.High),
            Cell(one.Mean.Estimate), Cell(one.Least), Cell(one.Most),
        }));

    private XElement RowTable()
    {
        var listed = Math.Min(Table.Count, ListedRows);
        var heads = new List<XElement> { PageScript.Head("Row", "number", "ascending") };
        if (Outputs.Count > 0)
            heads.Add(PageScript.Head("Output", "number"));
        if (Gaps.Count > 0)
            heads.Add(PageScript.Head("Gap", "number"));
        heads.AddRange([PageScript.Head("Strongest feature", "text"), PageScript.Head("its value", "number"),
            PageScript.Head("its score", "number")]);
        return Sortable(heads, Enumerable.Range(0, listed).Select(RowCells));
    }

    private XElement[] RowCells(int row)
    {
        var strongest = Enumerable.Range(0, Table.Features.Count).MaxBy(i => Math.Abs(Table.Score(row, i)));
        // Rows are sorted by their places: as text row 10 came before row 2.
        var name = Name(Table.RowName(row));
        name.Add(new XAttribute("data-value", row));
        var cells = new List<XElement> { name };
        if (Outputs.Count > 0)
            cells.Add(Cell(Outputs[row]));
        if (Gaps.Count > 0)
            cells.Add(Cell(Gaps[row]));
        cells.AddRange([new XElement("td", Canvas.Clean(Table.Features[strongest])), Cell(Table.Value(row, strongest)),
            Cell(Table.Score(row, strongest))]);
        return [.. cells];
    }

    private static XElement Sortable(IEnumerable<XElement> heads, IEnumerable<XElement[]> rows) => new("div",
        new XAttribute("class", "scroll"), new XAttribute("tabindex", "0"), new XAttribute("role", "group"),
        new XAttribute("aria-label", "table"),
        new XElement("table", new XAttribute("class", "sortable"), new XElement("thead", new XElement("tr", heads)),
            new XElement("tbody", rows.Select(cells => new XElement("tr", cells)))));

    private static XElement Name(string name) => new("th", new XAttribute("scope", "row"), Canvas.Clean(name));

    private static XElement Cell(double value) => new("td",
        new XAttribute("data-value", double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : ""),
        double.IsFinite(value) ? Report.Number(value) : "");

    private static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);
}
