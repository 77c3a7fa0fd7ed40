namespace Whence;

public static partial class Nn
{
    /// <summary>The sum over an axis, which is dropped, or kept with size 1.</summary>
    /// <exception cref="ArgumentException">The axis does not exist.</exception>
    public static Tensor Sum(Tensor x, int axis, bool keep = false)
    {
        Expect.Axis(x, axis, nameof(Sum));
        var (outer, size, inner) = x.Around(axis);
        var y = new double[outer * inner];
        for (var i = 0; i < x.Shape.Size; i++)
            y[i / (size * inner) * inner + i % inner] += x.Values[i];
        return Tensor.Own(keep ? x.Shape.With(axis, 1) : x.Shape.Without(axis), y);
    }
}
