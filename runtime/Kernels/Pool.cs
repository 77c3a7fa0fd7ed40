using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>
/// Pools over examples of [Height][Width][Channels], one window per output, sums in ascending order. Padding never wins a
/// maximum; the counts of ceil mode and of padding are PyTorch's.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Pool
{
    /// <summary>y = the largest of each window; NaN if the window has one. Shapes: x [rows, InputSize], y [rows, OutputSize].</summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or the window fits nowhere.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Max(ReadOnlySpan<float> x, Span<float> y, int rows, in Window window)
    {
        Require(window);
        Lengths.Require(x, rows, window.InputSize, nameof(x));
        Lengths.Require(y, rows, window.OutputSize, nameof(y));
        for (var at = new Slide(window, rows); at.MoveNext();)
            Cell.Fold(default(Largest), ref At(x, at.Input), at.Places, ref At(y, at.Output), window.Channels);
    }

    /// <summary>y = the mean of each window. Shapes: x [rows, InputSize], y [rows, OutputSize].</summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or the window fits nowhere.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Average(ReadOnlySpan<float> x, Span<float> y, int rows, in Window window)
    {
        Require(window);
        Lengths.Require(x, rows, window.InputSize, nameof(x));
        Lengths.Require(y, rows, window.OutputSize, nameof(y));
        for (var at = new Slide(window, rows); at.MoveNext();)
            Cell.Fold(new Mean(at.Count), ref At(x, at.Input), at.Places, ref At(y, at.Output), window.Channels);
    }

    /// <summary>
    /// dx = the transpose of <see cref="Average"/> applied to m. Shapes: m [rows, OutputSize], dx [rows, InputSize], overwritten.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or the window fits nowhere.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AverageBack(ReadOnlySpan<float> m, Span<float> dx, int rows, in Window window)
    {
        Require(window);
        Lengths.Require(m, rows, window.OutputSize, nameof(m));
        Lengths.Require(dx, rows, window.InputSize, nameof(dx));
        dx[..(rows * window.InputSize)].Clear();
        for (var at = new Slide(window, rows); at.MoveNext();)
            Cell.Spread(ref At(m, at.Output), at.Count, at.Places, ref At(dx, at.Input), window.Channels);
    }

    /// <summary>
    /// dx = m routed to the first maximum of each window of x, the gradient of <see cref="Max"/>.
    /// Shapes: m [rows, OutputSize], x and dx [rows, InputSize]; dx is overwritten.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or the window fits nowhere.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxBack(ReadOnlySpan<float> m, ReadOnlySpan<float> x, Span<float> dx, int rows, in Window window)
    {
        Require(window);
        Lengths.Require(m, rows, window.OutputSize, nameof(m));
        Lengths.Require(x, rows, window.InputSize, nameof(x));
        Lengths.Require(dx, rows, window.InputSize, nameof(dx));
        dx[..(rows * window.InputSize)].Clear();
        for (var at = new Slide(window, rows); at.MoveNext();)
            Cell.MaxBack(ref At(m, at.Output), ref At(x, at.Input), at.Places, ref At(dx, at.Input), window.Channels);
    }

    /// <summary>
    /// DeepLIFT's multipliers of <see cref="Max"/>, complete for any reference: the maximum's move from y0 to y is split at
    /// t = max(y, y0). The winner of x carries t - y0 and the winner of x0 carries y - t, each over its own difference from the
    /// reference; one that wins both carries all. Of several maxima of x the winner is the largest of x0, and of several of x0 the largest
    /// of x: so one that is among both wins both. Where that leaves several, it is the first. Shapes: m [rows, OutputSize], x, x0 and dx
    /// [rows, InputSize], dx overwritten.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or the window fits nowhere.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxSplit(ReadOnlySpan<float> m, ReadOnlySpan<float> x, Operand x0, Span<float> dx, int rows, in Window window)
    {
        Require(window);
        Lengths.Require(m, rows, window.OutputSize, nameof(m));
        Lengths.Require(x, rows, window.InputSize, nameof(x));
        x0.Require(rows, window.InputSize, nameof(x0));
        Lengths.Require(dx, rows, window.InputSize, nameof(dx));
        dx[..(rows * window.InputSize)].Clear();
        for (var at = new Slide(window, rows); at.MoveNext();)
            Cell.MaxSplit(ref At(m, at.Output), ref At(x, at.Input), ref At(x0.Data, at.Row * x0.RowStride), at.Places,
                ref At(dx, at.Input), window.Channels);
    }

    /// <summary>
    /// DeepLIFT's multipliers of a Maxout's <see cref="Max"/>: m times the fraction of the straight way from x0 to x on which each element
    /// of a window is its largest. Complete, because there the maximum is as steep as that element. Shapes as for <see cref="MaxSplit"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or the window fits nowhere.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MaxPath(ReadOnlySpan<float> m, ReadOnlySpan<float> x, Operand x0, Span<float> dx, int rows, in Window window)
    {
        Require(window);
        Lengths.Require(m, rows, window.OutputSize, nameof(m));
        Lengths.Require(x, rows, window.InputSize, nameof(x));
        x0.Require(rows, window.InputSize, nameof(x0));
        Lengths.Require(dx, rows, window.InputSize, nameof(dx));
        dx[..(rows * window.InputSize)].Clear();
        for (var at = new Slide(window, rows); at.MoveNext();)
            Cell.MaxPath(ref At(m, at.Output), ref At(x, at.Input), ref At(x0.Data, at.Row * x0.RowStride), at.Places, ref At(dx, at.Input),
                window.Channels);
    }

    private static void Require(in Window window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(window.StrideHeight, window.StrideWidth), 1, nameof(window));
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(window.DilationHeight, window.DilationWidth), 1, nameof(window));
        if (window.OutHeight < 1 || window.OutWidth < 1)
            throw new ArgumentException($"A window must fit into its padded input at least once, but none of {window} does.",
                nameof(window));
        if (window.Filters != window.Channels)
            throw new ArgumentException($"A pool has as many filters as channels, {window.Channels}, but the window has {window.Filters}.",
                nameof(window));
    }

    private static ref float At(ReadOnlySpan<float> span, int offset) =>
        ref Unsafe.Add(ref MemoryMarshal.GetReference(span), offset);
}
