namespace Whence.Data;

/// <summary>How relative gaps are distributed: how many lie in each power of ten, and the largest. Counts of parts add up.</summary>
internal sealed class GapCounts
{
    /// <summary>Upper bounds of all counts but the last, which has what is larger: 1e-8, 1e-7, ..., 1.</summary>
    public static readonly double[] Bounds = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

    private readonly long[] counts = new long[Bounds.Length + 1];

    public IReadOnlyList<long> Counts => counts;

    /// <summary>The largest; null where no row has a gap.</summary>
    public double? Largest { get; private set; }

    public void Add(double gap)
    {
        var place = 0;
        while (place < Bounds.Length && gap > Bounds[place])
            place++;
        counts[place]++;
        Largest = gap <= Largest ? Largest : gap;
    }

    public void Add(GapCounts other)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
        if (other.Largest is { } gap && !(gap <= Largest))
            Largest = gap;
    }

    /// <exception cref="InvalidDataException">There are not as many counts as powers of ten.</exception>
    public static GapCounts Of(IReadOnlyList<long> counts, double? largest)
    {
        var gaps = new GapCounts { Largest = largest };
        if (counts.Count != gaps.counts.Length)
            throw new InvalidDataException($"a distribution of gaps has {gaps.counts.Length} counts, not {counts.Count}");
        for (var i = 0; i < counts.Count; i++)
            gaps.counts[i] = counts[i];
        return gaps;
    }
}
