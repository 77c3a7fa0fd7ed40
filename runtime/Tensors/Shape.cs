#if WHENCE_GENERATOR
namespace Whence.Generator.Graphs;
#else
namespace Whence;
#endif

using System;
using System.Linq;

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
    private readonly int[] axes;

    /// <summary>A shape with these axis sizes; none at all is a scalar.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An axis is not positive.</exception>
    public Shape(params int[] axes)
    {
        foreach (var axis in axes)
        {
            if (axis <= 0)
                throw new ArgumentOutOfRangeException(nameof(axes), axis, $"An axis of a shape is at least 1, but [{string.Join(", ", axes)}] has {axis}.");
        }
        this.axes = (int[])axes.Clone();
    }

    /// <summary>The number of axes.</summary>
    public int Rank => axes.Length;

    /// <summary>The number of elements.</summary>
    public int Size => axes.Aggregate(1, (product, axis) => checked(product * axis));

    /// <summary>The size of one axis.</summary>
    public int this[int axis] => axes[axis];

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
        var room = length + pad + (padEnd < 0 ? pad : padEnd) - dilation * (kernel - 1) - 1;
        if (room < 0)
            return 0;
        if (!ceil)
            return room / stride + 1;
        var windows = (room + stride - 1) / stride + 1;
        return (windows - 1) * stride >= length + pad ? windows - 1 : windows;
    }

    /// <summary>
    /// The padding before an axis and after it with which it has ceil(length / stride) windows: half of what they lack, the odd one after the axis, or before it
    /// (<paramref name="lower"/>).
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
    public override string ToString() => $"[{string.Join(", ", axes)}]";
}
