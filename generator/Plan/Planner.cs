using Whence.Generator.Derive;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>Turns a question's graph into programs: what runs when, in which buffers, by which kernels.</summary>
internal static class Planner
{
    public static Plan Plan(DerivedGraph derived, Limits limits)
    {
        try
        {
            return Planned(derived, limits);
        }
        catch (OverflowException)
        {
            // All arithmetic here is checked, and all of it is of sizes.
            throw new TooLargeException(
                $"{derived.Method ?? "the forward pass"} needs more than {int.MaxValue} numbers in memory for one example");
        }
    }

    private static Plan Planned(DerivedGraph derived, Limits limits)
    {
        var points = derived.Points;
        var schedule = new Schedule(derived, limits);
        var keep = schedule.First < schedule.Backward ? new StepWriter(schedule, schedule.First, null) : null;
        var kept = keep?.Keep();
        var run = new StepWriter(schedule, schedule.Backward, kept);
        run.Forward();
        var stops = run.Back();
        var end = derived.IsPath ? new StepWriter(schedule, Rate.Sum, kept) : null;
        end?.Sums();
        var last = end ?? run;
        var results = derived.Results
            .Select(result => result is { } multipliers
                ? (last.Of(multipliers.Positive), last.Of(multipliers.Negative))
                : ((PlannedValue, PlannedValue)?)null)
            .ToList();
        last.ReadAtEnd(results.SelectMany(result => result is { } pair ? new[] { pair.Item1, pair.Item2 } : []));
        var outputs = derived.Outputs.Select(run.Of).ToList();
        if (derived.Method is null)
            run.ReadAtEnd(outputs);
        var sums = derived.IsPath ? run.Summed() : [];
        var size = sums.Sum(sum => sum.Value.Size);
        run.ReadAtEnd(sums.Select(sum => sum.Value));
        // A device is asked about whole paths alone, of which nothing is read out between.
        var readsOut = !(derived.IsPath && limits.Fuses);
        if (!readsOut)
            run.ReadNothing();
        var read = points.SelectMany((point, i) => Values(run.Point(point, i), readsOut)).Concat(readsOut ? outputs : [])
            .Concat(results.SelectMany(result => result is { } pair ? new[] { pair.Item1, pair.Item2 } : []));
        keep?.Fuse(kept!.Keys.Select(keep.Of), [], limits);
        sums = run.Fuse(read, sums, limits);
        end?.Fuse(read, [], limits);
        var keptSize = kept is null ? 0 : kept.Values.Select(value => value.Offset + value.Size * value.Slots).DefaultIfEmpty(0).Max();
        foreach (var pair in kept ?? [])
        {
            if (kept!.Keys.Count(other => keep!.Of(other) == keep.Of(pair.Key)) == 1)
                keep!.WriteInto(keep.Of(pair.Key), pair.Value.Offset, keptSize, limits);
        }
        if (limits.Fuses)
            keep?.Join(limits);
        WriteResults(derived, end, results, limits);
        return new Plan
        {
            Method = derived.Method,
            Keep = keep?.Finish(),
            Kept = kept?.Select(pair => new KeptValue(keep!.Of(pair.Key), pair.Value.Offset, pair.Value.Slots)).ToList() ?? [],
            KeptSize = keptSize,
            Sums = sums,
            SumsSize = size,
            End = end?.Finish(),
            Points = points.Select((point, i) => run.Point(point, i)).ToList(),
            Stops = stops,
            Cleared = run.Cleared(),
            Results = results,
            Outputs = outputs,
            Run = run.Finish(),
        };
    }

    // After a path, the multipliers of inputs that lie as the user sees them.
    private static void WriteResults(DerivedGraph derived, StepWriter? end,
        IReadOnlyList<(PlannedValue Positive, PlannedValue Negative)?> results, Limits limits)
    {
        var sizes = derived.Nodes.Where(node => node.Op is Input).Select(node => node.Shape!.Size).ToList();
        for (var i = 0; end is not null && i < results.Count; i++)
        {
            if (results[i] is { Positive: { Turned: false } value } && results.Count(other => other?.Positive == value) == 1)
                end.WriteInto(value, sizes.Take(i).Sum(), sizes.Sum(), limits);
        }
    }

    private static IEnumerable<PlannedValue> Values(PlannedPoint point, bool readsOut)
    {
        if (readsOut)
            yield return point.Value;
        foreach (var pair in new[] { point.Multipliers, point.Deltas })
        {
            if (pair is not { } parts)
                continue;
            yield return parts.Positive;
            yield return parts.Negative;
        }
    }
}
