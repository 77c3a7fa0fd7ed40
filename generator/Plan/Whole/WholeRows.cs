using Whence.Generator.Derive;

namespace Whence.Generator.Plan;

/// <summary>
/// A forward pass, or that and the way back from an output to the inputs, as one kernel: a group of threads goes through so many rows of a
/// batch at a time.
/// </summary>
/// <param name="Forward">The steps of the forward pass, after which values are read out.</param>
/// <param name="Back">Those of the way back.</param>
/// <param name="Loaded">What is brought from device memory for each row: inputs, and what was kept of references.</param>
/// <param name="Starts">The stops at which the way back may begin.</param>
/// <param name="Points">The points whose values may be read out.</param>
/// <param name="Seed">Where the seed lies in the group's memory.</param>
/// <param name="Memory">Where values lie: all are those of rows.</param>
/// <param name="Products">Multiply-adds of a row.</param>
/// <param name="Weights">Floats of weights, which all groups read.</param>
internal sealed record WholeRows(IReadOnlyList<WholeStep> Forward, IReadOnlyList<WholeStep> Back, IReadOnlyList<PlannedValue> Loaded,
    IReadOnlyList<Stop> Starts, IReadOnlyList<PlannedPoint> Points, int Seed, WholeMemory Memory, long Products, long Weights);

/// <summary>Whether one kernel can answer for rows, and how; what only a layer would need is left out.</summary>
internal sealed class WholeRowsPlanner
{
    private readonly Plan plan;
    private readonly List<int> starts;
    private readonly List<PlannedPoint> points;
    // What is written out of a row in the end.
    private readonly List<PlannedValue> ends;
    private readonly List<Step> steps;

    private WholeRowsPlanner(Plan plan, IReadOnlyList<NetworkPoint> all)
    {
        this.plan = plan;
        points = plan.Points.Where(point => all[point.Index].Kind != "Layer").ToList();
        starts = Enumerable.Range(0, plan.Stops.Count).Where(i => plan.Stops[i].Points.Any(point => all[point].Kind != "Layer")).ToList();
        ends = IsBack
            ? plan.Results.SelectMany(result => result is { } both ? new[] { both.Positive, both.Negative } : []).ToList()
            : plan.Outputs.ToList();
        steps = Needed();
    }

    /// <summary>The plan of one kernel for rows, or null.</summary>
    public static WholeRows? Of(Plan plan, IReadOnlyList<NetworkPoint> points)
    {
        var planner = new WholeRowsPlanner(plan, points);
        return WholePlanner.IsSmall(planner.steps) && planner.steps.All(planner.IsKnown)
            && planner.ends.All(value => value.Storage == Storage.Arena)
            && planner.points.All(point => point.Ready >= -1 && IsOfRows(point.Value)) && (!planner.IsBack || planner.starts.Count > 0)
            ? planner.Planned()
            : null;
    }

    private bool IsBack => plan.Method is not null;

    // What the ends and the points are made of.
    private List<Step> Needed()
    {
        var needed = new HashSet<PlannedValue>(ends.Concat(points.Select(point => point.Value)).Select(value => value.Memory));
        var all = plan.Run.Steps.Where(step => !WholePlanner.IsMark(step)).ToList();
        for (var count = -1; count < needed.Count;)
        {
            count = needed.Count;
            // Only a scan has what comes before made of what comes after.
            foreach (var step in Enumerable.Reverse(all).Where(step => needed.Contains(step.To.Memory)))
                needed.UnionWith(step.From.Select(value => value.Memory));
        }
        return all.Where(step => needed.Contains(step.To.Memory)).ToList();
    }

    // A product's rows lie side by side on both sides.
    private bool IsKnown(Step step) => step.To is { Storage: Storage.Arena, Whole: null }
        && step.From.All(value => value.Storage == Storage.Constant || IsOfRows(value))
        && (WholePlanner.Knows(step) || step is DenseStep or ConvolutionStep { Weights: not null } && IsOfRows(step.From[0]));

