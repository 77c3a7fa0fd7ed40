using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Whence.Json;
using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// Numbers in double precision with a shape, one example and no batch axis, the last axis fastest: what Forward computes
/// with when it is run as written. Immutable. Operations are plain loops, so that the compiled network can be judged by them.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
[JsonConverter(typeof(TensorConverter))]
public sealed class Tensor
{
    private readonly double[] values;

    /// <summary>A tensor with a copy of these values, the last axis fastest.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's size.</exception>
    public Tensor(Shape shape, ReadOnlySpan<double> values) : this(shape, values.ToArray()) { }

    /// <summary>A tensor with a copy of these values, the last axis fastest.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's size.</exception>
    public Tensor(Shape shape, ReadOnlySpan<float> values) : this(shape, Widen(values)) { }

    private Tensor(Shape shape, double[] values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (values.Length != shape.Size)
            throw new ArgumentException($"A tensor of shape {shape} holds {shape.Size} values, but was given {values.Length}.",
                nameof(values));
        Shape = shape;
        this.values = values;
    }

    /// <summary>The axis sizes.</summary>
    public Shape Shape { get; }

    /// <summary>All values, the last axis fastest.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>The value at a position, one index an axis.</summary>
    /// <exception cref="ArgumentException">The position lies outside the shape.</exception>
    public double this[params ReadOnlySpan<int> position]
    {
        get
        {
            if (position.Length != Shape.Rank)
                throw new ArgumentException($"A tensor of shape {Shape} is indexed by {Shape.Rank} numbers, but was given "
                    + $"{position.Length}.", nameof(position));
            var offset = 0;
            for (var axis = 0; axis < position.Length; axis++)
            {
                if ((uint)position[axis] >= (uint)Shape[axis])
                    throw new ArgumentException($"Index {position[axis]} lies outside axis {axis} of {Shape}; use 0 to {Shape[axis] - 1}.",
                        nameof(position));
                offset = offset * Shape[axis] + position[axis];
            }
            return values[offset];
        }
    }

    /// <summary>
    /// The part at a place along axis 0, with the remaining axes, as foreach gives it: <c>x[^1]</c> is the last one. One number without ^
    /// is the position of a value.
    /// </summary>
    /// <exception cref="ArgumentException">The place lies outside the axis, or the tensor is a scalar.</exception>
    public Tensor this[Index place]
    {
        get
        {
            var size = Length(place);
            var at = place.GetOffset(size);
            if (at < 0 || at >= size)
                throw Expect.Refusal($"[{place}] lies outside axis 0 of {Shape}, which has {size}.", nameof(place));
            var part = Shape.Without(0);
            return new Tensor(part, values.AsSpan(at * part.Size, part.Size));
        }
    }

    /// <summary>The parts from one place along axis 0 up to another, that one not included; the axis stays: <c>x[1..3]</c>.</summary>
    /// <exception cref="ArgumentException">There is none, a place lies outside the axis, or the tensor is a scalar.</exception>
    public Tensor this[Range places]
    {
        get
        {
            var size = Length(places);
            var (start, end) = (places.Start.GetOffset(size), places.End.GetOffset(size));
            if (start < 0 || end > size || start >= end)
                throw Expect.Refusal($"[{places}] is no part of axis 0 of {Shape}, which has {size}.", nameof(places));
            var part = Shape.Without(0).Size;
            return new Tensor(Shape.With(0, end - start), values.AsSpan(start * part, (end - start) * part));
        }
    }

    /// <summary>
    /// The parts along axis 0, one after the other, each with the remaining axes: what foreach goes over. Compiled, it is a scan.
    /// </summary>
    /// <exception cref="ArgumentException">The tensor is a scalar.</exception>
    public IEnumerator<Tensor> GetEnumerator()
    {
        if (Shape.Rank == 0)
            throw Expect.Refusal("A foreach over a tensor goes over axis 0, which a scalar has not.");
        return Parts().GetEnumerator();
    }

    /// <summary>Tokens, [length], as Forward takes them.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Tensor Tokens(params ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
            throw new ArgumentException("There must be at least one token, but there is none.", nameof(tokens));
        var values = new double[tokens.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = tokens[i];
        return Own(new Shape(values.Length), values);
    }

    /// <summary>A tensor with a copy of these values, the last axis fastest.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's size.</exception>
    public static Tensor From(Shape shape, params ReadOnlySpan<double> values) => new(shape, values);

    /// <summary>A tensor with a copy of these values, the last axis fastest.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's size.</exception>
    public static Tensor From(Shape shape, ReadOnlySpan<float> values) => new(shape, values);

    /// <summary>A vector with a copy of these values.</summary>
    public static implicit operator Tensor(double[] values) => new(new Shape(values.Length), values.AsSpan());

    /// <summary>A vector with a copy of these values.</summary>
    public static implicit operator Tensor(float[] values) => new(new Shape(values.Length), values.AsSpan());

    /// <summary>The sum, element by element. A scalar, and an axis of size 1, is repeated to the other's size.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Broadcast("+", a, b, static (p, q) => p + q);

    /// <summary>The difference, element by element. A scalar, and an axis of size 1, is repeated to the other's size.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Broadcast("-", a, b, static (p, q) => p - q);

    /// <summary>The product, element by element. A scalar, and an axis of size 1, is repeated to the other's size.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Broadcast("*", a, b, static (p, q) => p * q);

