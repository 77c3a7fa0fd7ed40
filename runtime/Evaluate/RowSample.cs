using System.Globalization;

namespace Whence.Evaluate;

/// <summary>A row that a <see cref="RowSample"/> kept.</summary>
/// <param name="Row">Its index in the whole data set.</param>
/// <param name="Scores">Its scores.</param>
/// <param name="Values">Its values, which the scores are of; empty if they were not given.</param>
/// <param name="Output">The target at it; NaN if it was not given.</param>
public sealed record SampledRow(long Row, ReadOnlyMemory<float> Scores, ReadOnlyMemory<float> Values, double Output);

/// <summary>
/// Rows drawn from a stream, each as likely as another, for pictures of a data set that is too large to draw. Which are kept follows from
/// their indices and the seed, so that rows may come in any order, and samples of shards merge to that of the whole. For one
/// thread at a time.
/// </summary>
public sealed class RowSample
{
    // Those of the least draws, the largest draw on top.
    private readonly PriorityQueue<SampledRow, (ulong Draw, long Row)> kept =
        new(Comparer<(ulong Draw, long Row)>.Create((one, other) => other.CompareTo(one)));

    /// <summary>A sample of no row yet.</summary>
    /// <param name="most">How many rows are kept; of fewer all.</param>
    /// <param name="seed">Where the draws begin.</param>
    public RowSample(int most = 1000, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        (Most, Seed) = (most, seed);
    }

    /// <summary>How many rows are kept.</summary>
    public int Most { get; }

    /// <summary>Where the draws begin.</summary>
    public ulong Seed { get; }

    /// <summary>The rows that were kept, in the order of their indices.</summary>
    public IReadOnlyList<SampledRow> Rows => [.. kept.UnorderedItems.Select(item => item.Element).OrderBy(row => row.Row)];

    /// <summary>Adds a row; it is copied if it is kept.</summary>
    /// <param name="row">The row's index in the whole data set, from 0. A row is added once.</param>
    /// <param name="scores">Its scores, as many as every row's, finite.</param>
    /// <param name="values">What the scores are of, as many, or none; NaN for what is missing.</param>
    /// <param name="output">The target at it.</param>
    /// <exception cref="ArgumentException">The lengths differ, from each other or from other rows', or a score is not finite.</exception>
    public void Add(long row, ReadOnlySpan<float> scores, ReadOnlySpan<float> values = default, double output = double.NaN)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        if (scores.IsEmpty || !values.IsEmpty && values.Length != scores.Length)
            throw new ArgumentException($"A row has at least one score and a value for each, or no values, but row {row} has "
                + $"{scores.Length} "
                + $"scores and {values.Length} values.", nameof(values));
        if (Whence.Rows.FirstNonFinite(scores) is var at and >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Scores are finite, but that of element {at} of row {row} is {scores[at]}."), nameof(scores));
        if (kept.Count > 0 && kept.Peek().Scores.Length != scores.Length)
            throw new ArgumentException($"Rows have {kept.Peek().Scores.Length} scores, but row {row} has {scores.Length}.",
                nameof(scores));
        var draw = (new Draws(Seed, (ulong)row).Next(), row);
        if (kept.Count < Most || draw.CompareTo(Largest()) < 0)
            Keep(new SampledRow(row, scores.ToArray(), values.ToArray(), output), draw);
    }

    /// <summary>Adds an explanation of the whole input.</summary>
    /// <param name="row">The row's index in the whole data set, from 0.</param>
    /// <param name="why">The explanation.</param>
    /// <param name="x">What was explained, or nothing.</param>
    /// <exception cref="ArgumentException">The lengths differ, from each other or from other rows'.</exception>
    public void Add(long row, Attribution why, ReadOnlySpan<float> x = default)
    {
        ArgumentNullException.ThrowIfNull(why);
        Add(row, why.Scores, x, why.Output);
    }

    /// <summary>Adds the rows of another sample, of other rows of the same data set.</summary>
    /// <exception cref="ArgumentException">The other keeps more or fewer rows, or draws from another seed.</exception>
    public void Merge(RowSample other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other) || (other.Most, other.Seed) != (Most, Seed))
            throw new ArgumentException($"Samples of one data set are merged that keep as many rows from the same seed, but this one "
                + $"keeps {Most} "
                + $"from {Seed}, the other {other.Most} from {other.Seed}, or they are one.", nameof(other));
        foreach (var row in other.Rows)
        {
            var draw = (new Draws(Seed, (ulong)row.Row).Next(), row.Row);
            if (kept.Count < Most || draw.CompareTo(Largest()) < 0)
                Keep(row, draw);
        }
    }

    private (ulong Draw, long Row) Largest() => kept.TryPeek(out _, out var draw) ? draw : default;

    private void Keep(SampledRow row, (ulong Draw, long Row) draw)
    {
        kept.Enqueue(row, draw);
        if (kept.Count > Most)
            kept.Dequeue();
    }
}
