using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>
/// Recurrences step by step: from states of their own, those whose cell states are read, and simple ones, for which Whence has no layer.
/// Each direction is a loop; of one step, what the loop does once.
/// </summary>
internal static class RecurrentLoops
{
    /// <summary>Says all outputs of the operator that are read.</summary>
    public static void Say(Follower follow, Recurrence unit, FromStep sequence)
    {
        var each = Enumerable.Range(0, unit.Directions).Select(direction => Along(follow, unit, sequence, direction)).ToArray();
        FromStep Joined(Func<Run, FromStep> part, int axis)
        {
            FromStep[] parts = [.. each.Select(part)];
            int[] axes = [.. parts[0].Step.Axes];
            axes[axis] *= parts.Length;
            return parts.Length == 1 ? parts[0] : follow.Add("Concat", axes, [new Whole(axis), .. parts]);
        }
        if (Recurrences.Used(follow, unit.Op, 0))
            unit.GiveAll(follow, Joined(run => run.All, 1));
        if (Recurrences.Used(follow, unit.Op, 1))
            unit.GiveLast(follow, 1, Joined(run => run.Last[0], 0));
        if (Recurrences.Used(follow, unit.Op, 2))
            unit.GiveLast(follow, 2, Joined(run => run.Last[1], 0));
    }

    /// <summary>One direction.</summary>
    /// <param name="All">The states of all steps, [steps, hidden].</param>
    /// <param name="Last">Each state after the last step, [hidden].</param>
    private sealed record Run(FromStep All, FromStep[] Last);

    private static Run Along(Follower follow, Recurrence unit, FromStep sequence, int direction)
    {
        var (steps, isReversed) = (sequence.Step.Axes[0], unit.IsBackward || direction == 1);
        FromStep Turned(FromStep of) => isReversed && steps > 1 ? follow.Add("Reverse", of.Step.Axes, of) : of;
        var path = unit.Path.Length > 0 && direction == 1 ? unit.Path + "_reverse" : unit.Path;
        var initial = Initial(follow, unit, direction);
        var run = unit.Kind.Layer is { } layer ? OfCells(follow, unit, Turned(sequence), initial, layer + "Cell", direction, path)
            : Simple(follow, unit, Turned(sequence), initial[0], direction, path);
        return run with { All = Turned(run.All) };
    }

    private static Run OfCells(Follower follow, Recurrence unit, FromStep sequence, FromStep[] initial, string cell, int direction,
        string path)
    {
        var layer = unit.Layer(cell, path);
        unit.AddTensors(layer, direction, "");
        if (sequence.Step.Axes[0] > 1)
            return Looped(follow, layer, cell, sequence, initial);
        var once = follow.AddMade(new Step(cell, [unit.Hidden])
        {
            Operands = [follow.Reshape(sequence, sequence.Step.Axes[1]), .. initial], Layer = layer, Parts = initial.Length,
        });
        return new(follow.Reshape(once, 1, unit.Hidden), [.. initial.Select((_, part) => new FromStep(once.Step, part))]);
    }

    /// <summary>A function of a dense layer of the step and one of the state, the first of which waits for no state.</summary>
    private static Run Simple(Follower follow, Recurrence unit, FromStep sequence, FromStep initial, int direction, string path)
    {
        var function = unit.Op.Attributes.GetValueOrDefault("activations")?.Texts is { Count: > 0 } given ? given[direction] : "Tanh";
        string Named(string part) => path.Length == 0 ? "" : $"{path}.{part}";
        var bias = unit.Op.In(3) is null ? null : Sum(unit.Bias(direction, 0), unit.Bias(direction, 1));
        var input = Products.Dense(follow, sequence, unit.Weight(1, direction), bias, Named("ih"));
        var layer = new Layer("Linear") { Path = Named("hh") };
        layer.Settings.AddRange([new(null, unit.Hidden), new("Bias", false)]);
        layer.Tensors["weight"] = unit.Weight(2, direction);
        if (sequence.Step.Axes[0] > 1)
            return Looped(follow, layer, function, input, [initial]);
        int[] axes = [unit.Hidden];
        var once = follow.Add(function, axes, follow.Add("+", axes, follow.Reshape(input, axes), follow.Add(layer, axes, initial)));
        return new(follow.Reshape(once, 1, unit.Hidden), [once]);
    }

    private static Literal Sum(Literal a, Literal b) =>
        new(a.Type, a.Axes, () => Literal.From(a.Type, a.Count, i => a[i] + b[i]), a.Origin);

    private static Run Looped(Follower follow, Layer layer, string word, FromStep sequence, FromStep[] initial)
    {
        var hidden = initial[0].Step.Axes[0];
        var loop = follow.AddMade(new Step(word, [hidden])
        {
            Operands = [sequence, .. initial], Layer = layer, Parts = 1 + initial.Length, IsLoop = true,
        });
        var all = follow.Add("Stack", [sequence.Step.Axes[0], hidden], new FromStep(loop.Step));
        all.Step.Along = sequence.Step.Along;
        return new(all, [.. initial.Select((_, i) => new FromStep(loop.Step, i + 1))]);
    }

    /// <summary>The states before the first step, [hidden] each.</summary>
    private static FromStep[] Initial(Follower follow, Recurrence unit, int direction)
    {
        int[] inputs = unit.Kind.Layer == "Lstm" ? [Recurrences.State, Recurrences.Cell] : [Recurrences.State];
        return [.. inputs.Select(input => Initial(follow, unit, direction, unit.Op.In(input)))];
    }

    private static FromStep Initial(Follower follow, Recurrence unit, int direction, Value? state)
    {
        var hidden = unit.Hidden;
        if (state is { IsLive: true })
        {
            var all = unit.OfOne(follow, follow[state], "its initial state", _ => [unit.Directions, hidden]);
            return unit.Directions == 1 ? follow.Reshape(all, hidden)
                : follow.Reshape(follow.Add("Slice", [1, hidden], all, new Whole(0), new Whole(direction), new Whole(1)), hidden);
        }
        var own = state?.Constant is { } constant ? OfDirection(unit, direction, constant) : null;
        return own is null || own.IsAll(0) ? follow.Add("Zeros", [hidden], new Whole(hidden))
            : follow.Tensor(own, [hidden], Paths.Of(own.Origin, unit.Op.Title));
    }

    /// <summary>A constant state in one direction, which is the same for all examples.</summary>
    private static Literal OfDirection(Recurrence unit, int direction, Literal state)
    {
        var (hidden, batch) = (unit.Hidden, state.Axes[unit.BatchAxis]);
        int Place(int example, int i) =>
            (unit.BatchFirst ? example * unit.Directions + direction : direction * batch + example) * hidden + i;
        for (var at = 0; at < batch * hidden; at++)
        {
            if (state[Place(at / hidden, at % hidden)] != state[Place(0, at % hidden)])
                throw new FaultException("its initial state is another for each example", Follower.OneExample);
        }
        return state.Moved([hidden], i => Place(0, i));
    }
}
