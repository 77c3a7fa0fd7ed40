namespace Whence;

public static partial class Nn
{
    /// <summary>
    /// log(sum(exp(x))) over an axis, relative to its maximum, so that nothing overflows. The axis is dropped, or kept with size 1.
    /// </summary>
    /// <exception cref="ArgumentException">The axis does not exist.</exception>
    public static Tensor LogSumExp(Tensor x, int axis = 0, bool keep = false)
    {
        Expect.Axis(x, axis, nameof(LogSumExp));
        var (outer, size, inner) = x.Around(axis);
        var y = new double[outer * inner];
        for (var i = 0; i < y.Length; i++)
            y[i] = LogSumExp(x.Values[(i / inner * size * inner + i % inner)..], size, inner);
        return Tensor.Own(keep ? x.Shape.With(axis, 1) : x.Shape.Without(axis), y);
    }

    private static double LogSumExp(ReadOnlySpan<double> x, int size, int step)
    {
        var max = Largest(x, size, step);
        if (double.IsInfinity(max))
            return max;
        var sum = 0.0;
        for (var i = 0; i < size; i++)
            sum += Math.Exp(x[i * step] - max);
        return max + Math.Log(sum);
    }

    private static double Largest(ReadOnlySpan<double> x, int size, int step)
    {
        var max = double.NegativeInfinity;
        for (var i = 0; i < size; i++)
            max = Math.Max(max, x[i * step]);
        return max;
    }
}
