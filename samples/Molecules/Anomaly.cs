namespace Molecules;

/// <summary>
/// Which atoms get one and the same attribution: pairs of atoms of one type with equally many bonds of each kind, though they do not stand
/// in the same place of the molecule.
/// </summary>
internal sealed class Anomaly
{
    // Two orders of one sum differ by rounding.
    private const double Rounding = 1e-5;

    /// <summary>Pairs of such atoms.</summary>
    public int AlikeInBonds { get; private set; }

    /// <summary>Of these, those that got the same attribution.</summary>
    public int SameOfBonds { get; private set; }

    /// <summary>Pairs of such atoms that are also in equally many pairs two bonds apart.</summary>
    public int AlikeInAll { get; private set; }

    /// <summary>Of these, those that got the same attribution.</summary>
    public int SameOfAll { get; private set; }

    /// <summary>Counts a molecule's pairs of atoms.</summary>
    public void Add(Credit credit)
    {
        var molecule = credit.Molecule;
        var around = molecule.Atoms.Select((_, atom) => molecule.Around(atom)).ToArray();
        var full = credit.Atoms.Max(Math.Abs);
        for (var a = 0; a < around.Length; a++)
        {
            for (var b = a + 1; b < around.Length; b++)
            {
                if (molecule.Atoms[a] != molecule.Atoms[b]
                    || molecule.Classes[a] == molecule.Classes[b]
                    || !around[a].AsSpan(0, Molecule.TwoApart).SequenceEqual(around[b].AsSpan(0, Molecule.TwoApart)))
                    continue;
                var same = Math.Abs(credit.Atoms[a] - credit.Atoms[b]) <= Rounding * full ? 1 : 0;
                AlikeInBonds++;
                SameOfBonds += same;
                if (around[a][Molecule.TwoApart] != around[b][Molecule.TwoApart])
                    continue;
                AlikeInAll++;
                SameOfAll += same;
            }
        }
    }

    public override string ToString() => $"{SameOfBonds} of {AlikeInBonds} pairs alike in bonds; {SameOfAll} of {AlikeInAll} alike in "
        + "bonds and in neighbours two bonds apart";
}
