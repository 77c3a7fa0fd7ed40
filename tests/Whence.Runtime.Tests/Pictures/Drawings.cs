using Whence.Evaluate;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

/// <summary>One drawing of every kind, with a title that must be escaped.</summary>
internal static class Drawings
{
    private const string Title = "a <& title";

    private static readonly LinePlot lines = new()
    {
        Title = Title,
        X = new Axis("alpha"),
        Y = new Axis("score \u0001"),
        Lines = [new PlotLine("<one>", [0, 0.5, 1], [1e-5, -3.25, 7]),
            new PlotLine("", [0, 1], [2, 2]) { Dots = true, Colour = new Colour(1, 2, 3) }],
    };

    private static readonly ScoredRows rows = new()
    {
        Features = ["<&one>", "two", "three"], Scores = new float[] { 1, -0.5f, 0, 0.25f, 3, 1e-6f, -1, 2, 0 },
        Values = new float[] { 1, float.NaN, 0, 2, 0.5f, 0, 3, 1, 0 },
    };

    public static IReadOnlyDictionary<string, Drawing> All { get; } = new Dictionary<string, Drawing>
    {
        ["lines"] = lines,
        ["points"] = new ScatterPlot { Title = Title, Groups =
        [
            .. Enumerable.Range(0, 5).Select(i => new PointGroup($"group {i}", [i, -i], [0.5 * i, 1])),
        ] },
        ["boxes"] = new BoxPlot { Title = Title, Boxes = [new PlotBox("a", BoxStatistics.Of([1, 2, 3.5, 99])),
            new PlotBox("b", BoxStatistics.Of([-1]))] },
        ["bars"] = new BarChart
        {
            Title = Title, Rows = ["a", "b"],
            Series = [new BarSeries("s", [1.5, -2]) { Intervals = [(1, 2), (-3, -1)] }, new BarSeries("t", [100, 0])],
        },
        ["logo"] = new SequenceLogo
        {
            Title = Title, Scores = new float[] { 1, -1, 0.5f, 0.25f, 0, 0, -0.5f, 3 }, Marks = [new LogoMark(0, 1, "here")],
            Y = new Axis("sum"),
        },
        ["matrix"] = new MatrixMap { Title = Title, Rows = ["a", "b"], Columns = ["c", "a long "
            + "name"], Values = new float[] { 1, -2.5f, 0, 0.125f }, ShowValues = true },
        ["molecule"] = new MoleculeMap
        {
            Title = Title,
            Atoms = [new MoleculeAtom("C", 0, 0, 0.5), new MoleculeAtom("O", 1.2, 0.3, -1.5), new MoleculeAtom("C", 2, 1, 0),
                new MoleculeAtom("N", 0.5, 1.5, 0.1)],
            Bonds = [new MoleculeBond(0, 1, BondKind.Double, 0.7), new MoleculeBond(1, 2, BondKind.Aromatic, 0),
                new MoleculeBond(2, 3, BondKind.Triple, -0.2), new MoleculeBond(3, 0, BondKind.Single, 0.1)],
            Pairs = [new MoleculePair(0, 2, 1.25)],
            Numbers = true,
        },
        ["words"] = new WordMap
        {
            Title = Title, Words = [new ScoredWord("<in>", 0.5), new ScoredWord("the", -0.00001), new ScoredWord("beginning", -0.25)],
            Answer = "God & man", Width = 150,
        },
        ["beeswarm"] = new Beeswarm { Title = Title, Table = rows, Most = 2 },
        ["dependence"] = new DependencePlot { Title = Title, Table = rows, Feature = 0 },
        ["examples"] = new ExampleMap { Title = Title, Table = rows, Most = 2 },
        ["waterfall"] = Waterfall.Of([1, -0.5f, 0], [float.NaN, 2, 3], rows.Features, 0.25) with { Title = Title, Output = 9 },
        ["panels"] = new Panels { Title = Title, Columns = 2, Drawings = [lines, lines with { Width = 300 }, lines] },
    };
}
