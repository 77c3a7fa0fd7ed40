namespace Whence;

/// <summary>A window that slides along one axis: where it stands and which elements it covers, as PyTorch counts them.</summary>
internal readonly struct Sliding
{
    private readonly int length;
    private readonly int kernel;
    private readonly int stride;
    private readonly int pad;
    private readonly int padEnd;
    private readonly int dilation;

    /// <summary>A window along an axis.</summary>
    /// <param name="op">The operator that slides it, for its complaints.</param>
    /// <param name="length">The axis without padding.</param>
    /// <param name="kernel">Elements of the window.</param>
    /// <param name="stride">The step from window to window.</param>
    /// <param name="pad">Elements of padding before the axis.</param>
    /// <param name="dilation">The distance between a window's elements.</param>
    /// <param name="ceil">Whether a last, partial window counts.</param>
    /// <param name="padEnd">Elements of padding after the axis; -1 for as many as before.</param>
    /// <param name="padding">Whether the pads are these or follow from the rest.</param>
    public Sliding(
        string op, int length, int kernel, int stride, int pad, int dilation, bool ceil = false, int padEnd = -1,
        PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.AtLeast(1, kernel, nameof(kernel), op);
        Expect.AtLeast(1, stride, nameof(stride), op);
        Expect.AtLeast(0, pad, nameof(pad), op);
        Expect.AtLeast(-1, padEnd, nameof(padEnd), op);
        Expect.AtLeast(1, dilation, nameof(dilation), op);
        Expect.Padding(padding, pad > 0 || padEnd > 0, op);
        if (padEnd < 0)
            padEnd = pad;
        if (padding != PaddingRule.Explicit)
            (pad, padEnd) = Shape.Same(length, kernel, stride, dilation, padding == PaddingRule.SameLower);
        (this.length, this.kernel, this.stride, this.pad, this.padEnd, this.dilation) = (length, kernel, stride, pad, padEnd, dilation);
        var (span, padded) = ((long)dilation * (kernel - 1) + 1, (long)length + pad + padEnd);
        if (padded > Shape.MostElements)
            throw Expect.Refusal($"{op} pads an axis of {length} {Pads}, which is more than {Shape.MostElements} elements; choose a "
                + "smaller pad.", nameof(pad));
        if (span > padded)
            throw Expect.Refusal($"{op} slides a window that spans {span} over an axis of {length} padded {Pads}; no window fits.",
                nameof(kernel));
        Count = Shape.Windows(length, kernel, stride, pad, dilation, ceil, padEnd);
    }

    private string Pads => pad == padEnd ? $"by {pad} on each side" : $"by {pad} before and {padEnd} after";

    /// <summary>The axis where nothing slides: one window of one element at each place.</summary>
    public static Sliding Still(int length) => new("", length, 1, 1, 0, 1);

    /// <summary>
    /// The window of a convolution that is gone through backwards, along the axis which that makes of one of so many elements; the
    /// parameters are the convolution's, and so many elements are added after the last.
    /// </summary>
    public static Sliding Back(string op, int length, int kernel, int stride, int pad, int padEnd, int outputPad, int dilation,
        PaddingRule padding)
    {
        Expect.AtLeast(1, stride, nameof(stride), op);
        Expect.AtLeast(0, outputPad, nameof(outputPad), op);
        Expect.Padding(padding, pad > 0 || padEnd > 0 || outputPad > 0, op);
        if (outputPad >= stride)
            throw Expect.Refusal($"{op} needs an output pad below its stride of {stride}, but was given {outputPad}.", nameof(outputPad));
        var size = padding == PaddingRule.Explicit
            ? (length - 1L) * stride - pad - (padEnd < 0 ? pad : padEnd) + dilation * (kernel - 1L) + outputPad + 1
            : (long)length * stride;
        return size is > 0 and <= Shape.MostElements
            ? new Sliding(op, (int)size, kernel, stride, pad, dilation, padEnd: padEnd, padding: padding)
            : throw Expect.Refusal($"{op} makes {size} elements of an axis of {length}; choose a smaller pad.", nameof(pad));
    }

    /// <summary>The axis without padding.</summary>
    public int Length => length;

    /// <summary>How many windows there are.</summary>
    public int Count { get; }

    /// <summary>How many elements a window covers, padding included.</summary>
    public int Kernel => kernel;

    /// <summary>The axis index under a window's element, or -1 for padding.</summary>
    public int Index(int window, int element)
    {
        var index = window * stride - pad + element * dilation;
        return index >= 0 && index < length ? index : -1;
    }

    /// <summary>
    /// How many elements of the padded axis a window covers: fewer than the kernel where ceil mode lets it reach past the padding.
    /// </summary>
    public int Padded(int window)
    {
        var room = length + padEnd - (window * stride - pad);
        return Math.Min(kernel, (room + dilation - 1) / dilation);
    }
}
