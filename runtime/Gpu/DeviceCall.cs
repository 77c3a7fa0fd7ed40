namespace Whence.Gpu;

/// <summary>What is asked of a device at once: what goes up, a program, and what comes down.</summary>
internal interface IDeviceCall
{
    /// <summary>How many examples it is about, which may also be asked about a part at a time.</summary>
    int Rows { get; }

    /// <summary>Asks it.</summary>
    void Run(Lane lane);
}

/// <summary>A program over rows that go up and rows that come down.</summary>
internal delegate void RowProgram(Rows first, Rows second, Sums sums, Rows to, int rows);

/// <summary>A call of a program that has nothing to be told but rows. All are [rows, ...], or empty.</summary>
internal ref struct RowCall(int rows, Span<float> to, RowProgram program) : IDeviceCall
{
    private readonly Span<float> to = to;

    /// <summary>What goes up.</summary>
    public ReadOnlySpan<float> First { get; init; }

    /// <summary>What goes up beside it.</summary>
    public ReadOnlySpan<float> Second { get; init; }

    /// <summary>The sums over paths that go up.</summary>
    public ReadOnlySpan<double> Sums { get; init; }

    public readonly int Rows => rows;

    public readonly void Run(Lane lane)
    {
        var written = lane.Take(to.Length);
        program(lane.Up(First), lane.Up(Second), lane.Up(Sums, Sums.Length / rows), written, rows);
        written.Write(to);
    }

    /// <summary>The same of some of the rows.</summary>
    public readonly RowCall Part(int start, int count) => new(count, Slice(to, start, count), program)
    {
        First = Slice(First, start, count), Second = Slice(Second, start, count), Sums = Slice(Sums, start, count),
    };

    private readonly ReadOnlySpan<T> Slice<T>(ReadOnlySpan<T> all, int start, int count) =>
        all.Slice(start * (all.Length / rows), count * (all.Length / rows));

    private readonly Span<float> Slice(Span<float> all, int start, int count) =>
        all.Slice(start * (all.Length / rows), count * (all.Length / rows));
}
