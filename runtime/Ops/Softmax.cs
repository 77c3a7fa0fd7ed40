namespace Whence;

public static partial class Nn
{
    /// <summary>exp(x - logsumexp(x)) along an axis: positive numbers that sum to 1.</summary>
    /// <exception cref="ArgumentException">The axis does not exist.</exception>
    public static Tensor Softmax(Tensor x, int axis = 0)
    {
        Expect.Axis(x, axis, nameof(Softmax));
        return Exp(LogSoftmax(x, axis));
    }
}
