namespace Whence;

public static partial class Nn
{
    /// <summary>x itself: dropout does nothing at inference. Here so that a network reads as it was trained.</summary>
    /// <param name="x">Any tensor.</param>
    /// <param name="rate">The part that was dropped in training, from 0 to below 1.</param>
    /// <exception cref="ArgumentException">The rate is not from 0 to below 1.</exception>
    public static Tensor Dropout(Tensor x, double rate = 0.5)
    {
        ArgumentNullException.ThrowIfNull(x);
        return rate is >= 0 and < 1
            ? x
            : throw new ArgumentException($"{nameof(Dropout)} needs a rate from 0 to below 1, but was given {rate}.", nameof(rate));
    }
}
