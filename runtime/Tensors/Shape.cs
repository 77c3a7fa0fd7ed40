#if WHENCE_GENERATOR
namespace Whence.Generator.Graphs;
#else
namespace Whence;
#endif

using System;
using System.Linq;
#if WHENCE_GENERATOR
using Whence.Generator.Support;
#endif

/// <summary>
/// The sizes of a tensor's axes, for one example: no batch axis. Images are [channels, height, width], sequences
/// [channels, length]. Written once and obeyed by both the eager run and the compiler.
/// </summary>
#if WHENCE_GENERATOR
internal sealed class Shape : IEquatable<Shape>
#else
[System.Text.Json.Serialization.JsonConverter(typeof(Json.ShapeConverter))]
public sealed class Shape : IEquatable<Shape>
#endif
{
    /// <summary>
    /// The most elements of a value, 2^30: an int still counts a window's or a copy's way over two such, and one of them is 4 GiB in single
    /// precision, which no network that is explained comes near.
    /// </summary>
    public const int MostElements = 1 << 30;

    private readonly int[] axes;

    /// <summary>A shape with these axis sizes; none at all is a scalar.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not positive.</exception>
    /// <exception cref="ArgumentException">There would be more than <see cref="MostElements"/> elements.</exception>
    public Shape(params int[] axes)
    {
        var size = 1L;
        foreach (var axis in axes)
        {
            if (axis <= 0)
                throw new ArgumentOutOfRangeException(nameof(axes), axis,
                    $"An axis of a shape is at least 1, but [{Listing.Of(axes)}] has {axis}.");
            size *= axis;
            if (size > MostElements)
                throw TooLarge($"[{Listing.Of(axes)}]");
        }
        this.axes = (int[])axes.Clone();
        Size = (int)size;
    }

    /// <summary>The number of axes.</summary>
    public int Rank => axes.Length;

    /// <summary>The number of elements.</summary>
    public int Size { get; }

    /// <summary>The size of one axis.</summary>
    public int this[int axis] => axes[axis];

#if !WHENCE_GENERATOR
    /// <summary>The size of one axis, which may be counted from the end: <c>[^1]</c> is the last one's.</summary>
    public int this[Index axis] => axes[axis];
#endif

    /// <summary>The axis sizes, as a fresh array.</summary>
    public int[] ToArray() => (int[])axes.Clone();

    /// <summary>This shape with one axis changed.</summary>
    public Shape With(int axis, int size)
    {
        var changed = ToArray();
        changed[axis] = size;
        return new Shape(changed);
    }

    /// <summary>This shape without one axis.</summary>
    public Shape Without(int axis) => new(axes.Where((_, i) => i != axis).ToArray());

    /// <summary>The size of an axis that was computed from others.</summary>
    internal static int Axis(long size) => size is > 0 and <= MostElements ? (int)size : throw TooLarge($"an axis of {size}");

    /// <summary>The number of elements of axes that may be anything: at most a little more than an int holds.</summary>
    internal static long Count(params int[] axes) => axes.Aggregate(1L, (product, axis) => Math.Min(product * axis, int.MaxValue + 1L));

#if WHENCE_GENERATOR
    // Said of the operator that makes it, where the network is checked.
    private static OverflowException TooLarge(string what) => new(what);
#else
    private static ArgumentException TooLarge(string what) =>
        new($"A value has at most {MostElements} elements, but this would have {what}.");
#endif

    /// <summary>
    /// How many windows fit along an axis, as PyTorch counts them. In ceil mode a last, partial window is counted if it
    /// starts inside the axis or its left padding. Zero or less means that none fits.
    /// </summary>
    /// <param name="length">The axis without padding.</param>
    /// <param name="kernel">Elements of the window.</param>
    /// <param name="stride">The step from window to window.</param>
    /// <param name="pad">Elements of padding before the axis.</param>
    /// <param name="dilation">The distance between a window's elements.</param>
    /// <param name="ceil">Whether a last, partial window counts.</param>
    /// <param name="padEnd">Elements of padding after the axis; -1 for as many as before.</param>
    public static int Windows(int length, int kernel, int stride, int pad, int dilation, bool ceil = false, int padEnd = -1)
    {
        var room = (long)length + pad + (padEnd < 0 ? pad : padEnd) - dilation * (kernel - 1L) - 1;
        if (room < 0)
            return 0;
        var windows = (ceil ? room + stride - 1 : room) / stride + 1;
        // A last, partial window begins inside the axis or its padding before.
        if (ceil && (windows - 1) * stride >= (long)length + pad)
            windows--;
        return (int)Math.Min(windows, int.MaxValue);
    }

    /// <summary>
    /// The padding before an axis and after it with which it has ceil(length / stride) windows: half of what they lack, the odd one after
    /// the axis, or before it (<paramref name="lower"/>).
    /// </summary>
    public static (int Pad, int PadEnd) Same(int length, int kernel, int stride, int dilation, bool lower)
    {
        var windows = (length + stride - 1L) / stride;
        var lacking = (int)Math.Min(int.MaxValue, Math.Max(0, (windows - 1) * stride + dilation * (kernel - 1L) + 1 - length));
        return lower ? (lacking - lacking / 2, lacking / 2) : (lacking / 2, lacking - lacking / 2);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && axes.AsSpan().SequenceEqual(other.axes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => axes.Aggregate(17, (hash, axis) => unchecked(hash * 31 + axis));

    /// <inheritdoc/>
    public override string ToString() => $"[{Listing.Of(axes)}]";
}
