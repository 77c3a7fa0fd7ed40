namespace Whence;

public static partial class Nn
{
    /// <summary>x - logsumexp(x) along an axis: the logarithm of <see cref="Softmax"/>.</summary>
    /// <exception cref="ArgumentException">The axis does not exist.</exception>
    public static Tensor LogSoftmax(Tensor x, int axis = 0)
    {
        Expect.Axis(x, axis, nameof(LogSoftmax));
        return x - LogSumExp(x, axis, keep: true);
    }
}
