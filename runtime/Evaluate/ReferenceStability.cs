using System.Globalization;

namespace Whence.Evaluate;

/// <summary>How far explanations of many rows depend on which reference they compare with.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="References">How many references.</param>
/// <param name="RankCorrelation">
/// Spearman's correlation of the elements' mean sizes between two references, averaged over all pairs of references: 1 if all order the
/// elements alike. NaN where a reference has all elements equal.
/// </param>
/// <param name="TopOverlap">Which share of a row's strongest elements two references have in common, averaged over pairs and rows.</param>
/// <param name="Elements">Each element.</param>
public sealed record Stability(long Rows, int References, double RankCorrelation, double TopOverlap,
    IReadOnlyList<ElementStability> Elements);

/// <summary>How far the scores of one element depend on the reference.</summary>
/// <param name="Element">Its place in a row of scores.</param>
/// <param name="SameSign">On which share of the rows its score has the same sign, or is zero, for all references.</param>
/// <param name="LeastMeanAbsolute">Its mean size with the reference for which that is least.</param>
/// <param name="MostMeanAbsolute">Its mean size with the reference for which that is largest.</param>
public sealed record ElementStability(int Element, double SameSign, double LeastMeanAbsolute, double MostMeanAbsolute);

/// <summary>
/// Stability across references, in one pass over rows that are each explained against every reference by itself. What is kept are counts
/// and exact sums, so that those of shards merge to the same bits. For one thread at a time.
/// </summary>
public sealed class ReferenceStability
{
    private readonly GlobalScores[] views;
    private readonly long[] sameSign;
    private readonly int[][] strongest;
    private long common;
    private long rows;

    /// <summary>Of no row yet.</summary>
    /// <param name="size">Scores in a row.</param>
    /// <param name="references">How many references, at least 2.</param>
    /// <param name="top">How many of a row's strongest elements are compared.</param>
    public ReferenceStability(int size, int references, int top = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(references, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Top = Math.Min(top, size);
        views = new GlobalScores[references];
        for (var i = 0; i < references; i++)
            views[i] = new GlobalScores(size, new GlobalOptions { Parts = 1, Quantiles = false });
        sameSign = new long[size];
        strongest = new int[references][];
    }

    /// <summary>Scores in a row.</summary>
    public int Size => sameSign.Length;

    /// <summary>How many references.</summary>
    public int References => views.Length;

    /// <summary>How many of a row's strongest elements are compared.</summary>
    public int Top { get; }

    /// <summary>Adds a row.</summary>
    /// <param name="scores">[References, Size]: its scores against each reference, finite.</param>
    /// <exception cref="ArgumentException">There are more or fewer, or one is not finite; then the row is not added.</exception>
    public void Add(ReadOnlySpan<float> scores)
    {
        if (scores.Length != (long)Size * References)
            throw new ArgumentException($"A row has {Size} scores for each of {References} references, but {scores.Length} were given.",
                nameof(scores));
        if (Whence.Rows.FirstNonFinite(scores) is var at and >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Scores are finite, but that of element {at % Size} for reference {at / Size} is {scores[at]}."), nameof(scores));
        for (var i = 0; i < References; i++)
        {
            var row = scores.Slice(i * Size, Size);
            views[i].Add(0, row);
            strongest[i] = Strongest(row);
        }
        for (var element = 0; element < Size; element++)
            sameSign[element] += IsOfOneSign(scores, element) ? 1 : 0;
        for (var one = 1; one < References; one++)
        {
            for (var other = 0; other < one; other++)
                common += strongest[one].Intersect(strongest[other]).Count();
        }
        rows++;
    }

    /// <summary>Adds all rows of another, of other rows of the same data set.</summary>
    /// <exception cref="ArgumentException">It has another size, other references, or compares more or fewer of the strongest.</exception>
    public void Merge(ReferenceStability other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other) || (other.Size, other.References, other.Top) != (Size, References, Top))
            throw new ArgumentException($"Only another of {Size} scores, {References} references and {Top} strongest can be merged, but "
                + "it has "
                + $"{other.Size}, {other.References} and {other.Top}, or is this one.", nameof(other));
        for (var i = 0; i < References; i++)
            views[i].Merge(other.views[i]);
        for (var element = 0; element < Size; element++)
            sameSign[element] += other.sameSign[element];
        common += other.common;
        rows += other.rows;
    }

    /// <summary>What the rows say that were added.</summary>
    /// <exception cref="InvalidOperationException">No row was added.</exception>
    public Stability Summarise()
    {
        if (rows == 0)
            throw new InvalidOperationException("No row was added yet.");
        var means = Array.ConvertAll(views, view => view.Summarise().Select(one => one.MeanAbsolute.Estimate).ToArray());
        var pairs = References * (References - 1) / 2;
        var correlation = 0.0;
        for (var one = 1; one < References; one++)
        {
            for (var other = 0; other < one; other++)
                correlation += Correlation(Ranks(means[one]), Ranks(means[other])) / pairs;
        }
        return new Stability(rows, References, correlation, (double)common / pairs / Top / rows,
            [.. Enumerable.Range(0, Size).Select(i => new ElementStability(i, (double)sameSign[i] / rows, means.Min(row => row[i]),
                means.Max(row => row[i])))]);
    }

    private bool IsOfOneSign(ReadOnlySpan<float> scores, int element)
    {
        var (up, down) = (false, false);
        for (var i = element; i < scores.Length; i += Size)
            (up, down) = (up || scores[i] > 0, down || scores[i] < 0);
        return !(up && down);
    }

    private int[] Strongest(ReadOnlySpan<float> scores)
    {
        var sizes = scores.ToArray();
        return [.. Enumerable.Range(0, sizes.Length).OrderByDescending(i => Math.Abs(sizes[i])).Take(Top)];
    }

    /// <summary>Equal ones have the mean of their ranks.</summary>
    private static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var first = 0; first < order.Length;)
        {
            var last = first;
            while (last + 1 < order.Length && values[order[last + 1]] == values[order[first]])
                last++;
            for (var i = first; i <= last; i++)
                ranks[order[i]] = (first + last) / 2.0;
            first = last + 1;
        }
        return ranks;
    }

    private static double Correlation(double[] one, double[] other)
    {
        var middle = (one.Length - 1) / 2.0;
        var (both, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < one.Length; i++)
        {
            both += (one[i] - middle) * (other[i] - middle);
            first += (one[i] - middle) * (one[i] - middle);
            second += (other[i] - middle) * (other[i] - middle);
        }
        return both / Math.Sqrt(first * second);
    }
}
