namespace Whence.Generator.Plan;

/// <summary>
/// Makes one loop of two that read the same, for a target whose loops have two results: the parts of a difference, a function's value and
/// its slope, the mean of two multipliers and half their difference. What only these two read is computed in them.
/// </summary>
internal sealed class Pairs
{
    // Farther apart than this, values would be kept for long only to be read once less.
    private const int Farthest = 3;

    private readonly HashSet<PlannedValue> pinned;
    private readonly List<Step?> steps;
    private readonly int operands;

    /// <summary>Of a program's steps; what is read or written by others than steps is <paramref name="pinned"/>.</summary>
    public Pairs(IReadOnlyList<Step?> steps, IEnumerable<PlannedValue> pinned, int operands)
    {
        this.steps = [.. steps];
        this.pinned = [.. pinned.Select(value => value.Memory)];
        this.operands = operands;
    }

    /// <summary>The steps that are left, null where one was left out.</summary>
    public IReadOnlyList<Step?> Run()
    {
        // From the last on: what two loops share comes before them, and is then no loop to be paired.
        for (var at = steps.Count - 1; at > 0; at--)
        {
            if (steps[at] is MapStep second && MayPair(second) && Pair(at, second))
                TakeIn(at);
        }
        return steps;
    }

    private bool MayPair(MapStep step) =>
        step is { Sum: null, To: { Storage: Storage.Arena, StartStep: 0 } } && !pinned.Contains(step.To.Memory);

    private bool Pair(int at, MapStep second)
    {
        for (var i = at - 1; i >= 0 && i >= at - Farthest; i--)
        {
            if (steps[i] is not MapStep first || !MayPair(first) || first.Guard != second.Guard || first.Scan != second.Scan
                || first.To.Size != second.To.Size || first.To.Channels != second.To.Channels || !AreApart(first, second)
                || !first.From.Intersect(second.From).Any() || !MayMove(i, at) || PairStep.Of(first, second, operands) is not { } pair)
                continue;
            (steps[i], steps[at]) = (null, pair);
            return true;
        }
        return false;
    }

    // Neither writes what the other reads or writes.
    private static bool AreApart(MapStep first, MapStep second) =>
        first.To.Memory != second.To.Memory
        && !first.From.Concat(second.From).Any(value => value.Memory == first.To.Memory || value.Memory == second.To.Memory);

    // Whether a step may be done later: nothing between reads what it writes, or writes what it reads or writes.
    private bool MayMove(int from, int to)
    {
        var step = steps[from]!;
        var touched = step.From.Append(step.To).Select(value => value.Memory).ToList();
        return steps.Skip(from + 1).Take(to - from - 1).OfType<Step>().All(other =>
            !Written(other).Any(touched.Contains) && !other.From.Any(value => value.Memory == step.To.Memory));
    }

    private static IEnumerable<PlannedValue> Written(Step step) =>
        step is PairStep pair ? [pair.To.Memory, pair.Second.To.Memory] : [step.To.Memory];

    private void TakeIn(int at)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var loop in ((PairStep)steps[at]!).Operands.Select(value => Inner(value, at)).Where(i => i >= 0).Reverse())
            {
                if (((PairStep)steps[at]!).With((MapStep)steps[loop]!, operands) is not { } more)
                    continue;
                (steps[loop], steps[at], changed) = (null, more, true);
            }
        }
    }

    // The loop that makes a value which the pair alone reads; -1 where there is none, or it cannot be done as late.
    private int Inner(PlannedValue value, int at)
    {
        if (value is not { Storage: Storage.Arena, Slots: 1, Within: null, Whole: null } || pinned.Contains(value))
            return -1;
        var touching = Enumerable.Range(0, steps.Count)
            .Where(i => steps[i] is { } step && step.From.Append(step.To).Any(other => other.Memory == value)).ToList();
        return touching is [var made, var read] && read == at && steps[made] is MapStep { Sum: null } loop && loop.To == value
            && loop.Scan == steps[at]!.Scan && MayMove(made, at)
            && (loop.Guard == steps[at]!.Guard || loop.Guard.Kind == GuardKind.Always && steps[at]!.Guard.Kind == GuardKind.Section)
            ? made : -1;
    }
}
