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
        run.ReadAtEnd(sums.Select(sum => sum.Value));
        return new Plan
        {
            Method = derived.Method,
            Keep = keep?.Finish(),
            Kept = kept?.Select(pair => new KeptValue(keep!.Of(pair.Key), pair.Value.Offset, pair.Value.Slots)).ToList() ?? [],
            KeptSize = kept is null ? 0 : kept.Values.Select(value => value.Offset + value.Size * value.Slots).DefaultIfEmpty(0).Max(),
            Sums = sums,
            SumsSize = sums.Sum(sum => sum.Value.Size),
            End = end?.Finish(),
            Points = points.Select((point, i) => run.Point(point, i)).ToList(),
            Stops = stops,
            Cleared = run.Cleared(),
            Results = results,
            Outputs = outputs,
            Run = run.Finish(),
        };
    }
}
