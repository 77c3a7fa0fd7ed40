using Whence.Generator.Derive;

namespace Whence.Generator.Plan;

/// <summary>
/// Whether one kernel can answer for whole paths, and how. It can where it knows all steps, values and weights are small enough, and the
/// way back begins at the outputs; what only a layer or the outputs' values would need is left out.
/// </summary>
internal sealed class WholePlanner
{
    // Beyond this a kernel takes too long to compile.
    private const int MostSteps = 80;

    // What a GPU's second-level cache holds beside other things: 4 MB.
    private const long MostWeights = 1 << 20;

    // There and back. Of kernels with more loops that their threads wait in, PoCL 3.1 computes wrong values.
    private const int MostScans = 2;

    private static readonly string[] kernels = ["MatMul.Product", "Reduce.Sum", "Reduce.LogSumExp", "Reduce.LogSoftmax"];

    private readonly Plan path;
    private readonly List<int> starts;
    private readonly HashSet<PlannedValue> needed = [];
    private readonly HashSet<PlannedValue> ofSteps = [];

    private WholePlanner(Plan path, IReadOnlyList<NetworkPoint> points)
    {
        this.path = path;
        starts = Enumerable.Range(0, path.Stops.Count)
            .Where(i => path.Stops[i].Points.Any(point => points[point].Kind != "Layer")).ToList();
        FindNeeded();
        FindOfSteps();
    }

    /// <summary>The plan of one kernel for a path, or null.</summary>
    public static WholePlan? Of(Plan path, IReadOnlyList<NetworkPoint> points)
    {
        if (path.Keep is null || path.End is null)
            return null;
        var planner = new WholePlanner(path, points);
        var steps = path.Keep.Steps.Concat(planner.Run()).Concat(path.End.Steps).ToList();
        return planner.starts.Count > 0 && IsSmall(steps) && steps.All(planner.IsKnown)
            && path.Results.All(result => result?.Positive.Storage is null or Storage.Arena)
            ? planner.Plan()
            : null;
    }

    /// <summary>Whether steps are few enough for one kernel.</summary>
    internal static bool IsSmall(IReadOnlyList<Step> steps) => steps.Count <= MostSteps
        && steps.Where(step => step.Scan is not null).Select(step => (step.Scan, step.Guard)).Distinct().Count() <= MostScans
        && steps.Sum(WholeCost.WeightsOf) <= MostWeights;

    internal static bool IsMark(Step step) => step is DeltaMark or ReadyMark || step.Guard.Kind == GuardKind.Deltas;

    private IEnumerable<Step> Run() => path.Run.Steps.Where(step => !IsMark(step) && needed.Contains(step.To.Memory));

    /// <summary>The memory that the sums come from.</summary>
    private void FindNeeded()
    {
        foreach (var (value, _) in path.Sums)
            needed.Add(value.Memory);
        for (var count = -1; count < needed.Count;)
        {
            count = needed.Count;
            foreach (var step in path.Run.Steps.Where(step => !IsMark(step) && needed.Contains(step.To.Memory)))
                needed.UnionWith(step.From.Select(value => value.Memory));
        }
    }

    /// <summary>The memory that differs from step to step: all that a scan writes, too, since it runs among the steps.</summary>
    private void FindOfSteps()
    {
        for (var count = -1; count < ofSteps.Count;)
        {
            count = ofSteps.Count;
            foreach (var step in Run().Where(step => step is BetweenStep || step.Scan is not null
                || step.From.Any(value => ofSteps.Contains(value.Memory))))
                ofSteps.Add(step.To.Memory);
        }
    }

    private bool IsOfSteps(PlannedValue value) => ofSteps.Contains(value.Memory);

    private bool IsKnown(Step step) => step switch
    {
        // Rows of a product lie side by side on both sides.
        DenseStep or ConvolutionStep => IsOfSteps(step.From[0]) == IsOfSteps(step.To) && step.From[0].Storage == Storage.Arena
            || !IsOfSteps(step.To),
        BetweenStep or SumStep => true,
        _ => Knows(step),
    };

    /// <summary>Whether a group can do what a step does, but for products with weights.</summary>
    internal static bool Knows(Step step) => step is MapStep or CopyStep or SeedStep || step is KernelStep kernel
        && kernels.Contains(kernel.Kernel);

