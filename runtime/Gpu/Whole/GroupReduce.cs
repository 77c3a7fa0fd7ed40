namespace Whence.Gpu;

using System.ComponentModel;

/// <summary>Reductions over one axis by a group, a thread for each result, in ascending order. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GroupReduce
{
    /// <summary>y = scale * the sum. Places: x [outer, axis, inner], y [outer, inner].</summary>
    public static void Sum(Tile x, Tile y, int outer, int axis, int inner, float scale)
    {
        var unit = GpuMath.PowerBelow(scale);
        for (var n = ThisGroup.Thread; n < outer * inner * y.Pitch; n += ThisGroup.Threads)
        {
            var result = n / y.Pitch;
            var row = n - result * y.Pitch;
            var first = First(result, axis, inner);
            var sum = 0f;
            for (var k = 0; k < axis; k++)
                sum += unit * x.At(first + k * inner, row);
            y[n] = sum * (scale / unit);
        }
    }

    /// <summary>y = log(sum(exp(x))), relative to the largest x; minus infinity where all are. Places as for <see cref="Sum"/>.</summary>
    public static void LogSumExp(Tile x, Tile y, int outer, int axis, int inner)
    {
        for (var n = ThisGroup.Thread; n < outer * inner * y.Pitch; n += ThisGroup.Threads)
        {
            var result = n / y.Pitch;
            var row = n - result * y.Pitch;
            var first = First(result, axis, inner);
            var sum = LogSum(x, first, row, axis, inner, float.NegativeInfinity);
            y[n] = sum.Shift + sum.Above(float.NegativeInfinity);
        }
    }

    /// <summary>
    /// y = x - log(sum(exp(x))), the largest x taken out of each before anything is rounded. Places: x and y [outer, axis, inner]. Where
    /// all x are below <paramref name="least"/> by far, so are all y.
    /// </summary>
    public static void LogSoftmax(Tile x, Tile y, int outer, int axis, int inner, float least)
    {
        for (var n = ThisGroup.Thread; n < outer * inner * y.Pitch; n += ThisGroup.Threads)
        {
            var result = n / y.Pitch;
            var row = n - result * y.Pitch;
            var first = First(result, axis, inner);
            var sum = LogSum(x, first, row, axis, inner, least);
            var above = sum.Above(least);
            for (var k = 0; k < axis; k++)
                y[(first + k * inner) * y.Pitch + row] = x.At(first + k * inner, row) - sum.Shift - above;
        }
    }

    private static LogSums LogSum(Tile x, int first, int row, int axis, int inner, float least)
    {
        var largest = least;
        for (var k = 0; k < axis; k++)
            largest = GpuMath.Max(largest, x.At(first + k * inner, row));
        var sum = new LogSums(largest);
        for (var k = 0; k < axis; k++)
            sum.Add(x.At(first + k * inner, row));
        return sum;
    }

    // The first place that a result is made of.
    private static int First(int result, int axis, int inner)
    {
        var outer = result / inner;
        return outer * axis * inner + result - outer * inner;
    }
}
