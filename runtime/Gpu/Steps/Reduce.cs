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

    private static void Run<K>(Rows x, Rows y, int rows, int outer, int axis, int inner, float scale)
        where K : struct, IKernel<ReduceArguments> =>
        Lane.Current.Launch<K, ReduceArguments>((long)rows * outer * inner, new ReduceArguments
        {
            X = x.View, Y = y.View, Count = rows * outer * inner, Axis = axis, Inner = inner, Scale = scale,
        });

    private readonly struct SumOf : IKernel<ReduceArguments>
    {
        public static void Run(ReduceArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var at = p.First(n);
            var sum = 0f;
            for (var k = 0; k < p.Axis; k++)
                sum += p.X[at + k * p.Inner];
            p.Y[n] = sum * p.Scale;
        }
    }

    private readonly struct LogSumExpOf : IKernel<ReduceArguments>
    {
        public static void Run(ReduceArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var at = p.First(n);
            var largest = float.NegativeInfinity;
            for (var k = 0; k < p.Axis; k++)
                largest = GpuMath.Max(largest, p.X[at + k * p.Inner]);
            // Of infinities the difference would be no number.
            var shift = GpuBits.IfLess(GpuMath.Abs(largest), float.PositiveInfinity, largest, 0f);
            var sum = 0f;
            for (var k = 0; k < p.Axis; k++)
                sum += GpuMath.Exp(p.X[at + k * p.Inner] - shift);
            p.Y[n] = shift + GpuMath.Log(sum);
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
    public float Scale;

    /// <summary>The first element that a result is made of.</summary>
    public readonly int First(int result)
    {
        var outer = result / Inner;
        return outer * Axis * Inner + result - outer * Inner;
    }
}
