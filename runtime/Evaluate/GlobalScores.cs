using System.Globalization;
using System.Runtime.InteropServices;

namespace Whence.Evaluate;

/// <summary>What the scores of one element, or group, are over many rows.</summary>
/// <param name="Element">Its place in a row of scores.</param>
/// <param name="Name">Its name, or its place in words.</param>
/// <param name="MeanAbsolute">The mean of the scores' sizes: how much it matters.</param>
/// <param name="Mean">The mean of the scores: to which side.</param>
/// <param name="Least">The least score.</param>
/// <param name="Most">The largest score.</param>
public sealed record GlobalScore(int Element, string Name, Interval MeanAbsolute, Interval Mean, float Least, float Most);

/// <summary>
/// The scores of many rows in one pass and bounded memory: mean sizes, signed means, quantiles, and bootstrap intervals. Sums are exact and
/// draws follow from a row's index, so that rows may be added in any order, and views of the shards of a data set merged, to the same
/// bits. For one thread at a time.
/// </summary>
/// <remarks>
/// Intervals are between percentiles of a Poisson bootstrap (Chamandy, Muralidharan, Najmi and Naidu 2012). It draws not rows but the
/// <see cref="GlobalOptions.Parts"/> into which rows fall by chance, which is the same where there are no more rows than parts, and costs
/// a row one addition instead of one for each resample.
/// </remarks>
public sealed partial class GlobalScores
{
    // Of each part, made when a row falls into it: [Size, positive and negative, Words].
    private readonly ulong[]?[] sums;
    private readonly long[] counts;
    private readonly float[] least;
    private readonly float[] most;
    private readonly Dictionary<ushort, long>[] histograms;
    private IReadOnlyList<string> names = [];
    private FeatureGroups? groups;

    /// <summary>A view of no row yet.</summary>
    /// <param name="size">Scores in a row: elements of an input, or groups.</param>
    /// <param name="options">How they are summed up.</param>
    /// <exception cref="ArgumentException">An option or the size is out of range, or the sums would be too large for memory.</exception>
    public GlobalScores(int size, GlobalOptions? options = null)
    {
        Options = options ?? GlobalOptions.Default;
        Options.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if ((long)size * Stride > Array.MaxLength)
            throw new ArgumentException($"At most {Array.MaxLength / Stride} scores of a row can be summed up, but there are {size}; give "
                + "sums of groups (Attribution.SumBy).", nameof(size));
        Size = size;
        sums = new ulong[]?[Options.Parts];
        counts = new long[Options.Parts];
        least = new float[size];
        most = new float[size];
        least.AsSpan().Fill(float.PositiveInfinity);
        most.AsSpan().Fill(float.NegativeInfinity);
        histograms = Options.Quantiles ? new Dictionary<ushort, long>[size] : [];
        for (var i = 0; i < histograms.Length; i++)
            histograms[i] = [];
    }

    /// <summary>Scores in a row.</summary>
    public int Size { get; }

    /// <summary>How they are summed up.</summary>
    public GlobalOptions Options { get; }

    /// <summary>How many rows were added.</summary>
    public long Rows => counts.Sum();

