using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whence.Kernels;

/// <summary>A convolution's weights with the window they slide in, packed once for <see cref="Convolve"/>. Immutable, safe to share between threads.</summary>
public sealed class Filters
{
    private Filters(in Window window, bool transposed, double[] weight, int lanes)
    {
        Window = window;
        IsTransposed = transposed;
        Channels = transposed ? window.Filters : window.Channels;
        var (height, width) = transposed ? (window.OutHeight, window.OutWidth) : (window.Height, window.Width);
        var rows = transposed ? Reach.Back(window.Height, window.KernelHeight, window.StrideHeight, window.PadHeight, window.DilationHeight)
            : Reach.Forth(window.OutHeight, window.KernelHeight, window.StrideHeight, window.PadHeight, window.DilationHeight);
        var columns = transposed ? Reach.Back(window.Width, window.KernelWidth, window.StrideWidth, window.PadWidth, window.DilationWidth)
            : Reach.Forth(window.OutWidth, window.KernelWidth, window.StrideWidth, window.PadWidth, window.DilationWidth);
        Border = new Border(height, width, rows, columns);
        Passes = (from row in rows
                  from column in columns
                  from @group in Enumerable.Range(0, Window.Groups)
                  select new Pass(this, row, column, @group, weight, lanes)).ToArray();
    }

    /// <summary>The geometry, as the convolution sees it.</summary>
    public Window Window { get; }

    /// <summary>Whether these filters take rows of outputs back to rows of inputs.</summary>
    public bool IsTransposed { get; }

    /// <summary>Elements of one example before.</summary>
    public int Inputs => IsTransposed ? Window.OutputSize : Window.InputSize;

    /// <summary>Elements of one example after.</summary>
    public int Outputs => IsTransposed ? Window.InputSize : Window.OutputSize;

    /// <summary>Channels before.</summary>
    internal int Channels { get; }

    /// <summary>Channels after.</summary>
    internal int OutChannels => IsTransposed ? Window.Channels : Window.Filters;

    /// <summary>Columns after.</summary>
    internal int OutColumns => IsTransposed ? Window.Width : Window.OutWidth;

    internal Border Border { get; }

    internal Pass[] Passes { get; }

    /// <summary>Packs a weight [filters, channels / groups, kernelHeight, kernelWidth], row-major as PyTorch keeps it.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements, or no such window exists.</exception>
    public static Filters Pack(ReadOnlySpan<double> weight, in Window window) => Pack(weight, window, Width.Best);

    /// <summary>
    /// Packs the same weight for the way back: from [outHeight][outWidth][filters] to [height][width][channels], what a
    /// convolution's gradient does and what PyTorch calls conv_transpose.
    /// </summary>
    /// <exception cref="ArgumentException">The weight has another number of elements, or no such window exists.</exception>
    public static Filters PackTransposed(ReadOnlySpan<double> weight, in Window window) => PackTransposed(weight, window, Width.Best);

    internal static Filters Pack(ReadOnlySpan<double> weight, in Window window, int lanes) =>
        new(window, false, Check(weight, window), lanes);

    internal static Filters PackTransposed(ReadOnlySpan<double> weight, in Window window, int lanes) =>
        new(window, true, Check(weight, window), lanes);

    private static double[] Check(ReadOnlySpan<double> weight, in Window window)
    {
        AtLeast(1, window.Channels, nameof(Window.Channels));
        AtLeast(1, window.Height, nameof(Window.Height));
        AtLeast(1, window.Width, nameof(Window.Width));
        AtLeast(1, window.Filters, nameof(Window.Filters));
        AtLeast(1, window.KernelHeight, nameof(Window.KernelHeight));
        AtLeast(1, window.KernelWidth, nameof(Window.KernelWidth));
        AtLeast(1, window.StrideHeight, nameof(Window.StrideHeight));
        AtLeast(1, window.StrideWidth, nameof(Window.StrideWidth));
        AtLeast(0, window.PadHeight, nameof(Window.PadHeight));
        AtLeast(0, window.PadWidth, nameof(Window.PadWidth));
        AtLeast(1, window.DilationHeight, nameof(Window.DilationHeight));
        AtLeast(1, window.DilationWidth, nameof(Window.DilationWidth));
        AtLeast(1, window.Groups, nameof(Window.Groups));
        if (window.OutHeight <= 0 || window.OutWidth <= 0)
            throw new ArgumentException($"The window must fit into the padded input at least once, but {window} does not.", nameof(window));
        if (window.Channels % window.Groups != 0 || window.Filters % window.Groups != 0)
            throw new ArgumentException($"Groups must divide channels and filters, but {window.Groups} does not divide {window.Channels} and {window.Filters}.", nameof(window));
        var size = (long)window.Filters * (window.Channels / window.Groups) * window.KernelHeight * window.KernelWidth;
        if (weight.Length != size)
            throw new ArgumentException($"A weight [{window.Filters}, {window.Channels / window.Groups}, {window.KernelHeight}, {window.KernelWidth}] has {size} elements, but {weight.Length} were given.", nameof(weight));
        return weight.ToArray();
    }

    private static void AtLeast(int least, int found, string property)
    {
        if (found < least)
            throw new ArgumentException($"{property} of a convolution's window is at least {least}, but {found} was given.", "window");
    }
}

/// <summary>One tap of a window along an axis: how far from the output's place in the input, and which weight.</summary>
internal readonly record struct Tap(int Offset, int Kernel);

