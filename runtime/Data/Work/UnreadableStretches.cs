namespace Whence.Data;

/// <summary>Rows that follow each other and could not be read or explained for the same reason.</summary>
/// <param name="First">The first one's number in the file, from 0.</param>
/// <param name="Last">The last one's.</param>
/// <param name="Column">The column that is to blame; null where it is the row.</param>
/// <param name="Problem">What is wrong.</param>
internal sealed record UnreadableStretch(long First, long Last, string? Column, string Problem);

/// <summary>
/// The rows that could not be read or explained, in order: a damaged row group of a million rows is one stretch. The first thousand
/// stretches are listed, all rows are counted.
/// </summary>
internal sealed class UnreadableStretches
{
    private const int Most = 1000;

    private readonly List<UnreadableStretch> stretches = [];

    /// <summary>The first ones.</summary>
    public IReadOnlyList<UnreadableStretch> Listed => stretches;

    /// <summary>How many rows, also of stretches that are not listed.</summary>
    public long Count { get; private set; }

    public void Add(UnreadableRow row)
    {
        Count++;
        List(new UnreadableStretch(row.Row, row.Row, row.Column, row.Problem));
    }

    /// <summary>Adds those of the next part.</summary>
    public void Add(UnreadableStretches next)
    {
        Count += next.Count;
        foreach (var stretch in next.stretches)
            List(stretch);
    }

    private void List(UnreadableStretch next)
    {
        if (stretches is [.., var last] && last == next with { First = last.First, Last = next.First - 1 })
            stretches[^1] = last with { Last = next.Last };
        else if (stretches.Count < Most)
            stretches.Add(next);
    }

    /// <summary>As they were told.</summary>
    public static UnreadableStretches Of(long count, IEnumerable<UnreadableStretch> listed)
    {
        var all = new UnreadableStretches { Count = count };
        all.stretches.AddRange(listed);
        return all;
    }
}
