namespace Whence;

/// <summary>A window that slides along one axis: where it stands and which elements it covers, as PyTorch counts them.</summary>
internal readonly struct Sliding
{
    private readonly int length;
    private readonly int kernel;
    private readonly int stride;
    private readonly int pad;
    private readonly int dilation;

    public Sliding(string op, int length, int kernel, int stride, int pad, int dilation, bool ceil = false)
    {
        Expect.AtLeast(1, kernel, nameof(kernel), op);
        Expect.AtLeast(1, stride, nameof(stride), op);
        Expect.AtLeast(0, pad, nameof(pad), op);
        Expect.AtLeast(1, dilation, nameof(dilation), op);
        (this.length, this.kernel, this.stride, this.pad, this.dilation) = (length, kernel, stride, pad, dilation);
        var (span, padded) = ((long)dilation * (kernel - 1) + 1, length + 2L * pad);
        if (padded > int.MaxValue)
            throw new ArgumentException($"{op} pads an axis of {length} by {pad} on each side, which is more than {int.MaxValue} elements; choose a smaller pad.", nameof(pad));
        if (span > padded)
            throw new ArgumentException($"{op} slides a window that spans {span} over an axis of {length} padded by {pad} on each side; no window fits.", nameof(kernel));
        Count = Shape.Windows(length, kernel, stride, pad, dilation, ceil);
    }

    /// <summary>The axis where nothing slides: one window of one element at each place.</summary>
    public static Sliding Still(int length) => new("", length, 1, 1, 0, 1);

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

    /// <summary>How many elements of the padded axis a window covers: fewer than the kernel where ceil mode lets it reach past the padding.</summary>
    public int Padded(int window)
    {
        var start = window * stride - pad;
        return Math.Min(start + kernel, length + pad) - start;
    }
}