    /// <summary>The quotient, element by element. A scalar, and an axis of size 1, is repeated to the other's size.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Broadcast("/", a, b, static (p, q) => p / q);

    /// <summary>The tensor itself.</summary>
    public static Tensor operator +(Tensor a)
    {
        ArgumentNullException.ThrowIfNull(a);
        return a;
    }

    /// <summary>Each element negated.</summary>
    public static Tensor operator -(Tensor a) => Each(a, static p => -p);

    /// <summary>Each element plus a constant.</summary>
    public static Tensor operator +(Tensor a, double b) => Each(a, p => p + b);

    /// <summary>Each element less a constant.</summary>
    public static Tensor operator -(Tensor a, double b) => Each(a, p => p - b);

    /// <summary>Each element times a constant.</summary>
    public static Tensor operator *(Tensor a, double b) => Each(a, p => p * b);

    /// <summary>Each element over a constant.</summary>
    public static Tensor operator /(Tensor a, double b) => Each(a, p => p / b);

    /// <summary>A constant plus each element.</summary>
    public static Tensor operator +(double a, Tensor b) => Each(b, q => a + q);

    /// <summary>A constant less each element.</summary>
    public static Tensor operator -(double a, Tensor b) => Each(b, q => a - q);

    /// <summary>A constant times each element.</summary>
    public static Tensor operator *(double a, Tensor b) => Each(b, q => a * q);

    /// <summary>A constant over each element.</summary>
    public static Tensor operator /(double a, Tensor b) => Each(b, q => a / q);

    /// <summary>The function applied to each element.</summary>
    public Tensor Map<F>(F f) where F : struct, IElementwise
    {
        var mapped = new double[values.Length];
        for (var i = 0; i < mapped.Length; i++)
            mapped[i] = f.Value<double, DoubleMath>(values[i]);
        return new Tensor(Shape, mapped);
    }

    /// <summary>The function with its default constants applied to each element.</summary>
    public Tensor Map<F>() where F : struct, IElementwise => Map(default(F));

    /// <summary>The shape and the first values.</summary>
    public override string ToString()
    {
        const int shown = 8;
        var first = values.Take(shown).Select(value => value.ToString("G6", CultureInfo.InvariantCulture));
        return $"{Shape} {{{string.Join(", ", first)}{(values.Length > shown ? ", ..." : "")}}}";
    }

    /// <summary>A tensor that takes over the array, which its maker must not write to again.</summary>
    internal static Tensor Own(Shape shape, double[] values) => new(shape, values);

    /// <summary>The product of the axes before, at and after one axis.</summary>
    internal (int Outer, int Size, int Inner) Around(int axis)
    {
        var (outer, inner) = (1, 1);
        for (var i = 0; i < axis; i++)
            outer *= Shape[i];
        for (var i = axis + 1; i < Shape.Rank; i++)
            inner *= Shape[i];
        return (outer, Shape[axis], inner);
    }

    private int Length<T>(T places) =>
        Shape.Rank > 0 ? Shape[0] : throw Expect.Refusal($"[{places}] is of axis 0, which a scalar has not.", nameof(places));

    private IEnumerable<Tensor> Parts()
    {
        var part = Shape.Without(0);
        for (var i = 0; i < Shape[0]; i++)
            yield return new Tensor(part, values.AsSpan(i * part.Size, part.Size));
    }

    private static Tensor Each(Tensor x, Func<double, double> f)
    {
        ArgumentNullException.ThrowIfNull(x);
        var mapped = new double[x.values.Length];
        for (var i = 0; i < mapped.Length; i++)
            mapped[i] = f(x.values[i]);
        return new Tensor(x.Shape, mapped);
    }

    internal static Tensor Broadcast(string sign, Tensor a, Tensor b, Func<double, double, double> f)
    {
        var shape = Joined(sign, a, b);
        var result = new double[shape.Size];
        for (var i = 0; i < result.Length; i++)
            result[i] = f(a.values[a.OffsetAt(i, shape)], b.values[b.OffsetAt(i, shape)]);
        return new Tensor(shape, result);
    }

    private static Shape Joined(string sign, Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Shape.Rank == 0 || b.Shape.Rank == 0)
            return a.Shape.Rank == 0 ? b.Shape : a.Shape;
        var fits = a.Shape.Rank == b.Shape.Rank;
        var axes = a.Shape.ToArray();
        for (var axis = 0; fits && axis < axes.Length; axis++)
        {
            fits = a.Shape[axis] == b.Shape[axis] || a.Shape[axis] == 1 || b.Shape[axis] == 1;
            axes[axis] = Math.Max(a.Shape[axis], b.Shape[axis]);
        }
        return fits
            ? new Shape(axes)
            : throw Expect.Refusal($"{a.Shape} {sign} {b.Shape} has no meaning; give both the same axes, where an axis of size 1 is "
                + "repeated to the other's size.", nameof(b));
    }

    // Where the element at a flat position of the joined shape comes from: an axis of size 1 stays at 0, a scalar serves all.
    private int OffsetAt(int flat, Shape joined)
    {
        if (Shape.Rank == 0)
            return 0;
        var (offset, stride) = (0, 1);
        for (var axis = joined.Rank - 1; axis >= 0; axis--)
        {
            var index = flat % joined[axis];
            flat /= joined[axis];
            if (Shape[axis] == 1)
                continue;
            offset += index * stride;
            stride *= Shape[axis];
        }
        return offset;
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        return wide;
    }
}
