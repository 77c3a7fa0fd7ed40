using System.Runtime.InteropServices;

namespace Motifs;

/// <summary>Shuffles that keep every pair of neighbours as often as it is, and the first and the last letter.</summary>
internal static class Shuffle
{
    /// <summary>
    /// The letters 0 to 3 in another order: the successors of each letter change places among each other, all but the last, and the
    /// sequence is walked anew from its first letter, as the DeepLIFT authors do.
    /// </summary>
    public static int[] Dinucleotides(ReadOnlySpan<int> letters, Random random)
    {
        var successors = Enumerable.Range(0, Dna.Alphabet.Length).Select(_ => new List<int>()).ToArray();
        for (var i = 1; i < letters.Length; i++)
            successors[letters[i - 1]].Add(letters[i]);
        foreach (var of in successors.Where(of => of.Count > 1))
            random.Shuffle(CollectionsMarshal.AsSpan(of)[..^1]);
        var shuffled = new int[letters.Length];
        var next = new int[successors.Length];
        shuffled[0] = letters[0];
        for (var i = 1; i < shuffled.Length; i++)
            shuffled[i] = successors[shuffled[i - 1]][next[shuffled[i - 1]]++];
        return shuffled;
    }
}
