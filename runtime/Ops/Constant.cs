namespace Whence;

public static partial class Nn
{
    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(params int[] axes)
    {
        var shape = new Shape(axes);
        return Tensor.Own(shape, new double[shape.Size]);
    }

    /// <summary>A vector of these numbers.</summary>
    public static Tensor Constant(params double[] values) => values;
}
