namespace Whence;

public static partial class Nn
{
    /// <summary>The same values with other axes, the last axis fastest.</summary>
    /// <exception cref="ArgumentException">The axes hold another number of values.</exception>
    public static Tensor Reshape(Tensor x, params int[] axes)
    {
        ArgumentNullException.ThrowIfNull(x);
        var shape = new Shape(axes);
        return shape.Size == x.Shape.Size
            ? new Tensor(shape, x.Values)
            : throw Expect.Refusal($"{nameof(Reshape)} to {shape} needs {shape.Size} values, but was given {x.Shape}, which holds "
                + $"{x.Shape.Size}.", nameof(axes));
    }
}
