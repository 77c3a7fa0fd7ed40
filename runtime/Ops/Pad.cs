namespace Whence;

public static partial class Nn
{
    /// <summary>x with a constant put before and after it along an axis.</summary>
    /// <exception cref="ArgumentException">The axis does not exist, or a width is negative.</exception>
    public static Tensor Pad(Tensor x, int axis, int before, int after, double value = 0)
    {
        Expect.Axis(x, axis, nameof(Pad));
        Expect.AtLeast(0, before, nameof(before), nameof(Pad));
        Expect.AtLeast(0, after, nameof(after), nameof(Pad));

        var (outer, size, inner) = x.Around(axis);
        var shape = x.Shape.With(axis, Shape.Axis((long)before + size + after));
        var padded = shape[axis];
        var y = new double[shape.Size];
        Array.Fill(y, value);
        for (var o = 0; o < outer; o++)
            x.Values.Slice(o * size * inner, size * inner).CopyTo(y.AsSpan((o * padded + before) * inner));
        return Tensor.Own(shape, y);
    }
}
