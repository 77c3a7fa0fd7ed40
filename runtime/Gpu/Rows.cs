namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;
using ILGPU.Runtime;

/// <summary>Numbers on the device of the call that is under way, as a span is on the host. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Rows
{
    internal Rows(ArrayView<float> view) => View = view;

    internal ArrayView<float> View { get; }

    /// <summary>How many.</summary>
    public int Length => (int)View.Length;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => View.Length == 0;

    /// <summary>Some of them.</summary>
    public Rows Slice(int start, int length) => length == 0 ? default : new(View.SubView(start, length));

    /// <summary>Zeros.</summary>
    public void Clear()
    {
        if (!IsEmpty)
            Copy.Fill(this, 0);
    }

    /// <summary>Copies all of them.</summary>
    public void CopyTo(Rows to) => View.CopyTo(Lane.Current.Stream, to.View.SubView(0, View.Length));

    /// <summary>Copies from the host.</summary>
    internal void Read(ReadOnlySpan<float> from)
    {
        if (from.IsEmpty)
            return;
        View.SubView(0, from.Length).CopyFromCPU(Lane.Current.Stream, from);
        Lane.Current.Device.Traffic.Up((long)from.Length * sizeof(float));
    }

    /// <summary>Copies to the host, after all that was asked for before.</summary>
    internal void Write(Span<float> to)
    {
        if (to.IsEmpty)
            return;
        View.SubView(0, to.Length).CopyToCPU(Lane.Current.Stream, to);
        Lane.Current.Device.Traffic.Down((long)to.Length * sizeof(float));
    }
}

/// <summary>
/// How far apart rows are: those of each row, or those of which each serves all steps of a path. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct RowStride
{
    private RowStride(int each, int path, int steps, int first) => (Each, Path, Steps, FirstStep) = (each, path, steps, first);

    /// <summary>From one row to the next; 0 for one row that serves all.</summary>
    internal int Each { get; }

    /// <summary>From the row of one path to that of the next; 0 where rows are not shared by steps.</summary>
    internal int Path { get; }

    /// <summary>How many rows a path has, and how many of the first path's come before.</summary>
    internal int Steps { get; }

    internal int FirstStep { get; }

    /// <summary>Each row has its own, or one serves all.</summary>
    public static implicit operator RowStride(int each) => new(each, 0, 1, 0);

    /// <summary>The steps of a path share one.</summary>
    public static RowStride OfPaths(int path, in BackwardArguments arguments) => new(0, path, arguments.Steps, arguments.FirstStep);
}

/// <summary>Rows of numbers that a kernel reads, and how far they are apart. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Operand(Rows data, RowStride stride)
{
    /// <summary>One row that serves all, which comes with the weights.</summary>
    public Operand(float[] data, int rowStride)
        : this(new Rows(Lane.Current.Device.Uploads.Of(data)), rowStride)
    {
    }

    internal ArrayView<float> View { get; } = data.View;

    internal int RowStride => stride.Each;

    internal int PathStride => stride.Path;

    internal int Steps => stride.Steps;

    internal int FirstStep => stride.FirstStep;
}

/// <summary>Memory for the length of a call. Give back in the reverse order. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Scratch : IDisposable
{
    private readonly Lane lane;
    private readonly (int, long) before;

    private Scratch(Lane lane, int floats)
    {
        (this.lane, before) = (lane, lane.Mark);
        Span = lane.Take(floats);
    }

    /// <summary>Takes this many floats.</summary>
    public static Scratch Rent(int floats) => new(Lane.Current, floats);

    /// <summary>The memory, its contents undefined.</summary>
    public Rows Span { get; }

    /// <summary>Gives it back.</summary>
    public void Dispose() => lane.Release(before);
}
