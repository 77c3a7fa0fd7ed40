namespace Whence.Evaluate;

/// <summary>How scores of many rows are summed up; immutable, so one can be shared. Views that are merged have equal ones.</summary>
public sealed record GlobalOptions
{
    internal static readonly GlobalOptions Default = new();

    private const int MostParts = 1 << 16;

    /// <summary>
    /// Into how many parts rows are drawn by their index, for the intervals: an interval's width is right to about 1 / sqrt(2 Parts), 4 %
    /// of 256. Memory grows with it: 96 bytes for each part and element. 1 makes no intervals.
    /// </summary>
    public int Parts { get; init; } = 256;

    /// <summary>How many times the parts are drawn again.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>The intervals' confidence, between 0 and 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Where the draws begin: the same seed gives the same bits on every platform.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether scores are counted for <see cref="GlobalScores.Quantile"/>: up to 65,536 counts for each element.</summary>
    public bool Quantiles { get; init; } = true;

    internal void Check()
    {
        if (Parts is < 1 or > MostParts || Resamples < 1 || !(Confidence is > 0 and < 1))
            throw new ArgumentException(
                $"There are 1 to {MostParts} parts and at least 1 resample, and the confidence lies between 0 and 1, "
                + FormattableString.Invariant($"but Parts is {Parts}, Resamples {Resamples} and Confidence {Confidence}."), "options");
    }
}
