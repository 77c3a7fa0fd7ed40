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
internal delegate void RowProgram(Rows x, Rows to, int rows);

/// <summary>A call of a program that has nothing to be told but rows. Both are [rows, ...].</summary>
internal ref struct RowCall(int rows, Span<float> to, RowProgram program) : IDeviceCall
{
    private readonly Span<float> to = to;

    /// <summary>What goes up.</summary>
    public required ReadOnlySpan<float> X { get; init; }

    public readonly int Rows => rows;

    public readonly void Run(Lane lane)
    {
        var written = lane.Take(to.Length);
        program(lane.Up(X), written, rows);
        written.Write(to);
    }

    /// <summary>The same of some of the rows.</summary>
    public readonly RowCall Part(int start, int count)
    {
        var (up, down) = (X.Length / rows, to.Length / rows);
        return new(count, to.Slice(start * down, count * down), program) { X = X.Slice(start * up, count * up) };
    }
}
