using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>Attention, as the idioms found it.</summary>
internal static class Attending
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["ScaledDotProductAttention"] = Scaled, ["MultiHeadAttention"] = OfHeads,
    };

    private static void Scaled(Follower follow, Op op)
    {
        var (q, k, v) = (follow.Live(op), follow.Live(op, 1), follow.Live(op, 2));
        // What comes before heads is the batch, or of one element.
        FromStep Own(Tracked x)
        {
            if (x.Axes.Length == 4 && x.Batch != 0 && x.Axes[0] != 1 || x.Batch > 0)
                throw new FaultException("it attends from one example to another");
            return follow.Reshape(x.Of, x.Axes.Length == 4 ? x.Axes[1..] : x.Batch == 0 ? x.Axes[1..] : x.Axes);
        }
        var (queries, keys, values) = (Own(q), Own(k), Own(v));
        var batch = q.Axes.Length == 4 || q.Batch == 0 ? 0 : -1;
        int[] given = [.. queries.Step.Axes[..^1], values.Step.Axes[^1]];
        Operand[] mask = [];
        if (op.In(3) is { } masked)
        {
            int[] wanted = [queries.Step.Axes[^2], keys.Step.Axes[^2]];
            var of = masked.Constant is { } constant ? follow.Tensor(constant, constant.Axes[^2..], Paths.Of(constant.Origin, op.Title))
                : follow.Reshape(follow[masked].Of, masked.Axes![^2..]);
            if (!of.Step.Axes.SequenceEqual(wanted))
                of = follow.Add("+", wanted, of, follow.Add("Zeros", wanted, [.. wanted.Select(size => new Whole(size))]));
            mask = [of];
        }
        follow.Give(op, follow.Add("ScaledDotProductAttention", given, [queries, keys, values, .. mask]), batch);
    }

    private static void OfHeads(Follower follow, Op op)
    {
        var inputs = new[] { 0, 1, 2 }.Select(input => follow.Live(op, input)).ToArray();
        if (inputs.Any(input => input.Batch > 0 || input.Batch < 0 && input.Axes[0] != 1))
            throw new FaultException("it attends from one example to another");
        FromStep[] own = [.. inputs.Select(input => follow.Reshape(input.Of, input.Axes[1..]))];
        var isSelf = own.All(one => one.Step == own[0].Step && one.Part == own[0].Part);
        Literal Constant(int part, bool bias) => op.Inputs[3 + 2 * part + (bias ? 1 : 0)]!.Constant!;
        string Path(int part) => Paths.Of(Constant(part, false).Origin, "", Constant(part, true).Origin);
        var layer = new Layer("MultiHeadAttention") { Path = Common([.. Enumerable.Range(0, 4).Select(Path)]), Takes = isSelf ? 1 : 3 };
        layer.Settings.Add(new(null, (int)op.Whole("heads", 1)));
        var features = own[0].Step.Axes[1];
        layer.Tensors["in_proj_weight"] = Joined([.. Enumerable.Range(0, 3).Select(part => Constant(part, false).Turned())],
            [3 * features, features]);
        layer.Tensors["in_proj_bias"] = Joined([.. Enumerable.Range(0, 3).Select(part => Constant(part, true))], [3 * features]);
        layer.Tensors["out_proj.weight"] = Constant(3, false).Turned();
        layer.Tensors["out_proj.bias"] = Constant(3, true);
        follow.Give(op, follow.Add(layer, own[0].Step.Axes, isSelf ? [own[0]] : [.. own]), 0);
    }

    private static Literal Joined(Literal[] parts, int[] axes) => new(parts[0].Type, axes,
        () => Literal.From(parts[0].Type, Literal.CountOf(axes), i => parts[i / parts[0].Count][i % parts[0].Count]));

    /// <summary>The modules that all paths have in common at their beginning.</summary>
    private static string Common(string[] paths)
    {
        var parts = paths.Select(path => path.Split('.')).ToArray();
        var count = 0;
        while (parts.All(path => path.Length > count + 1 && path[count] == parts[0][count]))
            count++;
        return string.Join('.', parts[0][..count]);
    }
}
