namespace Whence;

public static partial class Nn
{
    /// <summary>The elements start to start + length - 1 along an axis, which stays.</summary>
    /// <exception cref="ArgumentException">The range lies outside the axis.</exception>
    public static Tensor Slice(Tensor x, int axis, int start, int length)
    {
        Expect.Axis(x, axis, nameof(Slice));
        Expect.AtLeast(0, start, nameof(start), nameof(Slice));
        Expect.AtLeast(1, length, nameof(length), nameof(Slice));
        var (outer, size, inner) = x.Around(axis);
        if (start > size - length)
            throw Expect.Refusal($"{nameof(Slice)} takes {length} elements from {start} on, but axis {axis} of {x.Shape} has only {size}.",
                nameof(length));

        var y = new double[outer * length * inner];
        for (var o = 0; o < outer; o++)
            x.Values.Slice((o * size + start) * inner, length * inner).CopyTo(y.AsSpan(o * length * inner));
        return Tensor.Own(x.Shape.With(axis, length), y);
    }
}
