namespace Whence.Import.Fold;

/// <summary>Axes as nodes name them, which may be counted from behind.</summary>
internal static class Axis
{
    public static int Of(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw new FaultException($"it names axis {axis} of {rank}");

    public static int[] Of(IEnumerable<int> axes, int rank) => [.. axes.Select(axis => Of(axis, rank))];

    /// <summary>The axes that a reduction sums over: all, if it names none.</summary>
    public static int[] Reduced(Op op)
    {
        var rank = op.Inputs[0]!.Rank;
        if (op.In(1) is { IsLive: true })
            throw new FaultException("its axes depend on the input");
        var axes = op.Wholes("axes", 1);
        if (axes is { Length: > 0 })
            return [.. Of(axes, rank).Distinct().Order()];
        return axes is not null && op.Whole("noop_with_empty_axes", 0) != 0 || axes is null && op.Whole("noop_with_empty_axes", 0) != 0
            ? [] : [.. Enumerable.Range(0, rank)];
    }

    /// <summary>What a Slice takes of each axis: first place, step and count.</summary>
    public static (int Start, int Step, int Count)[] Sliced(Op op)
    {
        var axes = op.Inputs[0]!.Axes!;
        var slices = axes.Select(size => (Start: 0, Step: 1, Count: size)).ToArray();
        if (op.Inputs.Skip(1).Any(input => input is { IsLive: true }))
            throw new FaultException("what it takes depends on the input");
        long[]? Given(string name, int input) =>
            op.Attributes.TryGetValue(name, out var setting) ? [.. setting.Wholes] : op.In(input)?.Constant?.Wholes();
        var starts = Given("starts", 1) ?? throw new FaultException("it does not say where it starts");
        var ends = Given("ends", 2) ?? throw new FaultException("it does not say where it ends");
        var named = Given("axes", 3) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        var steps = Given("steps", 4) ?? [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || named.Length != starts.Length || steps.Length != starts.Length)
            throw new FaultException("it has different numbers of starts, ends, axes and steps");
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = Of(named[i], axes.Length);
            var (size, step) = ((long)axes[axis], Math.Clamp(steps[i], -int.MaxValue, int.MaxValue));
            if (step == 0)
                throw new FaultException("it has a step of 0");
            long Place(long place, long least, long most) => Math.Clamp(place < 0 ? Math.Max(place, -size - 1) + size : place, least, most);
            var (start, end) = step > 0 ? (Place(starts[i], 0, size), Place(ends[i], 0, size))
                : (Place(starts[i], 0, size - 1), ends[i] < -size ? -1 : Place(ends[i], -1, size - 1));
            var count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
            slices[axis] = ((int)start, (int)step, (int)Math.Max(count, 0));
        }
        return slices;
    }
}
