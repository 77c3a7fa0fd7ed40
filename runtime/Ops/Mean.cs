namespace Whence;

public static partial class Nn
{
    /// <summary>The mean over an axis, which is dropped, or kept with size 1.</summary>
    /// <exception cref="ArgumentException">The axis does not exist.</exception>
    public static Tensor Mean(Tensor x, int axis, bool keep = false)
    {
        Expect.Axis(x, axis, nameof(Mean));
        return Sum(x, axis, keep) / x.Shape[axis];
    }
}
