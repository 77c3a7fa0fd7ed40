using System.Globalization;

namespace Whence.Pictures;

/// <summary>An atom of a <see cref="MoleculeMap"/>.</summary>
/// <param name="Symbol">Such as "C", "N" or "NH"; a bonded carbon, "C", is a corner without letters.</param>
/// <param name="X">From left to right, in any unit.</param>
/// <param name="Y">From bottom to top, in the same unit.</param>
/// <param name="Score">What it contributes.</param>
public sealed record MoleculeAtom(string Symbol, double X, double Y, double Score);

/// <summary>How two atoms are bonded.</summary>
public enum BondKind
{
    /// <summary>One line.</summary>
    Single,
    /// <summary>Two lines.</summary>
    Double,
    /// <summary>Three lines.</summary>
    Triple,
    /// <summary>A line and a dashed one.</summary>
    Aromatic,
}

/// <summary>A bond of a <see cref="MoleculeMap"/>.</summary>
/// <param name="First">An atom, by its place in the list.</param>
/// <param name="Second">The other.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="Score">What the bonded pair contributes.</param>
public sealed record MoleculeBond(int First, int Second, BondKind Kind, double Score);

/// <summary>A pair of atoms that are not bonded, of a <see cref="MoleculeMap"/>: an arc, drawn if its score is strong enough.</summary>
/// <param name="First">An atom, by its place in the list.</param>
/// <param name="Second">The other.</param>
/// <param name="Score">What the pair contributes.</param>
public sealed record MoleculePair(int First, int Second, double Score);

/// <summary>
/// A molecule with the contribution of each atom as a disc, of each bond as a bar behind the formula, of pairs that are not bonded as arcs;
/// all on one symmetric scale of colours.
/// </summary>
public sealed record MoleculeMap : Drawing
{
    private const double Margin = 26;
    private const double BondLength = 44;
    private const double AtomRadius = 15;

    /// <summary>The atoms.</summary>
    public required IReadOnlyList<MoleculeAtom> Atoms { get; init; }

    /// <summary>The bonds.</summary>
    public IReadOnlyList<MoleculeBond> Bonds { get; init; } = [];

    /// <summary>Pairs that are not bonded.</summary>
    public IReadOnlyList<MoleculePair> Pairs { get; init; } = [];

    /// <summary>Pairs are drawn whose score is at least this fraction of the one at which the colour is full.</summary>
    public double LeastPair { get; init; } = 0.1;

    /// <summary>The colours; <see cref="Palette.BlueRed"/> if not given.</summary>
    public Palette Palette { get; init; } = Palette.BlueRed;

    /// <summary>The score at which the colour is full; the largest absolute one of all atoms, bonds and pairs if not given.</summary>
    public double? Full { get; init; }

    /// <summary>Whether each atom's place in the list is written beside it.</summary>
    public bool Numbers { get; init; }

    internal override Canvas Draw()
    {
        Check();
        float[] scores = [.. Atoms.Select(atom => (float)atom.Score), .. Bonds.Select(bond => (float)bond.Score),
            .. Pairs.Select(pair => (float)pair.Score)];
        var legend = new ColourLegend(Palette.Softened(0.62), ColourLegend.FullOf(scores, Full, nameof(Full)));
        var top = Margin + (Title.Length > 0 ? 14 : 0);
        var places = Places(top, out var width, out var height);
        var canvas = new Canvas(Math.Max(width + ColourLegend.Width, Canvas.WidthOf(Title, 14) + 20),
            Math.Max(top + height, top + ColourLegend.LeastHeight + 10) + Margin, Title);
        if (Title.Length > 0)
            canvas.Text(canvas.Width / 2, 18, Title, "middle", 14, bold: true);
        foreach (var bond in Bonds)
            canvas.Line(places[bond.First].X, places[bond.First].Y, places[bond.Second].X, places[bond.Second].Y,
                legend[bond.Score].ToString(), 13, rounded: true);
        for (var i = 0; i < places.Length; i++)
            canvas.Circle(places[i].X, places[i].Y, AtomRadius, legend[Atoms[i].Score].ToString(), stroke: "#ffffff");
        foreach (var pair in Pairs.Where(pair => Math.Abs(pair.Score) >= LeastPair * legend.Full && pair.Score != 0))
            Arc(canvas, places[pair.First], places[pair.Second], legend, pair.Score);
        foreach (var bond in Bonds)
            Formula(canvas, places, bond);
        for (var i = 0; i < places.Length; i++)
            Label(canvas, places[i], i);
        legend.Draw(canvas, canvas.Width - ColourLegend.Width + 8, top, ColourLegend.LeastHeight + 10);
        return canvas;
    }

