namespace Whence.Data;

/// <summary>A row that could not be read or explained, and why.</summary>
/// <param name="Row">Its number in the file, from 0.</param>
/// <param name="Column">The column that is to blame; null where it is the row.</param>
/// <param name="Problem">What is wrong.</param>
public sealed record UnreadableRow(long Row, string? Column, string Problem)
{
    /// <summary>"row 17, column "age": no value".</summary>
    public override string ToString() => Column is null ? $"row {Row}: {Problem}" : $"row {Row}, column \"{Column}\": {Problem}";
}

/// <summary>
/// Rows that follow each other in a file, as a network takes them. One batch is filled again and again while a file is read: what is kept
/// of it must be copied.
/// </summary>
public sealed class RowBatch
{
    private readonly float[] values;
    private readonly long[] numbers;
    private readonly string?[] ids;
    private readonly IReadOnlyList<string>[] missing;
    private readonly List<string> missingNext = [];
    private readonly List<UnreadableRow> unreadable = [];
    private readonly int size;

    internal RowBatch(int capacity, int size)
    {
        values = new float[capacity * size];
        numbers = new long[capacity];
        ids = new string?[capacity];
        missing = new IReadOnlyList<string>[capacity];
        this.size = size;
    }

    /// <summary>How many rows could be read.</summary>
    public int Count { get; private set; }

    /// <summary>[Count, InputSize].</summary>
    public ReadOnlySpan<float> Values => values.AsSpan(0, Count * size);

    /// <summary>[Count]: which rows of the file they are, from 0.</summary>
    public ReadOnlySpan<long> Numbers => numbers.AsSpan(0, Count);

    /// <summary>[Count]: what the file calls them, where it does; otherwise null.</summary>
    public ReadOnlySpan<string?> Ids => ids.AsSpan(0, Count);

    /// <summary>
    /// The columns of a row that the file has no value in, so that what the schema says stands for it (<see cref="Column.WithMissing"/>).
    /// </summary>
    /// <param name="row">Its place in the batch.</param>
    public IReadOnlyList<string> MissingOf(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
        return missing[row];
    }

    /// <summary>Rows of the same stretch of the file that could not be read.</summary>
    public IReadOnlyList<UnreadableRow> Unreadable => unreadable;

    internal void Clear()
    {
        Count = 0;
        unreadable.Clear();
    }

    /// <summary>Where the next row is to be written, as zeros.</summary>
    internal Span<float> Next()
    {
        var row = values.AsSpan(Count * size, size);
        row.Clear();
        missingNext.Clear();
        return row;
    }

    /// <summary>Notes that a column of the next row has no value of its own.</summary>
    internal void Miss(string column) => missingNext.Add(column);

    /// <summary>Takes what was written to <see cref="Next"/>.</summary>
    internal void Accept(long row, string? id)
    {
        (numbers[Count], ids[Count], missing[Count]) = (row, id, missingNext.Count == 0 ? [] : [.. missingNext]);
        Count++;
    }

    internal void Refuse(long row, string? column, string problem) => unreadable.Add(new UnreadableRow(row, column, problem));

    /// <summary>Takes one of the rows out, which a network could not explain.</summary>
    internal void Remove(int at, string problem)
    {
        Refuse(numbers[at], null, problem);
        values.AsSpan((at + 1) * size, (Count - at - 1) * size).CopyTo(values.AsSpan(at * size));
        numbers.AsSpan(at + 1, Count - at - 1).CopyTo(numbers.AsSpan(at));
        ids.AsSpan(at + 1, Count - at - 1).CopyTo(ids.AsSpan(at));
        missing.AsSpan(at + 1, Count - at - 1).CopyTo(missing.AsSpan(at));
        Count--;
    }
}
