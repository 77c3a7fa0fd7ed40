namespace Whence;

public static partial class Nn
{
    /// <summary>The same values as a vector, the last axis fastest: [channels, height, width] to [channels * height * width].</summary>
    public static Tensor Flatten(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new Tensor(new Shape(x.Shape.Size), x.Values);
    }
}