    private void Check()
    {
        if (Atoms.Count == 0)
            throw new ArgumentException("A molecule has at least one atom, but Atoms is empty.", nameof(Atoms));
        for (var i = 0; i < Atoms.Count; i++)
        {
            if (!(double.IsFinite(Atoms[i].X) && double.IsFinite(Atoms[i].Y) && double.IsFinite(Atoms[i].Score)))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Places and scores are finite, but atom {i} lies at ({Atoms[i].X}, {Atoms[i].Y}) with score {Atoms[i].Score}."),
                    nameof(Atoms));
        }
        foreach (var bond in Bonds)
            CheckPair("bond", bond.First, bond.Second, bond.Score, nameof(Bonds));
        foreach (var pair in Pairs)
            CheckPair("pair", pair.First, pair.Second, pair.Score, nameof(Pairs));
    }

    private void CheckPair(string kind, int first, int second, double score, string argument)
    {
        if ((uint)first >= (uint)Atoms.Count || (uint)second >= (uint)Atoms.Count || first == second)
            throw new ArgumentException($"A {kind} joins two different atoms of 0 to {Atoms.Count - 1}, but one joins {first} and "
                + $"{second}.", argument);
        if (!double.IsFinite(score))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Scores are finite, but that of the {kind} of {first} and {second} is {score}."),
                argument);
    }

    /// <summary>The atoms on the sheet, bonds of middling length as long as BondLength.</summary>
    private (double X, double Y)[] Places(double top, out double width, out double height)
    {
        var lengths = Bonds.Select(bond => Distance(bond)).Where(length => length > 0).Order().ToList();
        var factor = lengths.Count > 0 ? BondLength / lengths[lengths.Count / 2] : 1;
        var (left, high) = (Atoms.Min(atom => atom.X), Atoms.Max(atom => atom.Y));
        width = (Atoms.Max(atom => atom.X) - left) * factor + 2 * Margin;
        height = (high - Atoms.Min(atom => atom.Y)) * factor + 8;
        return [.. Atoms.Select(atom => (Margin + (atom.X - left) * factor, top + 8 + (high - atom.Y) * factor))];
    }

    private double Distance(MoleculeBond bond) =>
        Math.Sqrt(Math.Pow(Atoms[bond.First].X - Atoms[bond.Second].X, 2) + Math.Pow(Atoms[bond.First].Y - Atoms[bond.Second].Y, 2));

    private static void Arc(Canvas canvas, (double X, double Y) a, (double X, double Y) b, ColourLegend legend, double score)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var (middleX, middleY) = ((a.X + b.X) / 2 - 0.22 * dy, (a.Y + b.Y) / 2 + 0.22 * dx);
        var strength = Math.Min(1, Math.Abs(score) / legend.Full);
        canvas.Curve($"M{Canvas.Number(a.X)} {Canvas.Number(a.Y)}Q{Canvas.Number(middleX)} {Canvas.Number(middleY)} {Canvas.Number(b.X)} "
            + $"{Canvas.Number(b.Y)}", legend[score].ToString(), 1 + 3 * strength, "5 3");
    }

    private void Formula(Canvas canvas, (double X, double Y)[] places, MoleculeBond bond)
    {
        var (a, b) = (places[bond.First], places[bond.Second]);
        var length = Math.Max(1e-9, Math.Sqrt((b.X - a.X) * (b.X - a.X) + (b.Y - a.Y) * (b.Y - a.Y)));
        var (ux, uy) = ((b.X - a.X) / length, (b.Y - a.Y) / length);
        // A line ends before the letters that stand at its end.
        var (start, end) = (Room(bond.First), length - Room(bond.Second));
        if (end <= start)
            return;
        var side = InnerSide(places, bond) * 4;
        var (offsets, shorter) = bond.Kind switch
        {
            BondKind.Triple => (new[] { -4.0, 0, 4 }, 0.0),
            BondKind.Single => ([0.0], 0),
            _ => ([0, side], 4),
        };
        for (var i = 0; i < offsets.Length; i++)
        {
            var (from, to) = (start + (i > 0 ? shorter : 0), end - (i > 0 ? shorter : 0));
            var (ox, oy) = (-uy * offsets[i], ux * offsets[i]);
            canvas.Line(a.X + ux * from + ox, a.Y + uy * from + oy, a.X + ux * to + ox, a.Y + uy * to + oy, Ink.Text, 1.6,
                bond.Kind == BondKind.Aromatic && i > 0 ? "3 2" : null);
        }
    }

    /// <summary>On which side of a bond most of its atoms' other neighbours lie: inside a ring.</summary>
    private int InnerSide((double X, double Y)[] places, MoleculeBond bond)
    {
        var (a, b) = (places[bond.First], places[bond.Second]);
        var side = 0.0;
        foreach (var other in Bonds)
        {
            if (other == bond || !(Touches(other, bond.First) || Touches(other, bond.Second)))
                continue;
            var far = Touches(other, bond.First) ? Beyond(other, bond.First) : Beyond(other, bond.Second);
            side += Math.Sign((b.X - a.X) * (places[far].Y - a.Y) - (b.Y - a.Y) * (places[far].X - a.X)) * (InRing(bond, far) ? 3 : 1);
        }
        return side < 0 ? -1 : 1;
    }

    private static bool Touches(MoleculeBond bond, int atom) => bond.First == atom || bond.Second == atom;

    private static int Beyond(MoleculeBond bond, int atom) => bond.First == atom ? bond.Second : bond.First;

    /// <summary>Whether a ring of at most eight atoms holds the bond and this neighbour of one of its atoms.</summary>
    private bool InRing(MoleculeBond bond, int neighbour)
    {
        var near = Bonds.Any(other => Touches(other, bond.First) && Touches(other, neighbour)) ? bond.First : bond.Second;
        var goal = Beyond(bond, near);
        var reached = new HashSet<int> { neighbour };
        for (var step = 0; step < 6; step++)
        {
            reached.UnionWith(Bonds.Where(other => !Touches(other, near)).SelectMany(other =>
                reached.Contains(other.First) ? [other.Second] : reached.Contains(other.Second) ? new[] { other.First } : []).ToList());
            if (reached.Contains(goal))
                return true;
        }
        return false;
    }

    private bool IsCorner(int atom) => Atoms[atom].Symbol == "C" && Bonds.Any(bond => Touches(bond, atom));

    private double Room(int atom) => IsCorner(atom) ? 0 : 5 + 3.4 * Atoms[atom].Symbol.Length;

    private void Label(Canvas canvas, (double X, double Y) place, int atom)
    {
        if (!IsCorner(atom))
            canvas.Text(place.X, place.Y, Atoms[atom].Symbol, "middle", 13, bold: true);
        if (Numbers)
            canvas.Text(place.X + 8, place.Y - 9, atom.ToString(CultureInfo.InvariantCulture), "start", 8, fill: Ink.Soft);
    }
}
