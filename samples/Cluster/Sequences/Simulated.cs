using Motifs;

namespace Cluster;

/// <summary>A sequence.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Note">The motifs that it holds, each behind a space.</param>
/// <param name="Letters">Its bases.</param>
internal sealed record Sequence(string Name, string Note, string Letters);

/// <summary>
/// Sequences as samples/Motifs simulates them: bases drawn from the background, and in a quarter each no motif, GATA1's, TAL1's, or both,
/// from one to three times at random places that do not overlap.
/// </summary>
internal static class Simulated
{
    private const int MostCopies = 3;

    /// <summary>Draws sequences, one after the other. More of the same seed begin with the same.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">What they are drawn by.</param>
    /// <param name="motifs">The motifs: bit i of a sequence's number says whether it holds motif i.</param>
    public static IEnumerable<Sequence> Draw(int count, int seed, IReadOnlyList<Motif> motifs)
    {
        var random = new Random(seed);
        var letters = new char[Dna.Length];
        var isTaken = new bool[Dna.Length];
        for (var number = 0; number < count; number++)
        {
            foreach (ref var letter in letters.AsSpan())
                letter = Motif.DrawLetter(random, Dna.Background);
            Array.Clear(isTaken);
            var note = "";
            for (var i = 0; i < motifs.Count; i++)
            {
                if ((number >> i & 1) == 0)
                    continue;
                note += $" {motifs[i].Name}";
                for (var copies = random.Next(1, MostCopies + 1); copies > 0; copies--)
                    Place(random, motifs[i], letters, isTaken);
            }
            yield return new Sequence($"s{number}", note, new string(letters));
        }
    }

    private static void Place(Random random, Motif motif, char[] letters, bool[] isTaken)
    {
        int start;
        do
            start = random.Next(letters.Length - motif.Length + 1);
        while (isTaken.AsSpan(start, motif.Length).Contains(true));
        isTaken.AsSpan(start, motif.Length).Fill(true);
        motif.Draw(random, letters.AsSpan(start, motif.Length));
    }
}
