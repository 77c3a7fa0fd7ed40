using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>
/// A convolution's weights with the window they slide in, packed once for <see cref="Convolve"/>. Immutable, safe to share between threads.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Filters
{
    // Geometries of parts of an image that were asked for, and how many are remembered.
    private const int MostParts = 64;
    private readonly ConcurrentDictionary<(int Height, int Width), Filters> parts = [];
    private readonly List<(Reach Rows, Reach Columns, int Group, Panels Panels)> packed = [];
    private readonly Sweep[] passes;
    private readonly Sweep[][] together;
    private PackedLater? later;

    private Filters(in Window window, bool transposed, int lanes)
        : this(window, transposed, 0, (reaches, _, filters) => filters.Room(reaches.Rows, reaches.Columns, lanes), lanes)
    {
    }

    private Filters(in Window window, bool transposed, int fold, Func<(Reach Rows, Reach Columns), int, Filters, Panels> pack, int lanes)
    {
        Window = window;
        IsTransposed = transposed;
        var (channels, outChannels) = transposed ? (window.Filters, window.Channels) : (window.Channels, window.Filters);
        var rows = new Axis(window.Height, window.OutHeight, window.KernelHeight, window.StrideHeight, window.PadHeight,
            window.DilationHeight, transposed);
        var columns = new Axis(window.Width, window.OutWidth, window.KernelWidth, window.StrideWidth, window.PadWidth, window.DilationWidth,
            transposed);
        Before = new Extent(rows.Inputs, columns.Inputs, channels);
        After = new Extent(rows.Outputs, columns.Outputs, outChannels);
        IsDepthwise = window.Groups > 1 && window.Groups == channels && window.Groups == outChannels && channels >= lanes;
        var division = IsDepthwise
            ? Division.OfDepthwise(rows, columns, channels, lanes)
            : Division.Of(rows, columns, channels / window.Groups, outChannels / window.Groups, window.Groups, lanes, fold);
        IsInPlanes = division.IsInPlanes;
        Border = new Border(Before, division);
        Fold = division.Columns.Max(column => column.Reach.Fold);
        passes = PassesOf(division, pack);
        together = Product.Together(passes, IsDepthwise);
        ReadsPlanes = Array.Exists(passes, pass => pass.Planes is not null);
        ReadsTiles = Array.Exists(passes, pass => pass.Planes is not { IsWhole: true });
    }

    /// <summary>The geometry, as the convolution sees it.</summary>
    public Window Window { get; }

    /// <summary>Whether these filters take rows of outputs back to rows of inputs.</summary>
    public bool IsTransposed { get; }

    /// <summary>Elements of one example before.</summary>
    public int Inputs => IsTransposed ? Window.OutputSize : Window.InputSize;

    /// <summary>Elements of one example after.</summary>
    public int Outputs => IsTransposed ? Window.InputSize : Window.OutputSize;

    /// <summary>An example before.</summary>
    internal Extent Before { get; }

    /// <summary>An example after.</summary>
    internal Extent After { get; }

    internal Border Border { get; }

    /// <summary>The most neighbouring outputs that a pass computes as one row of columns.</summary>
    internal int Fold { get; }

    internal Sweep[] Passes
    {
        get
        {
            WaitForWeights();
            return passes;
        }
    }

    /// <summary>All passes, those together whose weights are better read once for all of them.</summary>
    internal Sweep[][] Together
    {
        get
        {
            WaitForWeights();
            return together;
        }
    }

    /// <summary>What packs this, if it is first needed; null once it is packed.</summary>
    internal PackedLater? Later
    {
        set => Volatile.Write(ref later, value);
    }

    /// <summary>Whether any pass reads its input channel by channel.</summary>
    internal bool ReadsPlanes { get; }

    /// <summary>Whether any pass reads it as it lies.</summary>
    internal bool ReadsTiles { get; }

    /// <summary>Whether passes may compute all their columns channel by channel.</summary>
    internal bool IsInPlanes { get; }

    /// <summary>Whether each channel is a group by itself, and all of them are computed in one pass, in vectors along channels.</summary>
    internal bool IsDepthwise { get; }

    // Groups that have passes of their own.
    private int GroupsApart => IsDepthwise ? 1 : Window.Groups;

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
        Filled(weight, window, lanes, transposed: false);

    internal static Filters PackTransposed(ReadOnlySpan<double> weight, in Window window, int lanes) =>
        Filled(weight, window, lanes, transposed: true);

    /// <summary>Room for a weight, with which it is to be filled.</summary>
    internal static Filters Of(in Window window, bool transposed) => Of(window, Width.Best, transposed);

    private static Filters Of(in Window window, int lanes, bool transposed)
    {
        Check(window);
        return new(window, transposed, lanes);
    }

    private static Filters Filled(ReadOnlySpan<double> weight, in Window window, int lanes, bool transposed)
    {
        var filters = Of(window, lanes, transposed);
        filters.Fill(weight, isAbsolute: false);
        return filters;
    }

    /// <summary>Fills all panels.</summary>
    /// <exception cref="ArgumentException">The weight has another number of elements.</exception>
    internal void Fill(ReadOnlySpan<double> weight, bool isAbsolute)
    {
        Check(weight, Window);
        foreach (var (rows, columns, group, panels) in packed)
            Fill(panels, rows, columns, group, weight, isAbsolute);
    }

    /// <summary>
    /// The same filters over a part of an image, which needs no padding: so high and so wide, and with outputs that are a multiple of
    /// <see cref="Fold"/> wide or as wide as the whole image's. Every output has the bits that it has in the whole image. The panels are
    /// shared, all but those of a place where the whole image's padding made a tap needless.
    /// </summary>
    /// <param name="height">Rows of the part.</param>
    /// <param name="width">Columns of the part.</param>
    internal Filters Over(int height, int width)
    {
        if (parts.TryGetValue((height, width), out var known))
            return known;
        if (parts.Count >= MostParts)
            parts.Clear();
        var window = Window with { Height = height, Width = width, PadHeight = 0, PadHeightEnd = 0, PadWidth = 0, PadWidthEnd = 0 };
        return parts[(height, width)] = new Filters(window, false, Fold, (reaches, group, part) => Shared(reaches, group)
            ?? part.Filled(reaches.Rows, reaches.Columns, group, Unpacked(), Passes[0].Panels.Lanes), Passes[0].Panels.Lanes);
    }

    // The panels in which the same taps meet the same weights.
    private Panels? Shared((Reach Rows, Reach Columns) reaches, int group)
    {
        foreach (var pass in Passes)
        {
            if (pass.Group == group && pass.RowTaps.SequenceEqual(reaches.Rows.Taps) && pass.ColumnTaps.SequenceEqual(reaches.Columns.Taps))
                return pass.Panels;
        }
        return null;
    }

    // The weights, as far as any tap reads them.
    private double[] Unpacked()
    {
        var (channels, outChannels) = (Before.Channels / Window.Groups, After.Channels / GroupsApart);
        var weight = new double[Window.Filters * channels * Window.KernelHeight * Window.KernelWidth];
        foreach (var pass in Passes)
        {
            var depth = 0;
            foreach (var row in pass.RowTaps)
            foreach (var column in pass.ColumnTaps)
            for (var channel = 0; channel < channels; channel++, depth++)
            for (var output = 0; output < column.Kernels.Length * outChannels; output++)
            {
                var (fold, filter) = Math.DivRem(output, outChannels);
                if (column.Kernels[fold] is >= 0 and var across)
                    weight[(((pass.Group * outChannels + filter) * channels + channel) * Window.KernelHeight + row.Kernels[0])
                        * Window.KernelWidth + across] = pass.Panels[depth, output];
            }
        }
        return weight;
    }

    private void WaitForWeights()
    {
        if (Volatile.Read(ref later) is { } waiting)
            waiting.Pack();
    }

    private Sweep[] PassesOf(Division division, Func<(Reach Rows, Reach Columns), int, Filters, Panels> pack)
    {
        var panels = new Dictionary<(Reach, Reach, int), Panels>();
        var passes = new List<Sweep>();
        foreach (var row in division.Rows)
        foreach (var column in division.Columns)
        for (var group = 0; group < GroupsApart; group++)
        {
            if (!panels.TryGetValue((row.Reach, column.Reach, group), out var reached))
            {
                panels.Add((row.Reach, column.Reach, group), reached = pack((row.Reach, column.Reach), group, this));
                packed.Add((row.Reach, column.Reach, group, reached));
            }
            passes.Add(new Sweep(this, row, column, group, reached));
        }
        return passes.ToArray();
    }

    private Panels Room(Reach rows, Reach columns, int lanes) =>
        new(rows.Taps.Length * columns.Taps.Length * (Before.Channels / Window.Groups), columns.Fold * (After.Channels / GroupsApart),
            lanes);

    private Panels Filled(Reach rows, Reach columns, int group, double[] weight, int lanes)
    {
        var panels = Room(rows, columns, lanes);
        Fill(panels, rows, columns, group, weight, isAbsolute: false);
        return panels;
    }

    // Lane by lane of a vector: neighbouring outputs of one place among the folded ones lie evenly in the weight.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Fill(Panels panels, Reach rows, Reach columns, int group, ReadOnlySpan<double> weight, bool isAbsolute)
    {
        var (channels, outChannels) = (Before.Channels / Window.Groups, After.Channels / GroupsApart);
        var (kernel, inputs) = ((nint)Window.KernelHeight * Window.KernelWidth, Window.Channels / Window.Groups);
        var (laneStep, channelStep) = IsTransposed ? (kernel, inputs * kernel) : (inputs * kernel, kernel);
        var places = new int[rows.Taps.Length * columns.Taps.Length];
        panels.Allocate();
        fixed (double* from = weight)
        {
            for (var vector = 0; vector < panels.Vectors; vector++)
            for (var lane = 0; lane < Math.Min(panels.Lanes, panels.Columns);)
            {
                var (fold, outChannel) = Math.DivRem(panels.Column(vector) + lane, outChannels);
                var count = Math.Min(Math.Min(panels.Lanes, panels.Columns) - lane, outChannels - outChannel);
                for (var tap = 0; tap < places.Length; tap++)
                    places[tap] = PlaceOf(rows, columns, group, tap * channels, fold * outChannels + outChannel);
                panels.Fill(vector, (lane, count), places, from, laneStep, channelStep, isAbsolute);
                lane += count;
            }
        }
        panels.FillRest();
    }

    // Where in a weight what is packed at a depth and column lies; -1 for a zero between folded outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PlaceOf(Reach rows, Reach columns, int group, int depth, int output)
    {
        var (channels, outChannels) = (Before.Channels / Window.Groups, After.Channels / GroupsApart);
        var (tap, channel) = Math.DivRem(depth, channels);
        var (fold, outChannel) = Math.DivRem(output, outChannels);
        var row = rows.Taps[tap / columns.Taps.Length].Kernels[0];
        var column = columns.Taps[tap % columns.Taps.Length].Kernels[fold];
        if (column < 0)
            return -1;
        var (filter, input) = IsTransposed && !IsDepthwise
            ? (group * channels + channel, outChannel)
            : (group * outChannels + outChannel, channel);
        return ((filter * (Window.Channels / Window.Groups) + input) * Window.KernelHeight + row) * Window.KernelWidth + column;
    }

    /// <summary>
    /// The weight [filters, channels / groups, kernelHeight, kernelWidth], as it was rounded; 0 at a tap that is over padding wherever the
    /// window stands.
    /// </summary>
    internal double[] Unpack()
    {
        var weight = new double[(long)Window.Filters * (Window.Channels / Window.Groups) * Window.KernelHeight * Window.KernelWidth];
        Volatile.Read(ref later)?.Pack();
        foreach (var (rows, columns, group, panels) in packed)
        {
            for (var depth = 0; depth < panels.Depth; depth++)
            {
                for (var column = 0; column < panels.Columns; column++)
                {
                    if (PlaceOf(rows, columns, group, depth, column) is var place and >= 0)
                        weight[place] = panels[depth, column];
                }
            }
        }
        return weight;
    }

    private static void Check(in Window window)
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
        AtLeast(0, window.PadHeightEnd, nameof(Window.PadHeightEnd));
        AtLeast(0, window.PadWidthEnd, nameof(Window.PadWidthEnd));
        AtLeast(1, window.DilationHeight, nameof(Window.DilationHeight));
        AtLeast(1, window.DilationWidth, nameof(Window.DilationWidth));
        AtLeast(1, window.Groups, nameof(Window.Groups));
        if (window.OutHeight <= 0 || window.OutWidth <= 0)
            throw new ArgumentException($"The window must fit into the padded input at least once, but {window} does not.", nameof(window));
        if (window.Channels % window.Groups != 0 || window.Filters % window.Groups != 0)
            throw new ArgumentException($"Groups must divide channels and filters, but {window.Groups} does not divide {window.Channels} "
                + $"and {window.Filters}.", nameof(window));
    }

    private static void Check(ReadOnlySpan<double> weight, in Window window)
    {
        var size = (long)window.Filters * (window.Channels / window.Groups) * window.KernelHeight * window.KernelWidth;
        if (weight.Length != size)
            throw new ArgumentException($"A weight [{window.Filters}, {window.Channels / window.Groups}, {window.KernelHeight}, "
                + $"{window.KernelWidth}] has {size} elements, but {weight.Length} were given.", nameof(weight));
    }

    private static void AtLeast(int least, int found, string property)
    {
        if (found < least)
            throw new ArgumentException($"{property} of a convolution's window is at least {least}, but {found} was given.", "window");
    }
}
