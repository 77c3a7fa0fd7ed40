using System.Globalization;
using System.Xml.Linq;
using Whence.Pictures;

namespace Whence.Tests.Pictures;

public class DrawingTests
{
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Letters_are_as_high_as_their_scores_and_negative_ones_upside_down()
    {
        var logo = SequenceLogo.Of("ACGTN", [4, -2, 1, 0, 9]) with { Height = 60 };

        var heights = Letters(logo).Select(letter => letter.Height).ToArray();

        // From -2 to 4 over 60 pixels: ten pixels each.
        Assert.Equal([40, -20, 10], heights);
        var tops = Letters(logo).Select(letter => letter.Y).ToArray();
        Assert.Equal(tops[0] + 40, tops[2] + 10, 0.02);
        Assert.Equal(tops[0] + 60, tops[1], 0.02);
    }

    [Fact]
    public void Letters_of_one_position_are_stacked_the_strongest_farthest_out()
    {
        var logo = new SequenceLogo { Scores = new float[] { 1, 3, -2, -4 }, Height = 100 };

        var letters = Letters(logo);

        Assert.Equal([10, -20, 30, -40], letters.Select(letter => letter.Height));
        Assert.Equal([30, 60, 0, 100], letters.Select(letter => Math.Round(letter.Y - letters[2].Y)));
    }

    [Fact]
    public void A_logo_of_other_letters_or_sizes_is_refused()
    {
        Assert.Contains("'X'", Assert.Throws<ArgumentException>(() => SequenceLogo.Of("AX", [1, 2])).Message);
        Assert.Contains("2 letters and scores has 1", Assert.Throws<ArgumentException>(() => SequenceLogo.Of("AC", [1])).Message);
        Assert.Contains("5 values", Assert.Throws<ArgumentException>(new SequenceLogo { Scores = new float[5] }.ToSvg).Message);
        Assert.Contains("'E'",
            Assert.Throws<ArgumentException>(new SequenceLogo { Scores = new float[4], Letters = "ACDE".Replace('D', 'G') }.ToSvg).Message);
        Assert.Contains("from 0 to 2",
            Assert.Throws<ArgumentException>(new SequenceLogo { Scores = new float[4], Marks = [new LogoMark(0, 2)] }.ToSvg).Message);
    }

    [Fact]
    public void A_matrixs_squares_have_its_values_colours()
    {
        var map = new MatrixMap { Rows = ["a"], Columns = ["b", "c", "d"], Values = new float[] { 2, 0, -1 }, Square = 30 };

        var squares = XDocument.Parse(map.ToSvg()).Descendants(svg + "rect").Where(rect => rect.Attribute("width")!.Value == "30")
            .Select(rect => rect.Attribute("fill")!.Value);

        Assert.Equal([Palette.BlueRed[1].ToString(), "#ffffff", Palette.BlueRed[-0.5].ToString()], squares);
        Assert.Contains("takes 3 values", Assert.Throws<ArgumentException>((map with { Values = new float[2] }).ToSvg).Message);
        Assert.Contains("not negative", Assert.Throws<ArgumentException>((map with { Full = -1 }).ToSvg).Message);
    }

    [Fact]
    public void Atoms_and_bonds_have_the_colours_of_their_scores()
    {
        var map = new MoleculeMap
        {
            Atoms = [new MoleculeAtom("C", 0, 0, 1), new MoleculeAtom("O", 1, 0, -1), new MoleculeAtom("N", 0, 1, 0)],
            Bonds = [new MoleculeBond(0, 1, BondKind.Single, 0.5)],
            Pairs = [new MoleculePair(1, 2, 0.05), new MoleculePair(0, 2, -0.5)],
        };
        var palette = Palette.BlueRed.Softened(0.62);

        var root = XDocument.Parse(map.ToSvg()).Root!;

        Assert.Equal([palette[1].ToString(), palette[-1].ToString(), "#ffffff"],
            root.Elements(svg + "circle").Select(disc => disc.Attribute("fill")!.Value));
        Assert.Equal(palette[0.5].ToString(), root.Elements(svg + "line").First().Attribute("stroke")!.Value);
        // One pair is too weak to be drawn.
        Assert.Equal(palette[-0.5].ToString(), root.Elements(svg + "path").Single().Attribute("stroke")!.Value);
        // Bonded carbon is a corner.
        Assert.Equal(["O", "N"],
            root.Elements(svg + "text").Select(text => text.Value).Where(text => text.Length == 1 && char.IsLetter(text[0])));
    }

