using System.Text.Json.Serialization;

namespace Whence.Evaluate;

/// <summary>How seqlets are found and aligned; immutable.</summary>
public sealed record SeqletOptions
{
    internal static readonly SeqletOptions Default = new();

    /// <summary>How many positions a seqlet has: a motif and some neighbours.</summary>
    public int Width { get; init; } = 16;

    /// <summary>How many seqlets a sequence has at most, the strongest.</summary>
    public int MostPerSequence { get; init; } = 5;

    /// <summary>
    /// The least sum of the sizes of a window's scores; null for the median of all windows and three times what half of them are farther
    /// from it (their median absolute deviation).
    /// </summary>
    public double? LeastStrength { get; init; }

    /// <summary>How well a seqlet correlates with its motif's mean at least.</summary>
    public double LeastCorrelation { get; init; } = 0.6;

    /// <summary>How far seqlets are moved to be aligned; null for half their width.</summary>
    public int? Shift { get; init; }

    /// <summary>Whether the other strand is read too: letters A, C, G, T are then T, G, C, A from the end.</summary>
    public bool ReverseComplement { get; init; } = true;

    /// <summary>How many seqlets a motif has at least; fewer are none.</summary>
    public int LeastSeqlets { get; init; } = 10;

    /// <summary>How many motifs are looked for.</summary>
    public int MostMotifs { get; init; } = 8;

    /// <summary>Ends it between two rounds of alignment, by an <see cref="OperationCanceledException"/>.</summary>
    [JsonIgnore]
    public CancellationToken Cancellation { get; init; }

    internal void Check(int length)
    {
        if (Width < 2 || Width > length || MostPerSequence < 1 || LeastSeqlets < 1 || MostMotifs < 1 || Shift < 0 || LeastStrength < 0)
            throw new ArgumentException(
                $"A seqlet has at least 2 positions of the {length} there are, and counts are at least 1, shifts and strengths at least 0, "
                    + FormattableString.Invariant($"but Width is {Width}, MostPerSequence {MostPerSequence}, LeastSeqlets {LeastSeqlets}, ")
                    + FormattableString.Invariant($"MostMotifs {MostMotifs}, Shift {Shift} and LeastStrength {LeastStrength}."),
                nameof(SeqletOptions));
        if (!(LeastCorrelation is >= 0 and <= 1))
            throw new ArgumentException(FormattableString.Invariant($"A correlation lies between 0 and 1, not {LeastCorrelation}."),
                nameof(SeqletOptions));
    }
}

/// <summary>A stretch of a sequence whose scores stand out, aligned with others.</summary>
/// <param name="Sequence">Which sequence, from 0.</param>
/// <param name="Start">Its first position on the strand that was given.</param>
/// <param name="IsReversed">Whether it is read from the other strand.</param>
/// <param name="Correlation">Pearson's, of its scores and the motif's mean.</param>
public sealed record Seqlet(int Sequence, int Start, bool IsReversed, double Correlation);

/// <summary>What many seqlets have in common: their mean scores once they are aligned.</summary>
public sealed class SeqletMotif
{
    internal SeqletMotif(float[] scores, IReadOnlyList<Seqlet> seqlets) => (Scores, Seqlets) = (scores, seqlets);

    /// <summary>[4, <see cref="Width"/>], letters A, C, G, T: the seqlets' mean scores.</summary>
    public ReadOnlyMemory<float> Scores { get; }

    /// <summary>How many positions it has.</summary>
    public int Width => Scores.Length / 4;

    /// <summary>Its seqlets, in the order of the sequences and their positions.</summary>
    public IReadOnlyList<Seqlet> Seqlets { get; }

    /// <summary>Of how many sequences they are.</summary>
    public int Sequences => Seqlets.Select(seqlet => seqlet.Sequence).Distinct().Count();

    /// <summary>The letter of the largest size of mean score at each position.</summary>
    public string Consensus => string.Concat(Enumerable.Range(0, Width).Select(position =>
        "ACGT"[Enumerable.Range(0, 4).MaxBy(letter => Math.Abs(Scores.Span[letter * Width + position]))]));

    /// <summary>
    /// The motifs in the scores of one-hot DNA: windows whose scores are large become seqlets, the strongest of one sequence first and none
    /// upon another. Beginning with the strongest of all, those that correlate with it at their best shift and strand are aligned, and
    /// again with their mean, until nothing moves; then the rest, as long as there are enough. (The steps of TF-MoDISco, arXiv 1811.00416,
    /// with one greedy alignment in place of clusters.) The same scores give the same motifs. Time goes with seqlets, shifts and motifs.
    /// </summary>
    /// <param name="scores">[count, 4, length]: DeepLIFT's or other contributions, letters A, C, G, T.</param>
    /// <param name="count">How many sequences.</param>
    /// <param name="sequences">[count, 4, length], one-hot: a position's scores are then summed and shown at its letter, as references
    /// other than zeros ask for. May be empty: scores are shown where they are.</param>
    /// <param name="options">How they are found.</param>
    /// <returns>In the order of their strongest seqlets; none where nothing stands out.</returns>
    /// <exception cref="ArgumentException">Lengths do not fit, a score is not finite, or an option is out of range.</exception>
    public static IReadOnlyList<SeqletMotif> Find(ReadOnlySpan<float> scores, int count, ReadOnlySpan<float> sequences = default,
        SeqletOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (scores.IsEmpty || scores.Length % (4 * count) != 0)
            throw new ArgumentException($"The scores of {count} sequences are [{count}, 4, length], but there are {scores.Length}.",
                nameof(scores));
        if (!sequences.IsEmpty && sequences.Length != scores.Length)
            throw new ArgumentException($"There are {scores.Length} scores, but {sequences.Length} letters; give as many or none.",
                nameof(sequences));
        if (Whence.Rows.FirstNonFinite(scores) is var at and >= 0)
            throw new ArgumentException(FormattableString.Invariant($"Scores are finite, but score {at} is {scores[at]}."), nameof(scores));
        options ??= SeqletOptions.Default;
        options.Check(scores.Length / (4 * count));
        return new SeqletAlignment(new SeqletTracks(scores, sequences, count), options).Motifs();
    }
}
