namespace Whence.Benchmarks;

/// <summary>
/// How much slower one build is than another, from pairs of times that were measured one directly after the other: what slows the machine
/// down slows both of a pair, and leaves their ratio.
/// </summary>
/// <param name="Median">The median of the pairs' ratios; above 1 this build is the slower.</param>
/// <param name="Low">The lower end of the median's interval.</param>
/// <param name="High">
/// Its upper end. The interval is that of two order statistics as far from either end, the narrowest that misses the true median with a
/// probability of at most <see cref="Missed"/>, whatever the ratios' distribution (the sign test's). Of fewer than
/// <see cref="LeastPairs"/> pairs it is their whole range, and misses more often.
/// </param>
/// <param name="Pairs">How many there are.</param>
internal readonly record struct PairedRatio(double Median, double Low, double High, int Pairs)
{
    public const double Missed = 0.01;

    /// <summary>The fewest pairs whose range holds the true median so surely: 2 / 2^8 is below <see cref="Missed"/>.</summary>
    public const int LeastPairs = 8;

    /// <summary>More would need the coin's probabilities as logarithms.</summary>
    public const int MostPairs = 1000;

    /// <summary>No case may be slower than this, however uncertain.</summary>
    public const double MostSlowdown = 1.05;

    /// <summary>Whether the whole interval is above 1: slower by more than what its measurement spreads.</summary>
    public bool IsSlower => Low > 1;

    /// <summary>Whether the median is above what any case may lose, be it within the spread.</summary>
    public bool IsTooSlow => Median > MostSlowdown;

    /// <summary>From the times of the pairs, in the same order: <paramref name="ours"/> divided by <paramref name="others"/>.</summary>
    /// <exception cref="ArgumentException">
    /// There are no pairs, more than <see cref="MostPairs"/>, or not as many of one as of the other.
    /// </exception>
    public static PairedRatio Of(IReadOnlyList<double> ours, IReadOnlyList<double> others)
    {
        if (ours.Count is 0 or > MostPairs || ours.Count != others.Count)
            throw new ArgumentException(
                $"Pairs are 1 to {MostPairs} times of one and as many of the other, but they are {ours.Count} and {others.Count}.");
        var ratios = ours.Zip(others, (one, other) => one / other).Order().ToList();
        var (half, cut) = (ratios.Count / 2, Outside(ratios.Count));
        var median = ratios.Count % 2 == 1 ? ratios[half] : (ratios[half - 1] + ratios[half]) / 2;
        return new(median, ratios[cut], ratios[^(cut + 1)], ratios.Count);
    }

    // How many ratios lie below the interval, and as many above: the most for which fewer than these lie on one side of the true median
    // with a probability of half of Missed. On which side of it a ratio lies is the toss of a coin.
    private static int Outside(int pairs)
    {
        var (ways, below, outside) = (Math.Pow(0.5, pairs), 0.0, 0);
        while (below + ways <= Missed / 2)
        {
            below += ways;
            outside++;
            ways *= (pairs - outside + 1.0) / outside;
        }
        return Math.Max(0, outside - 1);
    }
}