    private static bool IsOfRows(PlannedValue value) => value.Whole is null && (value.Storage == Storage.Arena || IsLoaded(value));

    private static bool IsLoaded(PlannedValue value) =>
        value is { Storage: Storage.Input or Storage.Kept, Slots: 1, Within: null, Moves: false };

    private WholeRows? Planned()
    {
        var loaded = steps.SelectMany(step => step.From).Concat(points.Select(point => point.Value)).Where(IsLoaded)
            .GroupBy(value => (value.Storage, value.Offset, value.Size)).ToList();
        if (Placed(loaded) is not { } placed)
            return null;
        var forward = new HashSet<Step>(plan.Run.Steps.Take(plan.Run.BackFrom));
        return new WholeRows(steps.Where(forward.Contains).Select(Guarded).ToList(),
            steps.Where(step => !forward.Contains(step)).Select(Guarded).ToList(), loaded.Select(same => same.First()).ToList(),
            starts.Select(start => plan.Stops[start]).ToList(), points, placed.Seed, placed.Memory, WholeCost.Products(steps),
            steps.Sum(WholeCost.WeightsOf));
    }

    // What lies above all outputs but one is skipped where the way back begins below.
    private WholeStep Guarded(Step step)
    {
        var section = step.Guard.Kind == GuardKind.Section && step.Guard.Index < starts[starts.Count - 1] ? step.Guard.Index : -1;
        return new WholeStep(step, section,
            section >= 0 && plan.Cleared.Any(cleared => cleared.Value == step.To && cleared.Section == section));
    }

    // Memory for all that a row needs; null if too few rows would fit.
    private (WholeMemory Memory, int Seed)? Placed(IEnumerable<IGrouping<(Storage, int, int), PlannedValue>> loaded)
    {
        var (lives, program, some) = (new Lives(), plan.Run.Steps, new HashSet<Step>(steps));
        foreach (var same in loaded)
            lives.Touch(same.First(), 0, LastReadOf(same));
        lives.Touch(some, program, value => value.Storage == Storage.Arena);
        lives.Touch(points.Select(point => point.Value), plan.Run.BackFrom);
        lives.Touch(ends, program.Count);
        var seed = IsBack ? lives.Add(points.Max(point => point.Value.Size), 0, program.Count) : -1;
        lives.Reuse(some, program);
        var (offsets, size) = lives.Assign();
        if (WholeMemory.Choose(0, size, steps.Any(step => step.Scan is not null)) is not { } chosen)
            return null;
        var places = lives.Values(offsets).ToDictionary(pair => pair.Key, pair => pair.Value);
        var kept = new Dictionary<int, PlannedValue>();
        foreach (var same in loaded)
        {
            foreach (var value in same)
                places[value] = places[same.First()];
            if (same.Key.Item1 == Storage.Kept)
                kept[same.Key.Item2] = same.First();
        }
        return (new WholeMemory(chosen.Rows, 0, size, chosen.IsPairShared, chosen.AreStepsShared)
        {
            PairOffsets = new Dictionary<PlannedValue, int>(), StepOffsets = places, Kept = kept, Sums = 0, Lost = 0,
        }, seed < 0 ? 0 : offsets[seed]);
    }

    // A scan reads at each of its steps.
    private int LastReadOf(IEnumerable<PlannedValue> same)
    {
        var all = new HashSet<PlannedValue>(same);
        var last = points.Any(point => all.Contains(point.Value)) ? plan.Run.BackFrom : 0;
        var scans = steps.Where(step => step.Scan is not null && step.From.Any(all.Contains)).Select(step => step.Scan).ToList();
        for (var i = 0; i < plan.Run.Steps.Count; i++)
        {
            var step = plan.Run.Steps[i];
            if (step.From.Any(all.Contains) || step.Scan is { } scan && scans.Contains(scan))
                last = Math.Max(last, i);
        }
        return last;
    }
}
