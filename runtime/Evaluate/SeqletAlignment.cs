namespace Whence.Evaluate;

/// <summary>Finds seqlets and aligns them, motif by motif.</summary>
internal sealed class SeqletAlignment(SeqletTracks tracks, SeqletOptions options)
{
    private const int MostRounds = 12;

    // So many seqlets one after the other that are like too few others: then what is weaker is not asked.
    private const int MostFailures = 50;

    private readonly int width = options.Width;
    private readonly int shift = options.Shift ?? options.Width / 2;

    /// <summary>A window that stands out.</summary>
    private readonly record struct Peak(int Sequence, int Start, double Strength);

    /// <summary>A motif as it grows: its mean, and by how much it was moved since its first seqlet.</summary>
    private sealed record Pattern(double[] Mean, int Moved, IReadOnlyList<Seqlet> Seqlets);

    public IReadOnlyList<SeqletMotif> Motifs()
    {
        var (pool, motifs, failures) = (Peaks(), new List<SeqletMotif>(), 0);
        while (pool.Count >= options.LeastSeqlets && motifs.Count < options.MostMotifs && failures < MostFailures)
        {
            if (Grown(pool) is { } pattern)
            {
                failures = 0;
                motifs.Add(Told(pattern));
                var taken = pattern.Seqlets.ToLookup(seqlet => seqlet.Sequence);
                pool.RemoveAll(peak => taken[peak.Sequence].Any(seqlet => Math.Abs(seqlet.Start - peak.Start) < width));
            }
            else
            {
                failures++;
                pool.RemoveAt(0);
            }
        }
        return motifs;
    }

    /// <summary>The strongest windows of each sequence, none upon another; the strongest of all first.</summary>
    private List<Peak> Peaks()
    {
        var strengths = Enumerable.Range(0, tracks.Count).Select(sequence => tracks.Strengths(sequence, width)).ToArray();
        var least = options.LeastStrength ?? StandsOut(strengths);
        var peaks = new List<Peak>();
        for (var sequence = 0; sequence < strengths.Length; sequence++)
        {
            var own = new List<Peak>();
            foreach (var start in Enumerable.Range(0, strengths[sequence].Length).OrderByDescending(start => strengths[sequence][start]))
            {
                if (own.Count == options.MostPerSequence || !(strengths[sequence][start] > 0) || strengths[sequence][start] < least)
                    break;
                if (own.TrueForAll(other => Math.Abs(other.Start - start) >= width))
                    own.Add(new Peak(sequence, start, strengths[sequence][start]));
            }
            peaks.AddRange(own);
        }
        return [.. peaks.OrderByDescending(peak => peak.Strength)];
    }

    private static double StandsOut(double[][] strengths)
    {
        var all = strengths.SelectMany(own => own).ToArray();
        var middle = Median(all);
        return middle + 3 * Median(Array.ConvertAll(all, strength => Math.Abs(strength - middle)));
    }

