namespace Whence.Generator.Plan;

/// <summary>Steps of the forward pass next to each other that the same points make needless.</summary>
/// <param name="Points">Of a backward pass that is placed at one of these points and ends there, nothing needs them.</param>
/// <param name="Ready">Those of the points whose value is complete among these steps.</param>
/// <param name="Steps">The steps.</param>
internal sealed record ForwardRun(
    IReadOnlyList<int> Points, IReadOnlyList<PlannedPoint> Ready, IReadOnlyList<(Step Step, int Index)> Steps);

/// <summary>
/// What a backward pass need not compute that begins from given values of a layer and ends at the layer's multipliers: all that only the
/// layer's own value depends on.
/// </summary>
internal static class Placing
{
    /// <summary>The steps of a plan's forward pass, cut where the points change that make them needless.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="always">The steps that run whatever the pass, in order.</param>
    public static IReadOnlyList<ForwardRun> Runs(Plan plan, IReadOnlyList<(Step Step, int Index)> always)
    {
        var points = always.ToDictionary(pair => pair.Index, _ => new List<int>());
        // A point where no multipliers arrive, or none but its own, is the end of no pass; what lies in no arena is given no value.
        foreach (var point in plan.Points.Where(point => point is { Multipliers: not null, Value.Storage: Storage.Arena, Ready: >= 0 }))
        {
            var stop = plan.Stops.TakeWhile(stop => !stop.Points.Contains(point.Index)).Count();
            foreach (var index in stop == 0 ? [] : Needless(plan, always, point.Value.Memory, stop))
                points[index].Add(point.Index);
        }
        var runs = new List<ForwardRun>();
        for (var start = 0; start < always.Count;)
        {
            var own = points[always[start].Index];
            var steps = always.Skip(start).TakeWhile(pair => points[pair.Index].SequenceEqual(own)).ToList();
            var ready = plan.Points.Where(point => own.Contains(point.Index) && steps.Any(pair => pair.Index == point.Ready)).ToList();
            runs.Add(new ForwardRun(own, ready, steps));
            start += steps.Count;
        }
        return runs;
    }

    /// <summary>
    /// How many of the steps of the forward pass the way back needs: all up to the last that it does, directly or through others.
    /// </summary>
    public static int NeededBack(Plan plan, IReadOnlyList<(Step Step, int Index)> always)
    {
        var read = new HashSet<PlannedValue>(plan.Run.Steps
            .Where((step, i) => i >= plan.Run.BackFrom || step.Guard.Kind == GuardKind.Deltas)
            .SelectMany(step => step.From.Append(step.To)).Select(value => value.Memory));
        var count = always.Count;
        while (count > 0 && always[count - 1].Step is { Scan: null } last && !read.Contains(last.To.Memory))
            count--;
        return count;
    }

    // What no section of the way back above a stop reads, nor what it reads, if that has its value from elsewhere.
    private static IEnumerable<int> Needless(Plan plan, IReadOnlyList<(Step Step, int Index)> always, PlannedValue given, int stop)
    {
        var needed = new HashSet<PlannedValue>(plan.Run.Steps.Skip(plan.Run.BackFrom)
            .Where(step => step.Guard.Kind != GuardKind.Section || step.Guard.Index < stop)
            .SelectMany(step => step.From).Select(value => value.Memory));
        for (var last = always.Count - 1; last >= 0;)
        {
            // A scan runs as one.
            var first = last;
            while (always[last].Step.Scan is { } scan && first > 0 && always[first - 1].Step.Scan == scan)
                first--;
            var group = always.Skip(first).Take(last - first + 1).ToList();
            var isNeeded = group.Any(pair => pair.Step.To.Memory != given && needed.Contains(pair.Step.To.Memory));
            foreach (var (step, index) in group)
            {
                if (isNeeded)
                    needed.UnionWith(step.From.Select(value => value.Memory));
                else
                    yield return index;
            }
            last = first - 1;
        }
    }
}
