using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>What only moves elements: axes, stretches, copies, borders.</summary>
internal static class Moves
{
    private static readonly HashSet<string> Moving =
        ["Reshape", "Flatten", "Permute", "Transpose", "Slice", "Gather", "Sum", "Mean", "MatMul", "Concat"];

    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["Reshape"] = Reshape, ["Flatten"] = Reshape, ["Squeeze"] = Squeeze, ["Unsqueeze"] = Unsqueeze, ["Transpose"] = Transpose,
        ["Concat"] = Concat, ["Split"] = Split, ["Slice"] = Slice, ["Pad"] = Pad, ["Expand"] = Expand, ["Tile"] = Tile,
        ["DepthToSpace"] = DepthToSpace, ["SpaceToDepth"] = SpaceToDepth,
    };

    /// <summary>Whether what a step gives has along axis 0 the positions of what it reads.</summary>
    public static bool KeepsPositions(Step step) => !Moving.Contains(step.Word) && !step.IsLoop
        && step.Layer is not { Kind: "Conv1d" or "Conv2d" or "ConvTranspose1d" or "ConvTranspose2d" };

    /// <summary>Says a change of the axes' order; nothing where it is none.</summary>
    public static FromStep Permute(Follower follow, FromStep x, params int[] order)
    {
        if (order.SequenceEqual(Enumerable.Range(0, order.Length)))
            return x;
        // Axes of one element have no order to speak of: without them it may be no change at all.
        int[] axes = [.. order.Select(axis => x.Step.Axes[axis])];
        int[] kept = [.. order.Where(axis => x.Step.Axes[axis] != 1)];
        if (kept.SequenceEqual(kept.Order()))
            return follow.Reshape(x, axes);
        return follow.Add("Permute", axes, [x, .. order.Select(axis => new Whole(axis))]);
    }

    private static void Reshape(Follower follow, Op op)
    {
        var (x, axes) = (follow.Live(op), op.Output.Axes!);
        var batch = x.Batch < 0 ? -1 : Found(x, axes);
        if (batch < 0 && x.Batch >= 0 && x.Axes[x.Batch] > 1)
        {
            throw new FaultException($"it merges the batch (axis {x.Batch}) with other axes: {Shapes.Text(x.Axes)} to {Shapes.Text(axes)}",
                "A network has one example: export it with a batch of one.");
        }
        follow.Give(op, follow.Reshape(x.Of, [.. axes.Where((_, axis) => axis != batch)]), batch);
    }

    /// <summary>Where the batch's axis is after a reshape: with as many elements before it, and as many examples; -1 if nowhere.</summary>
    private static int Found(Tracked x, int[] axes)
    {
        var before = Literal.CountOf(x.Axes[..x.Batch]);
        for (int axis = 0, count = 1; axis < axes.Length && count <= before; count *= axes[axis++])
        {
            if (count == before && axes[axis] == x.Axes[x.Batch])
                return axis;
        }
        return -1;
    }

    private static void Squeeze(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var dropped = Shapes.Squeezed(op);
        var batch = x.Batch < 0 || dropped.Contains(x.Batch) ? -1 : x.Batch - dropped.Count(axis => axis < x.Batch);
        follow.Give(op, follow.Reshape(x.Of, [.. op.Output.Axes!.Where((_, axis) => axis != batch)]), batch);
    }

    private static void Unsqueeze(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var batch = x.Batch;
        foreach (var axis in Shapes.Unsqueezed(op))
            batch += batch >= 0 && axis <= batch ? 1 : 0;
        follow.Give(op, follow.Reshape(x.Of, [.. op.Output.Axes!.Where((_, axis) => axis != batch)]), batch);
    }

    private static void Transpose(Follower follow, Op op)
    {
        var (x, order) = (follow.Live(op), Shapes.Order(op));
        int[] own = [.. order.Where(axis => axis != x.Batch).Select(x.OwnAxis)];
        follow.Give(op, Permute(follow, x.Of, own), x.Batch < 0 ? -1 : Array.IndexOf(order, x.Batch));
    }

    private static void Concat(Follower follow, Op op)
    {
        var axes = op.Output.Axes!;
        var axis = Axis.Of(op.Whole("axis", 1), axes.Length);
        var live = op.Inputs.OfType<Value>().Where(input => input.IsLive).Select(input => follow[input]).ToArray();
        var batches = live.Select(value => value.Batch).Where(batch => batch >= 0).Distinct().ToArray();
        var batch = batches.Length == 1 && batches[0] != axis && op.Inputs.All(input => input!.Axes![batches[0]] == axes[batches[0]])
            ? batches[0]
            : -1;
        if (batch < 0 && live.Any(value => value.Batch >= 0 && value.Axes[value.Batch] > 1))
            throw new FaultException("it joins along the batch");
        FromStep Part(Value value)
        {
            if (value.IsLive)
                return follow.Viewed(follow[value], axes.Length, batch);
            var constant = value.Constant!;
            if (batch >= 0 && constant.Axes[batch] > 1)
                throw new FaultException("its constant has a batch");
            int[] own = [.. constant.Axes.Where((_, i) => i != batch)];
            return constant.Count > 0 && constant.IsAll(0) ? follow.Add("Zeros", own, [.. own.Select(size => new Whole(size))])
                : follow.Tensor(constant, own, Paths.Of(constant.Origin, op.Title));
        }
        FromStep[] parts = [.. op.Inputs.OfType<Value>().Where(input => input.Axes![axis] > 0).Select(Part)];
        var at = batch >= 0 && axis > batch ? axis - 1 : axis;
        int[] joined = [.. axes.Where((_, i) => i != batch)];
        follow.Give(op, parts.Length == 1 ? parts[0] : follow.Add("Concat", joined, [new Whole(at), .. parts]), batch);
    }

    private static void Split(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var axis = Axis.Of(op.Whole("axis", 0), x.Axes.Length);
        var own = x.OwnAxis(axis);
        var start = 0;
        for (var i = 0; i < op.Outputs.Count; i++)
        {
            if (op.Outputs[i] is not { } part)
                continue;
            var size = part.Axes![axis];
            if (own < 0 && size != x.Axes[axis])
                throw new FaultException("it splits the batch");
            follow.Give(op, own < 0 ? x.Of : Stretch(follow, x.Of, own, start, size), x.Batch, i);
            start += size;
        }
    }

    private static FromStep Stretch(Follower follow, FromStep x, int axis, int start, int count)
    {
        if (start == 0 && count == x.Step.Axes[axis])
            return x;
        if (count == 0)
            throw new FaultException("it gives a tensor without elements");
        var axes = x.Step.Axes.ToArray();
        axes[axis] = count;
        return follow.Add("Slice", axes, x, new Whole(axis), new Whole(start), new Whole(count));
    }

    /// <summary>Places along an axis, in the order given.</summary>
    public static FromStep Gather(Follower follow, FromStep x, int axis, int[] places)
    {
        if (places.Length == 0)
            throw new FaultException("it gives a tensor without elements");
        if (places.Length > Limits.WrittenPlaces)
            throw new FaultException($"it takes {places.Length} places, each of which would be written into code");
        if (places.Zip(places.Skip(1)).All(pair => pair.Second == pair.First + 1))
            return Stretch(follow, x, axis, places[0], places.Length);
        var axes = x.Step.Axes.ToArray();
        if (places.Length == axes[axis] && Literal.CountOf(axes[..axis]) == 1
            && places.SequenceEqual(Enumerable.Range(0, places.Length).Reverse()))
            return Reversed(follow, x, axis);
        axes[axis] = places.Length;
        return follow.Add("Gather", axes, [x, new Whole(axis), .. places.Select(place => new Whole(place))]);
    }

    private static void Slice(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var slices = Axis.Sliced(op);
        var y = x.Of;
        for (var axis = 0; axis < slices.Length; axis++)
        {
            var (start, step, count) = slices[axis];
            if (start == 0 && step == 1 && count == x.Axes[axis])
                continue;
            var own = x.OwnAxis(axis);
            if (own >= 0 && step == 1)
                y = Stretch(follow, y, own, start, count);
            else if (own >= 0)
                y = Gather(follow, y, own, [.. Enumerable.Range(0, count).Select(i => start + i * step)]);
            else if (count != 1 || x.Axes[axis] != 1)
                throw new FaultException("it takes some examples of the batch");
        }
        follow.Give(op, y, x.Batch);
    }

    private static void Pad(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var pads = Shapes.Pads(op);
        var mode = op.Text("mode", "constant");
        var value = op.Known(2, "value") is { Count: > 0 } given ? given[0] : op.Number("value", 0);
        var y = x.Of;
        for (var axis = 0; axis < pads.Length; axis++)
        {
            var (before, after) = pads[axis];
            if (before == 0 && after == 0)
                continue;
            if (x.OwnAxis(axis) is not (var own and >= 0))
                throw new FaultException("it pads the batch");
            var size = x.Axes[axis];
            if (mode == "reflect" && before >= 0 && after >= 0 && Math.Max(before, after) < size)
            {
                y = Reflected(follow, y, own, before, after);
                continue;
            }
            if (mode != "constant")
            {
                y = Gather(follow, y, own,
                    [.. Enumerable.Range(-before, before + size + after).Select(place => Mirrored(place, size, mode))]);
                continue;
            }
            y = Stretch(follow, y, own, Math.Max(0, -before), size + Math.Min(0, before) + Math.Min(0, after));
            if (before <= 0 && after <= 0)
                continue;
            var axes = y.Step.Axes.ToArray();
            axes[own] += Math.Max(0, before) + Math.Max(0, after);
            Operand[] fill = value == 0 ? []
                : [double.IsInfinity(value)
                    ? new Literally(value < 0 ? "double.NegativeInfinity" : "double.PositiveInfinity")
                    : new Number(Op.Shortest((float)value))];
            y = follow.Add("Pad", axes, [y, new Whole(own), new Whole(Math.Max(0, before)), new Whole(Math.Max(0, after)), .. fill]);
        }
        follow.Give(op, y, x.Batch);
    }

    /// <summary>What is joined with its mirror images at both ends, the ends themselves left out.</summary>
    private static FromStep Reflected(Follower follow, FromStep x, int axis, int before, int after)
    {
        var size = x.Step.Axes[axis];
        var axes = x.Step.Axes.ToArray();
        axes[axis] += before + after;
        FromStep?[] parts = [Mirror(follow, x, axis, 1, before), x, Mirror(follow, x, axis, size - 1 - after, after)];
        return follow.Add("Concat", axes, [new Whole(axis), .. parts.OfType<FromStep>()]);
    }

    /// <summary>A stretch from its end to its beginning; null of an empty one.</summary>
    private static FromStep? Mirror(Follower follow, FromStep x, int axis, int start, int count)
    {
        if (count == 0)
            return null;
        var stretch = Stretch(follow, x, axis, start, count);
        return count == 1 ? stretch : Gather(follow, stretch, axis, [.. Enumerable.Range(0, count).Reverse()]);
    }

    /// <summary>A value from end to end along an axis before which all are of one element: Reverse is along axis 0.</summary>
    private static FromStep Reversed(Follower follow, FromStep x, int axis)
    {
        var axes = x.Step.Axes;
        return follow.Reshape(follow.Add("Reverse", axes[axis..], follow.Reshape(x, axes[axis..])), axes);
    }

    private static int Mirrored(int place, int size, string mode)
    {
        switch (mode)
        {
            case "edge":
                return Math.Clamp(place, 0, size - 1);
            case "wrap":
                return (place % size + size) % size;
            case "reflect":
                var period = Math.Max(2 * (size - 1), 1);
                var at = (place % period + period) % period;
                return at < size ? at : period - at;
            default:
                throw new FaultException($"its mode is '{mode}'", "Constant, reflect, edge and wrap are known.");
        }
    }

    private static void Expand(Follower follow, Op op)
    {
        var (x, axes) = (follow.Live(op), op.Output.Axes!);
        var batch = x.Batch < 0 ? -1 : x.Batch + axes.Length - x.Axes.Length;
        if (batch >= 0 && axes[batch] != x.Axes[x.Batch])
            batch = x.Axes[x.Batch] == 1 ? -1 : throw new FaultException("it repeats the batch");
        var viewed = follow.Viewed(batch < 0 ? x with { Batch = -1, Of = follow.Reshape(x.Of, x.Axes) } : x, axes.Length, batch);
        int[] own = [.. axes.Where((_, axis) => axis != batch)];
        follow.Give(op, viewed.Step.Axes.SequenceEqual(own) ? viewed
            : follow.Add("+", own, viewed, follow.Add("Zeros", own, [.. own.Select(size => new Whole(size))])), batch);
    }

    private static void Tile(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var y = x.Of;
        for (var axis = 0; axis < x.Axes.Length; axis++)
        {
            var times = op.Output.Axes![axis] / x.Axes[axis];
            if (times == 1)
                continue;
            if (x.OwnAxis(axis) is not (var own and >= 0))
                throw new FaultException("it repeats the batch");
            var axes = y.Step.Axes.ToArray();
            axes[own] *= times;
            y = follow.Add("Concat", axes, [new Whole(own), .. Enumerable.Repeat(y, times)]);
        }
        follow.Give(op, y, x.Batch);
    }

    private static void DepthToSpace(Follower follow, Op op)
    {
        var (block, x) = ((int)op.Whole("blocksize", 1), follow.Example(follow.Live(op)));
        var axes = op.Output.Axes!;
        var (depth, high, wide) = (axes[1], x.Step.Axes[1], x.Step.Axes[2]);
        var y = op.Text("mode", "DCR") == "DCR"
            ? Permute(follow, follow.Reshape(x, block, block, depth, high, wide), 2, 3, 0, 4, 1)
            : Permute(follow, follow.Reshape(x, depth, block, block, high, wide), 0, 3, 1, 4, 2);
        follow.Give(op, follow.Reshape(y, axes[1..]), 0);
    }

    private static void SpaceToDepth(Follower follow, Op op)
    {
        var (block, x) = ((int)op.Whole("blocksize", 1), follow.Example(follow.Live(op)));
        var (depth, high, wide) = (x.Step.Axes[0], x.Step.Axes[1] / block, x.Step.Axes[2] / block);
        var y = Permute(follow, follow.Reshape(x, depth, high, block, wide, block), 2, 4, 0, 1, 3);
        follow.Give(op, follow.Reshape(y, op.Output.Axes![1..]), 0);
    }
}