    private static double Median(double[] values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    /// <summary>The motif of the first peak: aligned until nothing moves; null if too few seqlets are like it.</summary>
    private Pattern? Grown(List<Peak> pool)
    {
        var pattern = new Pattern(tracks.Window(pool[0].Sequence, pool[0].Start, width).ToArray(), 0, []);
        for (var round = 0; round < MostRounds; round++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var placed = Placed(pool, pattern);
            if (placed.Count < options.LeastSeqlets)
                return null;
            var same = placed.Select(Where).SequenceEqual(pattern.Seqlets.Select(Where));
            pattern = same ? pattern with { Seqlets = placed } : Centred(placed, pattern.Moved);
            if (same)
                break;
        }
        if (pattern.Seqlets.Count < options.LeastSeqlets)
            return null;
        // What was moved in the last round correlates with another mean than the last.
        return pattern with
        {
            Seqlets = [.. pattern.Seqlets.Select(seqlet => seqlet with { Correlation = Correlation(pattern.Mean, seqlet) })],
        };

        static (int, int, bool) Where(Seqlet seqlet) => (seqlet.Sequence, seqlet.Start, seqlet.IsReversed);
    }

    /// <summary>Every peak at its best shift and strand, where it correlates; of two upon each other the better.</summary>
    private List<Seqlet> Placed(List<Peak> pool, Pattern pattern)
    {
        var placed = new List<Seqlet>();
        foreach (var own in pool.Select(peak => Best(peak, pattern)).OfType<Seqlet>().GroupBy(seqlet => seqlet.Sequence))
        {
            var kept = new List<Seqlet>();
            foreach (var seqlet in own.OrderByDescending(seqlet => seqlet.Correlation).ThenBy(seqlet => seqlet.Start))
            {
                if (kept.TrueForAll(other => 2 * Math.Abs(other.Start - seqlet.Start) >= width))
                    kept.Add(seqlet);
            }
            placed.AddRange(kept);
        }
        return [.. placed.OrderBy(seqlet => seqlet.Sequence).ThenBy(seqlet => seqlet.Start)];
    }

    private Seqlet? Best(Peak peak, Pattern pattern)
    {
        Seqlet? best = null;
        for (var strand = 0; strand < (options.ReverseComplement ? 2 : 1); strand++)
        {
            var middle = peak.Start + (strand == 0 ? pattern.Moved : -pattern.Moved);
            for (var start = Math.Max(0, middle - shift); start <= Math.Min(tracks.Length - width, middle + shift); start++)
            {
                var seqlet = new Seqlet(peak.Sequence, start, strand == 1, 0);
                var correlation = Correlation(pattern.Mean, seqlet);
                if (correlation >= options.LeastCorrelation && !(correlation <= best?.Correlation))
                    best = seqlet with { Correlation = correlation };
            }
        }
        return best;
    }

    /// <summary>The mean of these, moved to where it is strongest; those that the ends do not let move as far are left out.</summary>
    private Pattern Centred(List<Seqlet> placed, int moved)
    {
        var wide = new double[4 * (width + 2 * shift)];
        foreach (var seqlet in placed)
            Add(seqlet, -shift, wide);
        var sizes = Enumerable.Range(0, width + 2 * shift).Select(i => Math.Abs(wide.AsSpan(4 * i, 4).ToArray().Sum())).ToArray();
        var by = Enumerable.Range(-shift, 2 * shift + 1).OrderBy(Math.Abs)
            .MaxBy(offset => Math.Round(sizes.AsSpan(offset + shift, width).ToArray().Sum(), 9));
        var kept = placed.Select(seqlet => seqlet with { Start = seqlet.Start + (seqlet.IsReversed ? -by : by) })
            .Where(seqlet => seqlet.Start >= 0 && seqlet.Start <= tracks.Length - width).ToList();
        var mean = new double[4 * width];
        foreach (var seqlet in kept)
            Add(seqlet, 0, mean);
        return new Pattern(Array.ConvertAll(mean, sum => sum / kept.Count), moved + by, kept);
    }

    /// <summary>
    /// Adds a seqlet's scores, and those beside it from an offset on, in the motif's direction; beyond the ends there are none.
    /// </summary>
    private void Add(Seqlet seqlet, int offset, double[] sums)
    {
        var positions = sums.Length / 4;
        for (var i = 0; i < positions; i++)
        {
            var position = seqlet.IsReversed ? seqlet.Start + width - 1 - offset - i : seqlet.Start + offset + i;
            if (position < 0 || position >= tracks.Length)
                continue;
            var scores = tracks.Window(seqlet.Sequence, position, 1);
            for (var letter = 0; letter < 4; letter++)
                sums[4 * i + letter] += scores[seqlet.IsReversed ? 3 - letter : letter];
        }
    }

    private double Correlation(double[] pattern, Seqlet seqlet)
    {
        var window = tracks.Window(seqlet.Sequence, seqlet.Start, width);
        var (n, x, y, xx, yy, xy) = (pattern.Length, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            var (p, w) = (pattern[i], window[seqlet.IsReversed ? n - 1 - i : i]);
            (x, y, xx, yy, xy) = (x + p, y + w, xx + p * p, yy + w * w, xy + p * w);
        }
        var spread = (n * xx - x * x) * (n * yy - y * y);
        return spread > 0 ? (n * xy - x * y) / Math.Sqrt(spread) : 0;
    }

    private SeqletMotif Told(Pattern pattern)
    {
        var scores = new float[4 * width];
        for (var i = 0; i < scores.Length; i++)
            scores[i % 4 * width + i / 4] = (float)pattern.Mean[i];
        return new SeqletMotif(scores, pattern.Seqlets);
    }
}
