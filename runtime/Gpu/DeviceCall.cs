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
    private const int MostOfPart = 1 << 22;
    private const int Parts = 8;

    private readonly Span<float> to = to;

    /// <summary>What goes up.</summary>
    public required ReadOnlySpan<float> X { get; init; }

    public readonly int Rows => rows;

    public readonly void Run(Lane lane)
    {
        var part = PartRows(lane.Device);
        if (part < rows && lane.Copies.Reserve(part * Each(X.Length), part * Each(to.Length)))
        {
            RunInParts(lane, part);
            return;
        }
        var written = lane.Take(to.Length);
        program(lane.Up(X), written, rows);
        written.Write(to);
    }

    // So many that copies are few, and what is copied first and last, beside no computation, is a small part; of few numbers all.
    private readonly int PartRows(GpuDevice device)
    {
        if (!device.Overlaps || Math.Max(X.Length, to.Length) < device.LeastCopy)
            return rows;
        var most = MostOfPart / Math.Max(1, Math.Max(Each(X.Length), Each(to.Length)));
        return Math.Clamp((rows + Parts - 1) / Parts, 1, Math.Max(1, most));
    }

    /// <summary>
    /// While a part is computed the next one goes up, and what was made of the one before comes down. The host waits for both between two
    /// parts, since a stream of ILGPU cannot wait for another.
    /// </summary>
    private readonly void RunInParts(Lane lane, int part)
    {
        var (up, down) = (Each(X.Length), Each(to.Length));
        var (xs, ys) = (lane.Take(2 * Lane.Lines(part * up)), lane.Take(2 * Lane.Lines(part * down)));
        var parts = (rows + part - 1) / part;
        try
        {
            lane.Copies.Up(X[..(part * up)], xs);
            for (var i = 0; i < parts; i++)
            {
                lane.Copies.Wait();
                var count = Math.Min(part, rows - i * part);
                var mark = lane.Mark;
                program(Half(xs, i, count * up), Half(ys, i, count * down), count);
                if (i > 1)
                    Take(lane, i - 2, part);
                if (i > 0)
                    lane.Copies.Down(Half(ys, i - 1, part * down));
                if (i + 1 < parts)
                {
                    var next = X.Slice((i + 1) * part * up, Math.Min(part, rows - (i + 1) * part) * up);
                    lane.Copies.Up(next, Half(xs, i + 1, next.Length));
                }
                lane.Stream.Synchronize();
                lane.Release(mark);
            }
            lane.Copies.Wait();
            Take(lane, parts - 2, part);
            lane.Copies.Down(Half(ys, parts - 1, (rows - (parts - 1) * part) * down));
            lane.Copies.Wait();
            Take(lane, parts - 1, part);
        }
        catch
        {
            // Nothing may still be read or written that goes back.
            lane.Copies.Wait();
            throw;
        }
    }

    private static Rows Half(Rows all, int part, int length) => all.Slice(part % 2 * (all.Length / 2), length);

    private readonly void Take(Lane lane, int which, int part)
    {
        var begin = which * part * Each(to.Length);
        var length = Math.Min(part * Each(to.Length), to.Length - begin);
        lane.Copies.Came(0, length).CopyTo(to[begin..]);
    }

    private readonly int Each(int all) => all / rows;

    /// <summary>The same of some of the rows.</summary>
    public readonly RowCall Part(int start, int count)
    {
        var (up, down) = (X.Length / rows, to.Length / rows);
        return new(count, to.Slice(start * down, count * down), program) { X = X.Slice(start * up, count * up) };
    }
}
