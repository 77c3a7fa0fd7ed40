namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;

/// <summary>Reductions over one axis, a thread for each result, in ascending order. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Reduce
{
    /// <summary>y = scale * the sum. Shapes: x [rows, outer, axis, inner], y [rows, outer, inner].</summary>
    public static void Sum(Rows x, Rows y, int rows, int outer, int axis, int inner, float scale) =>
        Run<SumOf>(x, y, rows, outer, axis, inner, scale);

    /// <summary>y = log(sum(exp(x))), relative to the largest x; minus infinity where all are. Shapes as for <see cref="Sum"/>.</summary>
    public static void LogSumExp(Rows x, Rows y, int rows, int outer, int axis, int inner) =>
        Run<LogSumExpOf>(x, y, rows, outer, axis, inner, 1);

    /// <summary>
    /// y = x - log(sum(exp(x))), the largest x taken out of each before anything is rounded. Shapes: x and y [rows, outer, axis, inner].
    /// Where all x are below <paramref name="least"/> by far, so are all y.
    /// </summary>
    public static void LogSoftmax(Rows x, Rows y, int rows, int outer, int axis, int inner, float least) =>
        Run<LogSoftmaxOf>(x, y, rows, outer, axis, inner, least);

    /// <summary>y = the largest; NaN if there is one. Shapes as for <see cref="Sum"/>.</summary>
    public static void Max(Rows x, Rows y, int rows, int outer, int axis, int inner) =>
        Run<MaxOf>(x, y, rows, outer, axis, inner, 1);

    private static void Run<K>(Rows x, Rows y, int rows, int outer, int axis, int inner, float number)
        where K : struct, IKernel<ReduceArguments> =>
        Lane.Current.Launch<K, ReduceArguments>((long)rows * outer * inner, new ReduceArguments
        {
            X = x.View, Y = y.View, Count = rows * outer * inner, Axis = axis, Inner = inner, Number = number,
        });

    private readonly struct SumOf : IKernel<ReduceArguments>
    {
        public static void Run(ReduceArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var at = p.First(n);
            var (sum, unit) = (0f, GpuMath.PowerBelow(p.Number));
            for (var k = 0; k < p.Axis; k++)
                sum += unit * p.X[at + k * p.Inner];
            p.Y[n] = sum * (p.Number / unit);
        }
    }

    private readonly struct MaxOf : IKernel<ReduceArguments>
    {
        public static void Run(ReduceArguments p)
        {
            var n = ThisThread.Element;
            if (n < p.Count)
                p.Y[n] = p.Largest(n, float.NegativeInfinity);
        }
    }

    private readonly struct LogSumExpOf : IKernel<ReduceArguments>
    {
        public static void Run(ReduceArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var sum = p.LogSum(n, float.NegativeInfinity);
            p.Y[n] = sum.Shift + sum.Above(float.NegativeInfinity);
        }
    }

    private readonly struct LogSoftmaxOf : IKernel<ReduceArguments>
    {
        public static void Run(ReduceArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var sum = p.LogSum(n, p.Number);
            var above = sum.Above(p.Number);
            var at = p.First(n);
            for (var k = 0; k < p.Axis; k++)
                p.Y[at + k * p.Inner] = p.X[at + k * p.Inner] - sum.Shift - above;
        }
    }
}

internal struct ReduceArguments
{
    public ArrayView<float> X;
    public ArrayView<float> Y;
    public int Count;
    public int Axis;
    public int Inner;

    /// <summary>What the sum is multiplied by, or what is the largest at least.</summary>
    public float Number;

    /// <summary>The first element that a result is made of.</summary>
    public readonly int First(int result)
    {
        var outer = result / Inner;
        return outer * Axis * Inner + result - outer * Inner;
    }

    /// <summary>The largest of what a result is made of, and of a number.</summary>
    public readonly float Largest(int result, float least)
    {
        var (at, largest) = (First(result), least);
        for (var k = 0; k < Axis; k++)
            largest = GpuMath.Max(largest, X[at + k * Inner]);
        return largest;
    }

    /// <summary>The logarithm of the sum of exponentials of what a result is made of.</summary>
    public readonly LogSums LogSum(int result, float least)
    {
        var at = First(result);
        var sum = new LogSums(Largest(result, least));
        for (var k = 0; k < Axis; k++)
            sum.Add(X[at + k * Inner]);
        return sum;
    }
}
