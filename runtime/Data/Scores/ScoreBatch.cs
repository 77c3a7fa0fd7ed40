namespace Whence.Data;

/// <summary>
/// Explained rows and their scores, in the order of the file they are of. Filled again and again; what is kept must be copied.
/// </summary>
public sealed class ScoreBatch
{
    private readonly long[] rows;
    private readonly string?[] ids;
    private readonly int[] targets;
    private readonly double[] outputs;
    private readonly double[] gaps;
    private readonly float[] scores;

    internal ScoreBatch(int capacity, int width)
    {
        rows = new long[capacity];
        ids = new string?[capacity];
        targets = new int[capacity];
        outputs = new double[capacity];
        gaps = new double[capacity];
        scores = new float[(long)capacity * width];
        Width = width;
    }

    /// <summary>How many rows.</summary>
    public int Count { get; internal set; }

    /// <summary>How many scores a row has (<see cref="ScoreLayout.Width"/>).</summary>
    public int Width { get; }

    /// <summary>[Count]: which rows of the input file.</summary>
    public ReadOnlySpan<long> Rows => rows.AsSpan(0, Count);

    /// <summary>[Count]: what that file calls them; null where it does not.</summary>
    public ReadOnlySpan<string?> Ids => ids.AsSpan(0, Count);

    /// <summary>[Count]: the unit explained, where each row had its own; otherwise -1.</summary>
    public ReadOnlySpan<int> Targets => targets.AsSpan(0, Count);

    /// <summary>[Count]: the target's value at the row.</summary>
    public ReadOnlySpan<double> Outputs => outputs.AsSpan(0, Count);

    /// <summary>
    /// [Count]: by how much the scores fail to add up to what they explain; NaN of methods whose scores are not meant to.
    /// </summary>
    public ReadOnlySpan<double> Gaps => gaps.AsSpan(0, Count);

    /// <summary>[Count, Width].</summary>
    public ReadOnlySpan<float> Scores => scores.AsSpan(0, Count * Width);

    internal int Capacity => rows.Length;

    internal Span<float> ScoresOf(int at) => scores.AsSpan(at * Width, Width);

    internal void Add(long row, string? id, int target, double output, double gap, ReadOnlySpan<float> own)
    {
        (rows[Count], ids[Count], targets[Count], outputs[Count], gaps[Count]) = (row, id, target, output, gap);
        own.CopyTo(ScoresOf(Count));
        Count++;
    }

    internal void Add(ScoreBatch from, int at) =>
        Add(from.rows[at], from.ids[at], from.targets[at], from.outputs[at], from.gaps[at], from.ScoresOf(at));
}
