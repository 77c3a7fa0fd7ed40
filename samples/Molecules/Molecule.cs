using System.Text.Json;
using System.Text.Json.Serialization;

namespace Molecules;

/// <summary>A molecule that the networks were not trained on.</summary>
internal sealed class Molecule
{
    public const int AtomFeatures = 8;
    public const int PairFeatures = 5;

    /// <summary>The kind of pair that is two bonds apart; smaller kinds are bonds: single, double, triple, aromatic.</summary>
    public const int TwoApart = 4;

    private static readonly string[] Symbols = ["C", "N", "O", "S", "F", "Cl", "Br", "I"];

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("smiles")]
    public required string Smiles { get; init; }

    /// <summary>pIC50; 7 and above counts as active.</summary>
    [JsonPropertyName("activity")]
    public required double Activity { get; init; }

    /// <summary>Each atom's type.</summary>
    [JsonPropertyName("atoms")]
    public required int[] Atoms { get; init; }

    /// <summary>[pairs, 3]: an atom, another with a larger number, the kind of pair.</summary>
    [JsonPropertyName("pairs")]
    public required int[][] Pairs { get; init; }

    /// <summary>Where each atom is drawn.</summary>
    [JsonPropertyName("places")]
    public required double[][] Places { get; init; }

    /// <summary>Atoms of one class stand in the same place of the molecule: no network that reads the graph can tell them apart.</summary>
    [JsonPropertyName("classes")]
    public required int[] Classes { get; init; }

    /// <summary>PyTorch's score of W1N2.</summary>
    [JsonPropertyName("w1n2")]
    public required double W1N2 { get; init; }

    /// <summary>PyTorch's score of W2N2.</summary>
    [JsonPropertyName("w2n2")]
    public required double W2N2 { get; init; }

    [JsonIgnore]
    public bool IsActive => Activity >= 7;

    public static List<Molecule> Read(string path) =>
        JsonSerializer.Deserialize<List<Molecule>>(File.ReadAllText(path))
            ?? throw new InvalidDataException($"'{path}' holds no molecules.");

    public string Symbol(int atom) => Symbols[Atoms[atom]];

    /// <summary>
    /// A row of input for a network of this size: atoms [size, 8] one-hot by type, pairs [size * size, 5] one-hot by kind, each pair in
    /// both orders, and the masks of both.
    /// </summary>
    /// <exception cref="InvalidDataException">The molecule has more atoms.</exception>
    public float[] Row(int size)
    {
        if (Atoms.Length > size)
            throw new InvalidDataException($"{Name} has {Atoms.Length} atoms, but the network takes {size}.");
        var pairStart = size * AtomFeatures;
        var atomMask = pairStart + size * size * PairFeatures;
        var pairMask = atomMask + size;
        var row = new float[pairMask + size * size];
        for (var i = 0; i < Atoms.Length; i++)
        {
            row[i * AtomFeatures + Atoms[i]] = 1;
            row[atomMask + i] = 1;
        }
        foreach (var pair in Pairs)
        {
            foreach (var place in new[] { pair[0] * size + pair[1], pair[1] * size + pair[0] })
            {
                row[pairStart + place * PairFeatures + pair[2]] = 1;
                row[pairMask + place] = 1;
            }
        }
        return row;
    }

    /// <summary>How many pairs of each kind an atom is in.</summary>
    public int[] Around(int atom)
    {
        var counts = new int[PairFeatures];
        foreach (var pair in Pairs)
        {
            if (pair[0] == atom || pair[1] == atom)
                counts[pair[2]]++;
        }
        return counts;
    }
}
