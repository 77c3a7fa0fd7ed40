using Whence.Import.Declare;
using Whence.Import.Fold;

namespace Whence.Import.Follow;

/// <summary>Pools.</summary>
internal static class Pools
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["MaxPool"] = Pool, ["AveragePool"] = Pool, ["GlobalAveragePool"] = Global, ["GlobalMaxPool"] = Global,
    };

    private static void Pool(Follower follow, Op op)
    {
        if (op.Outputs.Count > 1
            && op.Outputs[1] is { } indices
            && (follow.Readers.ContainsKey(indices) || follow.Graph.Outputs.Contains(indices)))
            throw new FaultException("its indices are used, which have no derivative", "Choose other outputs: --output NAME.");
        var x = follow.Live(op);
        var windows = Windows.Of(op, x.Axes, op.Wholes("kernel_shape")!);
        if (windows.Space is < 1 or > 2)
            throw new FaultException($"it is over {windows.Space} axes", "Whence has pools over one and two.");
        var isMax = op.Type == "MaxPool";
        var (input, before, after) = (follow.Example(x), windows.Before.ToArray(), windows.After.ToArray());
        var counts = isMax || op.Whole("count_include_pad", 0) != 0 || before.Concat(after).All(pad => pad == 0);
        for (var axis = 0; axis < windows.Space; axis++)
        {
            if (2 * Math.Max(before[axis], after[axis]) <= windows.Kernel[axis])
                continue;
            if (!isMax)
                throw new FaultException("its pads are above half its window");
            // A maximum's border is what is never larger.
            var axes = input.Step.Axes.ToArray();
            axes[axis + 1] += before[axis] + after[axis];
            input = follow.Add("Pad", axes, input, new Whole(axis + 1), new Whole(before[axis]), new Whole(after[axis]),
                new Literally("double.NegativeInfinity"));
            (before[axis], after[axis]) = (0, 0);
        }
        var named = Settings(windows, before, after, counts).ToArray();
        int[] pooled = op.Output.Axes![1..];
        follow.Give(op, follow.Add($"{(isMax ? "MaxPool" : "AvgPool")}{windows.Space}d", pooled, [input, .. named]), 0);
    }

    private static IEnumerable<Operand> Settings(Windows windows, int[] before, int[] after, bool counts)
    {
        var (kernel, stride, dilation, isFlat) = (windows.Kernel, windows.Stride, windows.Dilation, windows.Space == 2);
        yield return new Whole(kernel[0]);
        yield return new Whole(stride[0], "stride");
        if (before[0] != 0)
            yield return new Whole(before[0], "pad");
        if (isFlat && kernel[1] != kernel[0])
            yield return new Whole(kernel[1], "windowWidth");
        if (isFlat && stride[1] != stride[0])
            yield return new Whole(stride[1], "strideWidth");
        if (isFlat && before[1] != before[0])
            yield return new Whole(before[1], "padWidth");
        if (after[0] != before[0])
            yield return new Whole(after[0], "padEnd");
        if (isFlat && after[1] != (before[1] != before[0] ? before[1] : after[0]))
            yield return new Whole(after[1], "padWidthEnd");
        if (dilation[0] != 1)
            yield return new Whole(dilation[0], "dilation");
        if (isFlat && dilation[1] != dilation[0])
            yield return new Whole(dilation[1], "dilationWidth");
        if (windows.Ceil)
            yield return new Literally("true", "ceil");
        if (!counts)
            yield return new Literally("false", "countPadding");
    }

    private static void Global(Follower follow, Op op)
    {
        var x = follow.Example(follow.Live(op));
        var pooled = follow.Add(op.Type == "GlobalMaxPool" ? "GlobalMaxPool" : "GlobalAvgPool", [x.Step.Axes[0]], x);
        follow.Give(op, follow.Reshape(pooled, op.Output.Axes![1..]), 0);
    }
}