    [Fact]
    public void A_ring_has_its_second_lines_inside()
    {
        var corners = Enumerable.Range(0, 6).Select(k => (X: Math.Cos(k * Math.PI / 3), Y: Math.Sin(k * Math.PI / 3))).ToArray();
        var map = new MoleculeMap
        {
            Atoms = [.. corners.Select(corner => new MoleculeAtom("C", corner.X, corner.Y, 0)),
                .. corners.Select(corner => new MoleculeAtom("F", 2 * corner.X, 2 * corner.Y, 0))],
            Bonds = [.. Enumerable.Range(0, 6).Select(k => new MoleculeBond(k, (k + 1) % 6, BondKind.Aromatic, 0)),
                .. Enumerable.Range(0, 6).Select(k => new MoleculeBond(k, k + 6, BondKind.Single, 0))],
        };

        var lines = XDocument.Parse(map.ToSvg()).Root!.Elements(svg + "line").Where(line => line.Attribute("stroke-width")!.Value == "1.6")
            .ToList();

        var inner = lines.Where(line => line.Attribute("stroke-dasharray") is not null).ToList();
        Assert.Equal(6, inner.Count);
        var (middleX, middleY) = (lines.Average(line => Middle(line).X), lines.Average(line => Middle(line).Y));
        // The ring's sides are 44 * sqrt(3) / 2 = 38.1 pixels from its middle, the lines within 4 less.
        Assert.All(inner,
            line => Assert.Equal(34.1, Math.Sqrt(Math.Pow(Middle(line).X - middleX, 2) + Math.Pow(Middle(line).Y - middleY, 2)), 0.2));

        static (double X, double Y) Middle(XElement line) =>
            ((Number(line, "x1") + Number(line, "x2")) / 2, (Number(line, "y1") + Number(line, "y2")) / 2);
    }

    [Fact]
    public void A_molecule_that_does_not_fit_together_is_refused()
    {
        var map = new MoleculeMap { Atoms = [new MoleculeAtom("C", 0, 0, 1), new MoleculeAtom("O", 1, 0, -1)] };
        Assert.Contains("joins 0 and 2",
            Assert.Throws<ArgumentException>((map with { Bonds = [new MoleculeBond(0, 2, BondKind.Single, 0)] }).ToSvg).Message);
        Assert.Contains("joins 1 and 1",
            Assert.Throws<ArgumentException>((map with { Pairs = [new MoleculePair(1, 1, 0)] }).ToSvg).Message);
        Assert.Contains("is Infinity", Assert.Throws<ArgumentException>(
            (map with { Bonds = [new MoleculeBond(0, 1, BondKind.Single, double.PositiveInfinity)] }).ToSvg).Message);
        Assert.Contains("atom 0 lies at (NaN, 0)",
            Assert.Throws<ArgumentException>((map with { Atoms = [new MoleculeAtom("C", double.NaN, 0, 0)] }).ToSvg).Message);
        Assert.Contains("at least one atom", Assert.Throws<ArgumentException>((map with { Atoms = [] }).ToSvg).Message);
    }

    [Fact]
    public void Words_have_their_scores_colours_and_are_escaped()
    {
        var map =
            new WordMap { Words = [new ScoredWord("<b>", 0.5), new ScoredWord("two", -0.25), new ScoredWord("nil", 0)], Answer = "x & y" };

        var paragraph = XElement.Parse(map.ToHtml());

        Assert.Equal(["<b>", "two", "nil"], paragraph.Elements("span").Select(span => span.Value));
        Assert.Equal(["+0.5", "\u22120.25", "0"], paragraph.Elements("span").Select(span => span.Attribute("title")!.Value));
        Assert.StartsWith($"background:{Palette.BlueRed[-0.5]}", paragraph.Elements("span").ElementAt(1).Attribute("style")!.Value,
            StringComparison.Ordinal);
        Assert.Equal("x & y", paragraph.Element("b")!.Value);
        Assert.Contains("\"two\" is NaN",
            Assert.Throws<ArgumentException>((map with { Words = [new ScoredWord("two", double.NaN)] }).ToHtml).Message);
    }

    [Fact]
    public void Long_texts_are_broken_into_lines()
    {
        var map = new WordMap { Words = [.. Enumerable.Range(0, 40).Select(i => new ScoredWord($"word{i}", i))], Width = 300 };
        var root = XDocument.Parse(map.ToSvg()).Root!;
        Assert.All(root.Elements(svg + "rect").Skip(1), rect => Assert.InRange(Number(rect, "x") + Number(rect, "width"), 0, 300));
        Assert.InRange(root.Elements(svg + "rect").Skip(1).Select(rect => Number(rect, "y")).Distinct().Count(), 5, 20);
    }

    private static List<(double Y, double Height)> Letters(SequenceLogo logo) =>
        [.. XDocument.Parse(logo.ToSvg()).Descendants(svg + "path").Select(path => path.Attribute("transform")!.Value.Split('(', ')', ' '))
            .Select(words =>
                (double.Parse(words[2], CultureInfo.InvariantCulture), double.Parse(words[6], CultureInfo.InvariantCulture)))];

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
