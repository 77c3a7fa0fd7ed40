using Whence.Pictures;

namespace Motifs;

/// <summary>The paper's figures.</summary>
internal static class Drawings
{
    private static readonly string[] tasks = ["both motifs", "GATA1", "TAL1"];

    // The paper's colours.
    private static readonly (Kind Kind, Colour Colour)[] kinds =
    [
        (Kind.None, new Colour(30, 30, 30)),
        (Kind.Gata1Only, new Colour(40, 80, 220)),
        (Kind.Tal1Only, new Colour(20, 150, 60)),
        (Kind.Both, new Colour(215, 30, 40)),
    ];

    /// <summary>
    /// Figure 5a: each match's log-odds against what its window contributes; a row a task, a column a method. Only every so many sequences
    /// are drawn, to keep the file small.
    /// </summary>
    public static Drawing Scatter(Study study, Motif motif, IReadOnlyList<Hit> hits, int every)
    {
        var drawn = hits.Where(hit => hit.Sequence % every == 0).ToList();
        return new Panels
        {
            Title = $"{motif.Name}: log-odds of a match against its window's contribution. Red: sequences with both motifs, green: TAL1 "
                + "only, blue: GATA1 only, black: none",
            Columns = study.Methods.Count,
            Drawings =
            [
                .. from task in Enumerable.Range(0, Study.Tasks)
                   from method in Enumerable.Range(0, study.Methods.Count)
                   select new ScatterPlot
                   {
                       Title = $"{study.Methods[method].Name}: {tasks[task]}",
                       Width = 270,
                       Height = 210,
                       Radius = 1.5,
                       X = new Axis("log-odds"),
                       Groups = [.. kinds.Select(kind =>
                           Group(drawn.Where(hit => study.Sequences[hit.Sequence].Kind == kind.Kind).ToList(), method, task, kind.Colour))],
                   },
            ],
        };
    }

    /// <summary>Figure 5b: the confident matches in sequences with both motifs that a method gives nothing or less on task 0.</summary>
    public static Drawing FalseNegatives(Study study, IReadOnlyList<(string Name, IReadOnlyList<Findings> Findings)> motifs) => new BarChart
    {
        Title = "Matches with log-odds over 7, both motifs present, whose contribution to \"both motifs\" is 0 or less",
        Width = 900,
        Height = 420,
        X = new Axis("%"),
        Rows = [.. study.Methods.Select(method => method.Name)],
        Series = [.. motifs.Select(motif => new BarSeries(motif.Name,
            [.. motif.Findings.Select(finding => finding.FalseNegatives()).Select(count => 100.0 * count.Missed / count.All)]))],
    };

    private static PointGroup Group(List<Hit> hits, int method, int task, Colour colour) =>
        new("", hits.ConvertAll(hit => hit.Match.LogOdds), hits.ConvertAll(hit => hit.Contributions[method][task])) { Colour = colour };
}