    /// <summary>The elements' names, one for each; empty if they go by their places.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public IReadOnlyList<string> Names
    {
        get => names;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count != 0 && value.Count != Size)
                throw new ArgumentException($"There are {Size} scores in a row, but {value.Count} names.", nameof(value));
            names = value;
        }
    }

    private const int Stride = 2 * ExactSum.Words;

    /// <summary>A view of the scores of a network's inputs, with its features' names (<see cref="FeaturesAttribute"/>).</summary>
    public static GlobalScores Of(Signature net, GlobalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        return new GlobalScores(net.InputSize, options) { Names = NamesOf(net) };
    }

    /// <summary>
    /// A view of the scores of groups of features, with their names: of a table's columns, one-hot or not,
    /// <see cref="FeatureGroups.OfColumns"/>. Explanations of the elements are summed by group when they are added.
    /// </summary>
    public static GlobalScores Of(FeatureGroups groups, GlobalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return new GlobalScores(groups.Count, options) { Names = groups.Names, groups = groups };
    }

    /// <summary>
    /// A view of the interactions of pairs of groups, as <c>ShapleyInteractions</c> of <see cref="Explainers"/> has them: [groups, groups],
    /// half of a pair's index at each of its two places, "income, debt" and "debt, income", and what a group does alone at its own,
    /// "income".
    /// </summary>
    public static GlobalScores OfPairs(FeatureGroups groups, GlobalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        string NameOf(int group) =>
            groups.Names.Count > 0 ? groups.Names[group] : group.ToString(CultureInfo.InvariantCulture);

        var all = Enumerable.Range(0, groups.Count);
        return new GlobalScores(groups.Count * groups.Count, options)
        {
            Names = [.. all.SelectMany(one => all.Select(other => one == other ? NameOf(one) : $"{NameOf(one)}, {NameOf(other)}"))],
        };
    }

    /// <summary>Adds rows that lie next to each other in the data set.</summary>
    /// <param name="first">The first row's index in the whole data set, from 0; it decides its part. A row is added once.</param>
    /// <param name="scores">[count, Size], finite.</param>
    /// <exception cref="ArgumentException">The scores are no whole rows, or one is not finite; then no row is added.</exception>
    public void Add(long first, ReadOnlySpan<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (scores.Length % Size != 0)
            throw new ArgumentException($"A row has {Size} scores, but {scores.Length} were given, which are no whole rows.",
                nameof(scores));
        if (Whence.Rows.FirstNonFinite(scores) is var at and >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Scores are finite, but that of element {at % Size} of row {first + at / Size} is {scores[at]}."), nameof(scores));
        for (var row = 0; row < scores.Length / Size; row++)
            AddRow(first + row, scores.Slice(row * Size, Size));
    }

    /// <summary>Adds an explanation's scores.</summary>
    /// <param name="row">The row's index in the whole data set, from 0.</param>
    /// <param name="why">The explanation.</param>
    /// <exception cref="ArgumentException">It has another number of scores.</exception>
    public void Add(long row, Attribution why)
    {
        ArgumentNullException.ThrowIfNull(why);
        if (groups is not null && why.Scores.Length == groups.Size)
        {
            Add(row, Array.ConvertAll(why.SumBy(groups), sum => (float)sum));
            return;
        }
        if (why.Scores.Length != Size)
            throw new ArgumentException($"A row has {Size} scores, but the explanation has {why.Scores.Length}.", nameof(why));
        Add(row, why.Scores);
    }

    /// <summary>Adds all rows of another view, of other rows of the same data set.</summary>
    /// <exception cref="ArgumentException">The other view has other options, names or another size.</exception>
    public void Merge(GlobalScores other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other) || other.Size != Size || other.Options != Options || !other.Names.SequenceEqual(Names))
            throw new ArgumentException($"Views of one data set are merged that have the same options and names, but this one of {Size} "
                + "scores "
                + $"has {Options} and the other, of {other.Size}, {other.Options}, or they are one view or differ in names.",
                nameof(other));
        for (var part = 0; part < sums.Length; part++)
        {
            counts[part] += other.counts[part];
            if (other.sums[part] is not { } added)
                continue;
            var mine = sums[part] ??= new ulong[Size * Stride];
            for (var at = 0; at < mine.Length; at += ExactSum.Words)
                ExactSum.Add(mine.AsSpan(at, ExactSum.Words), added.AsSpan(at, ExactSum.Words));
        }
        for (var i = 0; i < Size; i++)
            (least[i], most[i]) = (Math.Min(least[i], other.least[i]), Math.Max(most[i], other.most[i]));
        for (var i = 0; i < histograms.Length; i++)
        {
            foreach (var (key, count) in other.histograms[i])
                CollectionsMarshal.GetValueRefOrAddDefault(histograms[i], key, out _) += count;
        }
    }

    /// <summary>What the scores are over all rows that were added, in the order of the elements.</summary>
    /// <exception cref="InvalidOperationException">No row was added.</exception>
    public IReadOnlyList<GlobalScore> Summarise()
    {
        RequireRows();
        var draws = Drawn();
        var (found, rows) = (new GlobalScore[Size], Rows);
        var (absolute, signed) = (new double[sums.Length], new double[sums.Length]);
        Span<ulong> up = stackalloc ulong[ExactSum.Words];
        Span<ulong> down = stackalloc ulong[ExactSum.Words];
        for (var i = 0; i < Size; i++)
        {
            up.Clear();
            down.Clear();
            for (var part = 0; part < sums.Length; part++)
            {
                (absolute[part], signed[part]) = (0, 0);
                if (sums[part] is not { } of)
                    continue;
                var more = SumOf(of, i, false);
                var less = SumOf(of, i, true);
                (absolute[part], signed[part]) = (ExactSum.Together(more, less), ExactSum.Difference(more, less));
                ExactSum.Add(up, more);
                ExactSum.Add(down, less);
            }
            found[i] = new GlobalScore(i, NameOf(i), Around(ExactSum.Together(up, down) / rows, absolute, draws),
                Around(ExactSum.Difference(up, down) / rows, signed, draws), least[i], most[i]);
        }
        return found;
    }

    /// <summary>The elements of the largest mean sizes, the largest first; equal ones in order.</summary>
    /// <exception cref="InvalidOperationException">No row was added.</exception>
    public IReadOnlyList<GlobalScore> Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. Summarise().OrderByDescending(one => one.MeanAbsolute.Estimate).Take(count)];
    }

    /// <summary>
    /// The score below which a share of the rows lies, right to 0.4 % of itself: rows are counted by the leading 16 bits of their score,
    /// and the ends are exact.
    /// </summary>
    /// <param name="element">Its place in a row of scores.</param>
    /// <param name="share">From 0, the least score, to 1, the largest.</param>
    /// <exception cref="InvalidOperationException">No row was added, or the options say that scores are not counted.</exception>
    public double Quantile(int element, double share)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)element, (uint)Size, nameof(element));
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");
        RequireRows();
        if (!Options.Quantiles)
            throw new InvalidOperationException("Scores were not counted: the options say Quantiles = false.");
        if (share is 0 or 1)
            return share == 0 ? least[element] : most[element];
        var (rank, seen) = (share * (Rows - 1), 0L);
        foreach (var key in histograms[element].Keys.OrderBy(Lower))
        {
            seen += histograms[element][key];
            if (seen > rank)
                return Math.Clamp((Lower(key) + (double)Upper(key)) / 2, least[element], most[element]);
        }
        return most[element];
    }

    private void AddRow(long row, ReadOnlySpan<float> scores)
    {
        var part = new Draws(Options.Seed, (ulong)row).Below(sums.Length);
        counts[part]++;
        var of = sums[part] ??= new ulong[Size * Stride];
        for (var i = 0; i < scores.Length; i++)
        {
            var score = scores[i];
            ExactSum.Add(of.AsSpan(i * Stride + (score < 0 ? ExactSum.Words : 0), ExactSum.Words), score);
            least[i] = Math.Min(least[i], score);
            most[i] = Math.Max(most[i], score);
            if (histograms.Length > 0)
                CollectionsMarshal.GetValueRefOrAddDefault(histograms[i], (ushort)(BitConverter.SingleToUInt32Bits(score) >> 16), out _)++;
        }
    }

    private static ReadOnlySpan<ulong> SumOf(ulong[] of, int element, bool negative) =>
        of.AsSpan(element * Stride + (negative ? ExactSum.Words : 0), ExactSum.Words);

    // How often each resample has each part, [Resamples, Parts]: by inversion, since e is all that Poisson's distribution of mean 1 needs.
    private byte[] Drawn()
    {
        if (sums.Length == 1)
            return [];
        var drawn = new byte[Options.Resamples * sums.Length];
        for (var resample = 0; resample < Options.Resamples; resample++)
        {
            // Apart from the streams of the rows, which are not negative.
            var draws = new Draws(Options.Seed, ~(ulong)resample);
            for (var part = 0; part < sums.Length; part++)
                drawn[resample * sums.Length + part] = Poisson(draws.Uniform());
        }
        return drawn;
    }

    private static byte Poisson(double uniform)
    {
        var (share, times) = (0.36787944117144233, (byte)0);
        while (uniform >= share && times < 20)
        {
            uniform -= share;
            share /= ++times;
        }
        return times;
    }

    private Interval Around(double estimate, double[] ofParts, byte[] drawn)
    {
        if (drawn.Length == 0)
            return new Interval(estimate, double.NaN, double.NaN);
        var means = new List<double>(Options.Resamples);
        for (var at = 0; at < drawn.Length; at += ofParts.Length)
        {
            var (sum, rows) = (0.0, 0L);
            for (var part = 0; part < ofParts.Length; part++)
            {
                sum += drawn[at + part] * ofParts[part];
                rows += drawn[at + part] * counts[part];
            }
            // Of a few rows a resample may have none.
            if (rows > 0)
                means.Add(sum / rows);
        }
        if (means.Count == 0)
            return new Interval(estimate, double.NaN, double.NaN);
        means.Sort();
        var sorted = CollectionsMarshal.AsSpan(means);
        var tail = (1 - Options.Confidence) / 2;
        return new Interval(estimate, Sample.Quantile(sorted, tail), Sample.Quantile(sorted, 1 - tail));
    }

    private void RequireRows()
    {
        if (Rows == 0)
            throw new InvalidOperationException("No row was added yet.");
    }

    private string NameOf(int element) => names.Count > 0 ? names[element] : element.ToString(CultureInfo.InvariantCulture);

    // The floats with these leading bits, the nearest to zero and the farthest.
    private static float Lower(ushort key) => BitConverter.UInt32BitsToSingle((uint)key << 16);

    private static float Upper(ushort key) => BitConverter.UInt32BitsToSingle((uint)key << 16 | 0xFFFF);

    internal static IReadOnlyList<string> NamesOf(Signature net)
    {
        var found = new List<string>();
        foreach (var tensor in net.Inputs)
        {
            for (var i = 0; i < Sizes.Of(tensor.Shape); i++)
                found.Add(PlaceOf(tensor, i));
        }
        return found;
    }

    private static string PlaceOf(TensorInfo tensor, int element)
    {
        var position = new int[tensor.Shape.Rank];
        var rest = element;
        for (var axis = position.Length - 1; axis >= 0; axis--)
            (rest, position[axis]) = Math.DivRem(rest, tensor.Shape[axis]);
        return new TopScore(tensor.Name, element, position, 0)
        {
            Feature = tensor.FeatureOf(element),
            FeatureAxis = tensor.FeatureAxis,
        }.Place;
    }
}
