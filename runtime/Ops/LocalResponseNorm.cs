namespace Whence;

public static partial class Nn
{
    /// <summary>
    /// x / (k + alpha s)^beta, where s is the mean of the squares of <paramref name="size"/> neighbouring channels, size / 2 before and
    /// (size - 1) / 2 after, channels beyond the border counted as 0 (Krizhevsky et al. 2012, section 3.3).
    /// </summary>
    /// <remarks>
    /// PyTorch's convention, and Caffe's, whose sizes are odd. TensorFlow's takes the sum in place of the mean, has depth_radius r for
    /// a size of 2 r + 1, calls k the bias, and defaults to alpha 1 and beta 0.5.
    /// </remarks>
    /// <param name="x">[channels, ...].</param>
    /// <param name="size">How many channels a window has.</param>
    /// <param name="alpha">The factor of s.</param>
    /// <param name="beta">The power.</param>
    /// <param name="k">The constant, above 0.</param>
    /// <param name="sum">Whether s is the sum of the squares, TensorFlow's convention, and not their mean.</param>
    /// <exception cref="ArgumentException">x is a scalar, or size is below 1.</exception>
    public static Tensor LocalResponseNorm(Tensor x, int size, double alpha = 1e-4, double beta = 0.75, double k = 1, bool sum = false)
    {
        Expect.Axis(x, 0, nameof(LocalResponseNorm));
        Expect.AtLeast(1, size, nameof(size), nameof(LocalResponseNorm));
        var (channels, area) = (x.Shape[0], x.Shape.Size / x.Shape[0]);
        var y = new double[x.Shape.Size];
        for (var i = 0; i < y.Length; i++)
        {
            var squares = 0.0;
            for (var c = Math.Max(0, i / area - size / 2); c <= Math.Min(channels - 1, i / area + (size - 1) / 2); c++)
                squares += x.Values[c * area + i % area] * x.Values[c * area + i % area];
            y[i] = x.Values[i] * Math.Pow(k + alpha * (sum ? squares : squares / size), -beta);
        }
        return Tensor.Own(x.Shape, y);
    }
}
