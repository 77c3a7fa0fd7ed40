using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>Sums, means and largest elements over axes.</summary>
internal static class Reductions
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["ReduceMean"] = (follow, op) => Reduce(follow, op, (of, axes) => Summed(follow, "Mean", of, axes)),
        ["ReduceSum"] = (follow, op) => Reduce(follow, op, (of, axes) => Summed(follow, "Sum", of, axes)),
        ["ReduceMax"] = (follow, op) => Reduce(follow, op, (of, axes) => Largest(follow, of, axes)),
        ["ReduceMin"] = (follow, op) => Reduce(follow, op, (of, axes) => Say(follow, "-", Largest(follow, Say(follow, "-", of), axes))),
        ["ReduceL1"] = (follow, op) => Reduce(follow, op, (of, axes) => Summed(follow, "Sum", Say(follow, "Abs", of), axes)),
        ["ReduceL2"] = (follow, op) =>
            Reduce(follow, op, (of, axes) => Say(follow, "Sqrt", Summed(follow, "Sum", Say(follow, "Square", of), axes))),
        ["ReduceSumSquare"] = (follow, op) => Reduce(follow, op, (of, axes) => Summed(follow, "Sum", Say(follow, "Square", of), axes)),
        ["ReduceLogSum"] = (follow, op) => Reduce(follow, op, (of, axes) => Say(follow, "Log", Summed(follow, "Sum", of, axes))),
        ["ReduceLogSumExp"] = (follow, op) => Reduce(follow, op, (of, axes) => LogSumExp(follow, of, axes)),
    };

    private static void Reduce(Follower follow, Op op, Func<FromStep, int[], FromStep> say)
    {
        var x = follow.Live(op);
        var axes = Axis.Reduced(op);
        var (of, batch) = (x.Of, x.Batch);
        if (batch >= 0 && axes.Contains(batch))
        {
            if (x.Axes[batch] > 1)
                throw new FaultException("it sums over the batch", Follower.OneExample);
            (of, batch) = (follow.Reshape(x.Of, x.Axes), -1);
        }
        int[] own = [.. axes.Select(axis => batch >= 0 && axis > batch ? axis - 1 : axis)];
        var at = batch < 0 ? -1 : op.Whole("keepdims", 1) != 0 ? batch : batch - axes.Count(axis => axis < batch);
        int[] given = [.. op.Output.Axes!.Where((_, axis) => axis != at)];
        follow.Give(op, own.Length == 0 ? of : follow.Reshape(say(of, own), given), at);
    }

    private static FromStep Say(Follower follow, string word, FromStep x) => follow.Add(word, x.Step.Axes, x);

    /// <summary>One call an axis, the last first, so that the others keep their numbers.</summary>
    private static FromStep Summed(Follower follow, string word, FromStep x, int[] axes) => axes.OrderDescending().Aggregate(x,
        (sum, axis) =>
        {
            int[] left = [.. sum.Step.Axes.Where((_, i) => i != axis)];
            return sum.Step.Axes[axis] == 1 ? follow.Reshape(sum, left) : follow.Add(word, left, sum, new Whole(axis));
        });

    private static FromStep Largest(Follower follow, FromStep x, int[] axes)
    {
        var (rows, kept) = Rows(follow, x, axes);
        return follow.Reshape(follow.Add("GlobalMaxPool", [rows.Step.Axes[0]], rows), kept);
    }

    private static FromStep LogSumExp(Follower follow, FromStep x, int[] axes)
    {
        if (axes.Length == 1)
            return follow.Add("LogSumExp", [.. x.Step.Axes.Where((_, axis) => axis != axes[0])],
                axes[0] == 0 ? [x] : [x, new Whole(axes[0])]);
        var (rows, kept) = Rows(follow, x, axes);
        return follow.Reshape(follow.Add("LogSumExp", [rows.Step.Axes[0]], rows, new Whole(1)), kept);
    }

    /// <summary>What is put together as rows, one for each element that is left.</summary>
    private static (FromStep Rows, int[] Kept) Rows(Follower follow, FromStep x, int[] axes)
    {
        int[] others = [.. Enumerable.Range(0, x.Step.Axes.Length).Except(axes)];
        int[] kept = [.. others.Select(axis => x.Step.Axes[axis])];
        var ordered = Moves.Permute(follow, x, [.. others, .. axes]);
        return (follow.Reshape(ordered, Literal.CountOf(kept), Literal.CountOf(axes.Select(axis => x.Step.Axes[axis]))), kept);
    }
}
