using Whence.CompilerServices;

namespace Whence;

public static partial class Nn
{
    /// <summary>
    /// x - logsumexp(x) along an axis: the logarithm of <see cref="Softmax"/>. The largest is taken out of x before anything is rounded.
    /// </summary>
    /// <exception cref="ArgumentException">The axis does not exist.</exception>
    public static Tensor LogSoftmax(Tensor x, int axis = 0)
    {
        Expect.Axis(x, axis, nameof(LogSoftmax));
        return LogSoftmax(x, axis, double.NegativeInfinity);
    }

    /// <summary>
    /// The same, where what is summed is at least the exponential of a number: where all x are below it by far, so is all.
    /// </summary>
    private static Tensor LogSoftmax(Tensor x, int axis, double least)
    {
        var (outer, size, inner) = x.Around(axis);
        var y = new double[x.Shape.Size];
        for (var i = 0; i < outer * inner; i++)
        {
            var first = i / inner * size * inner + i % inner;
            var shift = Math.Max(Largest(x.Values[first..], size, inner), least);
            if (double.IsInfinity(shift))
                shift = 0;
            // Less 1, the largest's own.
            var (others, lacking) = (0.0, -1);
            for (var k = first; k < first + size * inner; k += inner)
            {
                if (lacking < 0 && x.Values[k] == shift)
                    lacking = 0;
                else
                    others += Math.Exp(x.Values[k] - shift);
            }
            var above = DoubleMath.Log1p(double.IsInfinity(least) ? others + lacking : Math.Max(others + lacking, 0));
            for (var k = first; k < first + size * inner; k += inner)
                y[k] = x.Values[k] - shift - above;
        }
        return Tensor.Own(x.Shape, y);
    }
}