    private WholePlan? Plan()
    {
        var (before, steps) = (new List<WholeStep>(), new List<WholeStep>());
        foreach (var step in Run())
            (IsOfSteps(step.To) ? steps : before).Add(Guarded(step));
        before.InsertRange(0, path.Keep!.Steps.Select(WholeStep.Always));
        var after = path.End!.Steps;
        var results = path.Results.Select(result => result?.Positive).ToList();
        return Placed(before, steps, after, results) is { } memory
            ? new WholePlan(before, steps, after, path.Sums, path.SumsSize, results, starts.Select(start => path.Stops[start]).ToList(),
                memory, Cost(before, steps, after))
            : null;
    }

    // What lies above all outputs but one is skipped where the way back begins below.
    private WholeStep Guarded(Step step)
    {
        var section = step.Guard.Kind == GuardKind.Section && step.Guard.Index < starts[starts.Count - 1] ? step.Guard.Index : -1;
        return new WholeStep(step, section,
            section >= 0 && path.Cleared.Any(cleared => cleared.Value == step.To && cleared.Section == section));
    }

    private WholeCost Cost(IReadOnlyList<WholeStep> before, IReadOnlyList<WholeStep> steps, IReadOnlyList<Step> after)
    {
        var pair = before.Select(each => each.Step).Concat(after).ToList();
        var inputs = path.Results.Count == 0 ? 0 : Inputs();
        return new WholeCost(WholeCost.Products(pair), WholeCost.Products(steps.Select(each => each.Step)),
            sizeof(float) * (3L * inputs + starts.Max(start => path.Points.Where(point => path.Stops[start].Points.Contains(point.Index))
                .Max(point => point.Value.Size))),
            pair.Concat(steps.Select(each => each.Step)).Sum(WholeCost.WeightsOf));
    }

    private int Inputs() => path.Keep!.Steps.SelectMany(step => step.From).Where(value => value.Storage == Storage.Input)
        .GroupBy(value => value.Offset).Sum(values => values.First().Size);

    /// <summary>Memory for all that a group holds; null if it is too much.</summary>
    private WholeMemory? Placed(IReadOnlyList<WholeStep> before, IReadOnlyList<WholeStep> steps, IReadOnlyList<Step> after,
        IReadOnlyList<PlannedValue?> results)
    {
        var kept = path.Kept.ToDictionary(each => each.Offset, each => each.Computed);
        // A pair's values: those before the steps in their order, all steps as one, and then those after.
        var pair = new Lives();
        PlannedValue Own(PlannedValue value) => value.Storage == Storage.Kept ? kept[value.Offset] : value;
        pair.Touch(path.Keep!.Steps, 0);
        var loop = before.Count;
        for (var i = path.Keep.Steps.Count; i < before.Count; i++)
            pair.Touch(before[i].Step.From.Append(before[i].Step.To).Select(Own), i);
        pair.Touch(steps.SelectMany(each => each.Step.From).Select(Own).Concat(path.Sums.Select(sum => sum.Value))
            .Where(value => !IsOfSteps(value)), loop);
        pair.Touch(after, loop + 1);
        pair.Touch(after.SelectMany(step => step.From).Where(value => value.Storage == Storage.Kept).Select(Own), loop + after.Count);
        pair.Touch(results.OfType<PlannedValue>(), loop + after.Count + 1);
        // They are cleared while the last steps before may still read what they are given.
        var sums = pair.Add(path.SumsSize, 0, loop + after.Count + 1);
        var lost = pair.Add(path.SumsSize, 0, loop + after.Count + 1);
        var each = new Lives();
        // A scan's values live as long as the plan says.
        each.Touch(new HashSet<Step>(steps.Select(step => step.Step)), path.Run.Steps, IsOfSteps);
        each.Touch(path.Sums.Select(sum => sum.Value).Where(IsOfSteps), path.Run.Steps.Count);
        each.Reuse(new HashSet<Step>(steps.Select(step => step.Step)), path.Run.Steps);
        var (pairOffsets, pairSize) = pair.Assign();
        var (stepOffsets, stepSize) = each.Assign();
        if (WholeMemory.Choose(pairSize, stepSize, steps.Any(step => step.Step.Scan is not null)) is not { } chosen)
            return null;
        return new WholeMemory(chosen.Rows, pairSize + 2 * chosen.Rows, stepSize, chosen.IsPairShared, chosen.AreStepsShared)
        {
            PairOffsets = pair.Values(pairOffsets), StepOffsets = each.Values(stepOffsets), Kept = kept, Sums = pairOffsets[sums],
            Lost = pairOffsets[lost],
        };
    }
}