/// <summary>
/// Along one axis, outputs which see the input through the same taps: Count of them from First in steps of Step; output i's
/// place in the input is Place + i * PlaceStep, before the input's border.
/// </summary>
internal sealed record Reach(int First, int Step, int Count, int Place, int PlaceStep, Tap[] Taps)
{
    /// <summary>A convolution: all outputs are alike.</summary>
    public static Reach[] Forth(int outputs, int kernel, int stride, int pad, int dilation) =>
        [new(0, 1, outputs, -pad, stride, Enumerable.Range(0, kernel).Select(k => new Tap(k * dilation, k)).ToArray())];

    /// <summary>
    /// Its transpose: output k * dilation - pad + stride * i gets weight k times input i, so outputs with one remainder
    /// of (output + pad) / stride see the same weights, the last of them first.
    /// </summary>
    public static Reach[] Back(int outputs, int kernel, int stride, int pad, int dilation) =>
        (from phase in Enumerable.Range(0, stride)
         let first = ((phase - pad) % stride + stride) % stride
         where first < outputs
         let taps = from k in Enumerable.Range(0, kernel).Reverse()
                    where k * dilation % stride == phase
                    select new Tap(-(k * dilation - phase) / stride, k)
         select new Reach(first, stride, (outputs - 1 - first) / stride + 1, (first + pad - phase) / stride, 1, taps.ToArray())).ToArray();

    /// <summary>The first place that is read.</summary>
    public int Lowest => Taps.Length == 0 ? Place : Place + Taps.Min(tap => tap.Offset);

    /// <summary>The last place that is read.</summary>
    public int Highest => Place + (Count - 1) * PlaceStep + (Taps.Length == 0 ? 0 : Taps.Max(tap => tap.Offset));
}

/// <summary>The zeros around an input which let every window be whole.</summary>
internal sealed record Border(int Top, int Left, int Height, int Width)
{
    public Border(int height, int width, Reach[] rows, Reach[] columns)
        : this(Math.Max(0, -rows.Min(reach => reach.Lowest)), Math.Max(0, -columns.Min(reach => reach.Lowest)), 0, 0)
    {
        Height = Top + Math.Max(height, rows.Max(reach => reach.Highest) + 1);
        Width = Left + Math.Max(width, columns.Max(reach => reach.Highest) + 1);
        IsEmpty = Height == height && Width == width;
    }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty { get; }
}

/// <summary>One group's outputs of one phase: a single matrix product over all their places.</summary>
internal sealed unsafe class Pass
{
    private readonly nint[] offsets;

    public Pass(Filters filters, Reach rows, Reach columns, int group, double[] weight, int lanes)
    {
        var window = filters.Window;
        var (channels, outChannels) = (filters.Channels / window.Groups, filters.OutChannels / window.Groups);
        var (pitch, outPitch) = (filters.Border.Width * filters.Channels, filters.OutColumns * filters.OutChannels);
        Rows = rows.Count;
        Columns = columns.Count;
        Channel = group * outChannels;
        Input = (rows.Place + filters.Border.Top) * pitch + (columns.Place + filters.Border.Left) * filters.Channels + group * channels;
        InputRow = rows.PlaceStep * pitch;
        InputColumn = columns.PlaceStep * filters.Channels;
        Output = rows.First * outPitch + columns.First * filters.OutChannels + Channel;
        OutputRow = rows.Step * outPitch;
        OutputColumn = columns.Step * filters.OutChannels;

        var taps = (from row in rows.Taps from column in columns.Taps select (Row: row, Column: column)).ToArray();
        var places = taps.Select(tap => tap.Row.Offset * pitch + tap.Column.Offset * filters.Channels).ToArray();
        (offsets, Length) = Runs(places, channels);
        Panels = new Panels(taps.Length * channels, outChannels, lanes, (depth, column) =>
        {
            var (tap, channel) = (taps[depth / channels], depth % channels);
            var (filter, input) = filters.IsTransposed ? (group * channels + channel, column) : (group * outChannels + column, channel);
            return weight[((filter * (window.Channels / window.Groups) + input) * window.KernelHeight + tap.Row.Kernel) * window.KernelWidth + tap.Column.Kernel];
        });
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The first channel after.</summary>
    public int Channel { get; }

    public int Input { get; }

    public int InputRow { get; }

    public int InputColumn { get; }

    public int Output { get; }

    public int OutputRow { get; }

    public int OutputColumn { get; }

    /// <summary>Inputs of one run.</summary>
    public int Length { get; }

    public Panels Panels { get; }

    public Taps Taps => new((nint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(offsets)), offsets.Length, Length);

    /// <summary>Joins places whose channels follow each other in memory into runs of one length: with dilation 1, a whole row of the window.</summary>
    private static (nint[] Offsets, int Length) Runs(int[] places, int channels)
    {
        var joined = 1;
        while (joined < places.Length && places[joined] == places[joined - 1] + channels)
            joined++;
        for (var i = 0; i < places.Length; i++)
        {
            if (places.Length % joined != 0 || (i % joined != 0 && places[i] != places[i - 1] + channels))
                joined = 1;
        }
        var starts = GC.AllocateArray<nint>(places.Length == 0 ? 0 : places.Length / joined, pinned: true);
        for (var i = 0; i < starts.Length; i++)
            starts[i] = places[i * joined];
        return (starts, joined * channels);
    }
}
