using System.Globalization;

namespace Motifs;

/// <summary>A place in a sequence where a motif matches.</summary>
internal readonly record struct Match(int Start, double LogOdds);

/// <summary>A motif as a position weight matrix, compared with the background.</summary>
internal sealed class Motif
{
    private const double Pseudocount = 0.001;

    private readonly double[] logOdds;

    private Motif(string name, List<double[]> rows)
    {
        Name = name;
        logOdds = [.. rows.SelectMany(row => row.Select(
            (p, letter) => Math.Log(((p / row.Sum() * (1 - Pseudocount)) + Pseudocount / row.Length) / Dna.Background[letter])))];
    }

    public string Name { get; }

    public int Length => logOdds.Length / Dna.Alphabet.Length;

    /// <summary>
    /// The motifs of a file: a line with > and the name, then a line a position with a letter and the probabilities of A, C, G, T.
    /// </summary>
    /// <exception cref="InvalidDataException">A line is neither.</exception>
    public static List<Motif> Read(string path)
    {
        var motifs = new List<(string Name, List<double[]> Rows)>();
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var words = line.Split(' ');
            if (line[0] == '>')
                motifs.Add((words[0][1..], []));
            else if (words.Length == 5 && motifs.Count > 0)
                motifs[^1].Rows.Add([.. words[1..].Select(word => double.Parse(word, CultureInfo.InvariantCulture))]);
            else
                throw new InvalidDataException($"A motif's line is a letter and 4 probabilities, but one is \"{line}\".");
        }
        return motifs.ConvertAll(motif => new Motif(motif.Name, motif.Rows));
    }

    /// <summary>Draws an instance, letter by letter.</summary>
    public void Draw(Random random, Span<char> to)
    {
        Span<float> chances = stackalloc float[Dna.Alphabet.Length];
        for (var i = 0; i < Length; i++)
        {
            for (var letter = 0; letter < chances.Length; letter++)
                chances[letter] = (float)Math.Exp(logOdds[chances.Length * i + letter]) * Dna.Background[letter];
            to[i] = DrawLetter(random, chances);
        }
    }

    /// <summary>Draws one letter, given the chances of A, C, G, T.</summary>
    public static char DrawLetter(Random random, ReadOnlySpan<float> chances)
    {
        var left = random.NextSingle();
        for (var letter = 0; letter < chances.Length - 1; letter++)
        {
            left -= chances[letter];
            if (left < 0)
                return Dna.Alphabet[letter];
        }
        return Dna.Alphabet[^1];
    }

    /// <summary>The log-odds of motif against background (natural logarithm) of every window.</summary>
    public double[] Scan(string sequence)
    {
        var scores = new double[sequence.Length - Length + 1];
        for (var start = 0; start < scores.Length; start++)
        {
            for (var i = 0; i < Length; i++)
                scores[start] += logOdds[Dna.Alphabet.Length * i + Dna.Alphabet.IndexOf(sequence[start + i], StringComparison.Ordinal)];
        }
        return scores;
    }

    /// <summary>
    /// The best windows, one after the other, as the DeepLIFT authors pick them: after each the windows from half a motif before it to
    /// half a motif behind are struck out. Theirs is a slice of Python's, which is empty where it would begin before the sequence; then
    /// nothing is struck out, and the same window is picked again.
    /// </summary>
    public List<Match> Best(string sequence, int count)
    {
        var scores = Scan(sequence);
        var half = Length / 2;
        var best = new List<Match>();
        for (var pick = 0; pick < count; pick++)
        {
            var start = Array.IndexOf(scores, scores.Max());
            best.Add(new Match(start, scores[start]));
            if (start >= half)
                scores.AsSpan(start - half, Math.Min(2 * half - 1, scores.Length - start + half)).Fill(double.NegativeInfinity);
        }
        return best;
    }
}
