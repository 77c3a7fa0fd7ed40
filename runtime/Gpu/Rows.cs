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
    /// <summary>From one row to the next; 0 for one row that serves all.</summary>
    internal int Each { get; private init; }

    /// <summary>From the row of one path to that of the next; 0 where rows are not shared by steps.</summary>
    internal int Path { get; private init; }

    /// <summary>From the row of one step to that of the next, of whatever path; 0 where paths do not share rows.</summary>
    internal int Step { get; private init; }

    /// <summary>How many rows a path has, and how many of the first path's come before; 0 where rows are no steps.</summary>
    internal int Steps { get; private init; }

    internal int FirstStep { get; private init; }

    /// <summary>Each row has its own, or one serves all.</summary>
    public static implicit operator RowStride(int each) => new() { Each = each };

    /// <summary>The steps of a path share one.</summary>
    public static RowStride OfPaths(int path, in BackwardArguments arguments) =>
        new() { Path = path, Steps = arguments.Steps, FirstStep = arguments.FirstStep };

    /// <summary>The paths share those of their steps.</summary>
    public static RowStride OfSteps(int step, in BackwardArguments arguments) =>
        new() { Step = step, Steps = arguments.Steps, FirstStep = arguments.FirstStep };

    /// <summary>A number of each step, where one of two operands is shared by the steps of a path; else of each row.</summary>
    internal static RowStride OfSteps(Operand a, Operand b) => a.Stride.Steps > 0 ? a.Stride with { Path = 0, Each = 0, Step = 1 }
        : b.Stride.Steps > 0 ? b.Stride with { Path = 0, Each = 0, Step = 1 } : 1;

    /// <summary>The seeds of a walk, of so many floats: one for all, or one for each row or each path.</summary>
    public static RowStride OfSeeds(int size, in BackwardArguments arguments) =>
        arguments.SeedRows == 1 ? 0 : arguments.HasSeedOfRow ? size : OfPaths(size, arguments);
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

    /// <summary>One number for all elements of a row.</summary>
    public static Operand OfRows(Rows data, RowStride stride) => new(data, stride) { IsNumber = true };

    /// <summary>How far along its path each step lies.</summary>
    public static Operand OfAlphas(in BackwardArguments arguments) =>
        OfRows(arguments.Alphas, Gpu.RowStride.OfSteps(1, in arguments));

    /// <summary>The seeds of a walk, so many numbers each.</summary>
    public static Operand OfSeeds(int size, in BackwardArguments arguments) =>
        new(arguments.Seed, Gpu.RowStride.OfSeeds(size, in arguments));

    internal ArrayView<float> View { get; } = data.View;

    internal bool IsNumber { get; private init; }

    /// <summary>Whether all rows begin where a device loads four numbers at once, or have one number each.</summary>
    internal bool IsInFours => IsNumber
        || Begin(View) % 4 == 0 && stride.Each % 4 == 0 && stride.Path % 4 == 0 && stride.Step % 4 == 0;

    private static long Begin<TView>(TView view) where TView : struct, IContiguousArrayView => view.Index;

    internal RowStride Stride => stride;

    internal int RowStride => stride.Each;

    internal int PathStride => stride.Path;
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
