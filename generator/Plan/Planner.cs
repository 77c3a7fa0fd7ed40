using Whence.Generator.Derive;
using Whence.Generator.Ops;

namespace Whence.Generator.Plan;

/// <summary>Turns a question's graph into programs: what runs when, in which buffers, by which kernels.</summary>
internal static class Planner
{
    public static Plan Plan(Question question, Limits limits)
    {
        try
        {
            return Planned(question, limits);
        }
        catch (OverflowException)
        {
            // All arithmetic here is checked, and all of it is of sizes.
            throw new TooLargeException(
                $"{question.Method ?? "the forward pass"} needs more than {int.MaxValue} numbers in memory for one example");
        }
    }

    private static Plan Planned(Question question, Limits limits)
    {
        var points = question.Points;
        var plan = new Fusion(question, limits);
        var keep = plan.First < plan.Walks ? new StepWriter(plan, plan.First, null) : null;
        var kept = keep?.Keep();
        var run = new StepWriter(plan, plan.Walks, kept);
        run.Forward();
        var stops = run.Back();
        var end = question.IsPath ? new StepWriter(plan, Rate.Sum, kept) : null;
        end?.Sums();
        var last = end ?? run;
        var results = question.Results
            .Select(result => result is { } flow ? (last.Of(flow.Positive), last.Of(flow.Negative)) : ((Value, Value)?)null)
            .ToList();
        last.ReadAtEnd(results.SelectMany(result => result is { } pair ? new[] { pair.Item1, pair.Item2 } : []));
        var outputs = question.Outputs.Select(run.Of).ToList();
        if (question.Method is null)
            run.ReadAtEnd(outputs);
        var sums = question.IsPath ? run.Summed() : [];
        run.ReadAtEnd(sums.Select(sum => sum.Value));
        return new Plan
        {
            Method = question.Method,
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
