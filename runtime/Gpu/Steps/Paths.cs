namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;

/// <summary>Sums over the steps of a path. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Paths
{
    /// <summary>
    /// sums[path, offset + i] += weight m[r, i] for every row r of each path, in order, by the weight of its step; 0 adds nothing.
    /// </summary>
    public static void Add(in BackwardArguments arguments, Rows multipliers, int offset, int size)
    {
        var paths = (arguments.FirstStep + arguments.Rows + arguments.Steps - 1) / arguments.Steps;
        Lane.Current.Launch<AddRows, SumArguments>((long)paths * size, new SumArguments
        {
            High = arguments.Sums.High.View, Low = arguments.Sums.Low.View, X = multipliers.View, Weights = arguments.Weights.View,
            Count = paths * size,
            Offset = offset, Row = arguments.Sums.Row, Size = size, Rows = arguments.Rows, Steps = arguments.Steps,
            FirstStep = arguments.FirstStep, Begins = arguments.BeginsSums ? 1 : 0,
        });
    }

    /// <summary>y[r, i] = sums[r, offset + i], rounded once.</summary>
    public static void Sum(Sums sums, int offset, int row, Rows y, int rows, int size) =>
        Lane.Current.Launch<ReadSums, SumArguments>((long)rows * size, new SumArguments
        {
            High = sums.High.View, Low = sums.Low.View, X = y.View, Count = rows * size, Offset = offset, Row = row, Size = size,
        });

    /// <summary>How many rows the paths have whose rows some of the operands are; 1, and none before, where none is.</summary>
    internal static (int Steps, int First) Of(params ReadOnlySpan<Operand> operands)
    {
        foreach (var operand in operands)
        {
            if (operand.Stride.Steps > 0)
                return (operand.Stride.Steps, operand.Stride.FirstStep);
        }
        return (1, 0);
    }

    private readonly struct AddRows : IKernel<SumArguments>
    {
        public static void Run(SumArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var path = n / p.Size;
            var i = n - path * p.Size;
            var at = path * p.Row + p.Offset + i;
            var begin = path * p.Steps - p.FirstStep;
            var sum = new Twofold(p.High[at], p.Low[at]).Unless(p.Begins != 0 & begin >= 0);
            var end = Math.Min(begin + p.Steps, p.Rows);
            for (var row = Math.Max(begin, 0); row < end; row++)
                sum = sum.PlusWeighted(p.Weights[row - begin], p.X[row * p.Size + i]);
            p.High[at] = sum.High;
            p.Low[at] = sum.Low;
        }
    }

    private readonly struct ReadSums : IKernel<SumArguments>
    {
        public static void Run(SumArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var row = n / p.Size;
            var at = row * p.Row + p.Offset + n - row * p.Size;
            p.X[n] = p.High[at] + p.Low[at];
        }
    }
}

internal struct SumArguments
{
    public ArrayView<float> High;
    public ArrayView<float> Low;
    public ArrayView<float> X;
    public ArrayView<float> Weights;
    public int Count;
    public int Offset;
    public int Row;
    public int Size;
    public int Rows;
    public int Steps;
    public int FirstStep;

    /// <summary>1 where a path's sums begin with its first step.</summary>
    public int Begins;
}
