namespace Whence.Generator.Plan;

/// <summary>Products that take in what is beside them.</summary>
internal sealed partial class StepWriter
{
    /// <summary>
    /// Takes steps into others, where the target's products do that: <paramref name="read"/> are values that are read out. Returns the sums
    /// over a path's steps that are still to be added after them.
    /// </summary>
    public IReadOnlyList<(PlannedValue Value, int Offset)> Fuse(IEnumerable<PlannedValue> read,
        IReadOnlyList<(PlannedValue Value, int Offset)> sums, Limits limits)
    {
        if (limits.TakesStretches && !limits.IsApart)
        {
            var readOut = touched.Where(touch => touch.IsReadOut).Select(touch => touch.Value);
            IReadOnlyList<PlannedValue> pinned = [.. read, .. sums.Select(sum => sum.Value), .. readOut];
            var left = new InPlace(steps, pinned).Run();
            // The forward pass is also written so that a part of it can be run, loop by loop.
            if (limits.PairOperands > 0 && schedule.Derived.Method is not null)
                left = new Pairs(left, pinned, limits.PairOperands).Run();
            touched.RemoveAll(touch => !touch.IsReadOut);
            Renumber(left, []);
            LiveThroughout();
        }
        if (!limits.Fuses)
            return sums;
        var fusion = new Fusion(steps, read, limits);
        var taken = fusion.Run(sums);
        Renumber(fusion.Steps, taken);
        return [.. sums.Where(sum => !taken.Contains(sum.Value))];
    }

    /// <summary>Says that no point's value is read out.</summary>
    public void ReadNothing() => readsNothing = true;

    private bool readsNothing;

    /// <summary>
    /// Lets a product write a value at once where it is read out, at an offset in rows so far apart; not one that others read or write too,
    /// or that is read out in another order.
    /// </summary>
    public void WriteInto(PlannedValue value, int offset, int row, Limits limits)
    {
        var at = steps.FindIndex(step => step.To == value);
        if (!limits.Fuses || at < 0 || value is not { Storage: Storage.Arena, Slots: 1, Within: null }
            || steps[at] is not (FusedStep or DenseStep or ConvolutionStep) || steps[at].Scan is not null
            || steps.Any(step => step != steps[at] && step.From.Append(step.To).Any(other => other.Memory == value)))
            return;
        (value.Storage, value.Offset) = (Storage.Written, offset);
        steps[at] = (steps[at] as FusedStep ?? FusedStep.Of(steps[at])).Into(row);
    }

    /// <summary>Makes one launch of products with the same weights, of what is kept of a path above all.</summary>
    public void Join(Limits limits)
    {
        for (var i = 0; i < steps.Count; i++)
        for (var j = i + 1; j < steps.Count; j++)
        {
            if (steps[i].Scan is not null || steps[j].Scan is not null || steps[i].Guard != steps[j].Guard
                || TwiceStep.Of(steps[i], steps[j], steps.Skip(i + 1).Take(j - i - 1), limits) is not { } both)
                continue;
            var left = steps.Cast<Step?>().ToList();
            (left[i], left[j]) = (null, both);
            Renumber(left, []);
            i--;
            break;
        }
    }

    // What was numbered by steps goes on to the next that is left.
    private void Renumber(IReadOnlyList<Step?> left, IReadOnlyList<PlannedValue> unread)
    {
        var places = new int[steps.Count + 1];
        for (var i = 0; i < steps.Count; i++)
            places[i + 1] = places[i] + (left[i] is null ? 0 : 1);
        int Place(int step) => step > steps.Count ? step : places[step];
        foreach (var value in steps.SelectMany(step => step.From.Append(step.To)).Concat(touched.Select(touch => touch.Value)))
            value.Untouch();
        foreach (var (value, step, _) in touched.Where(touch => !unread.Contains(touch.Value)))
            value.Touch(Place(step));
        foreach (var id in readyAt.Keys.Where(id => readyAt[id] >= 0).ToList())
            readyAt[id] = Place(readyAt[id]);
        backFrom = Place(backFrom);
        steps.Clear();
        foreach (var step in left.OfType<Step>())
        {
            foreach (var value in step.From.Append(step.To).Except(unread))
                value.Touch(steps.Count);
            steps.Add(step);
        }
    }
}
