using Whence;
using Whence.Pictures;

namespace Molecules;

/// <summary>An explanation summed over the features of each atom and of each pair.</summary>
internal sealed class Credit
{
    private Credit(Molecule molecule, int size, ReadOnlySpan<float> scores)
    {
        Molecule = molecule;
        Atoms = new double[molecule.Atoms.Length];
        for (var i = 0; i < Atoms.Length; i++)
            Atoms[i] = Sum(scores.Slice(i * Molecule.AtomFeatures, Molecule.AtomFeatures));
        var pairs = scores[(size * Molecule.AtomFeatures)..];
        Pairs = new double[Atoms.Length, Atoms.Length];
        for (var a = 0; a < Atoms.Length; a++)
        {
            for (var b = 0; b < Atoms.Length; b++)
                Pairs[a, b] = Sum(pairs.Slice((a * size + b) * Molecule.PairFeatures, Molecule.PairFeatures));
        }
    }

    public Molecule Molecule { get; }

    /// <summary>What each atom adds to the score.</summary>
    public double[] Atoms { get; }

    /// <summary>What each ordered pair of atoms adds.</summary>
    public double[,] Pairs { get; }

    /// <summary>The sum over bonded pairs.</summary>
    public double Bonded => Molecule.Pairs.Where(pair => pair[2] != Molecule.TwoApart).Sum(Both);

    /// <summary>The sum over pairs that are two bonds apart.</summary>
    public double Apart => Molecule.Pairs.Where(pair => pair[2] == Molecule.TwoApart).Sum(Both);

    /// <summary>All of it.</summary>
    public double Total => Atoms.Sum() + Bonded + Apart;

    public static Credit Of(Molecule molecule, int size, Attribution attribution) => new(molecule, size, attribution.Scores);

    /// <summary>The molecule with what atoms, bonds and pairs add.</summary>
    public MoleculeMap Map(string title, bool numbers = false) => new()
    {
        Title = title,
        Numbers = numbers,
        Atoms = [.. Atoms.Select((score, i) => new MoleculeAtom(Molecule.Symbol(i), Molecule.Places[i][0], Molecule.Places[i][1], score))],
        Bonds = [.. Molecule.Pairs.Where(pair => pair[2] != Molecule.TwoApart)
            .Select(pair => new MoleculeBond(pair[0], pair[1], (BondKind)pair[2], Both(pair)))],
        Pairs = [.. Molecule.Pairs.Where(pair => pair[2] == Molecule.TwoApart)
            .Select(pair => new MoleculePair(pair[0], pair[1], Both(pair)))],
    };

    /// <summary>Atom by atom: what each ordered pair adds, and on the diagonal what each atom adds.</summary>
    public MatrixMap Matrix(string title)
    {
        var names = Atoms.Select((_, i) => $"{Molecule.Symbol(i)}{i}").ToArray();
        var values = new float[Atoms.Length * Atoms.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (a, b) = Math.DivRem(i, Atoms.Length);
            values[i] = (float)(a == b ? Atoms[a] : Pairs[a, b]);
        }
        return new MatrixMap { Title = title, Rows = names, Columns = names, Values = values, Square = 15 };
    }

    private double Both(int[] pair) => Pairs[pair[0], pair[1]] + Pairs[pair[1], pair[0]];

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
