using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>
/// Leaves out what a scan's steps only move, for a target whose loops and products take rows that are far apart: what is cut out of a
/// value is read where it lies, what is put into one is written there, a state becomes what it will be in its own memory, and a product
/// begins with what is added to it.
/// </summary>
internal sealed class InPlace
{
    private readonly HashSet<PlannedValue> pinned;
    private readonly List<Step?> steps;

    /// <summary>Of a program's steps; what is read or written by others than steps is <paramref name="pinned"/>.</summary>
    public InPlace(IReadOnlyList<Step> steps, IEnumerable<PlannedValue> pinned)
    {
        this.steps = [.. steps];
        this.pinned = [.. pinned.Select(value => value.Memory)];
    }

    /// <summary>The steps that are left, null where one was left out.</summary>
    public IReadOnlyList<Step?> Run()
    {
        for (var i = 0; i < steps.Count; i++)
            BeginWithSum(i);
        // What is put into a value may be put on from there: the inner first.
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < steps.Count; i++)
                changed |= WriteThere(i);
        }
        for (var i = 0; i < steps.Count; i++)
            KeepWhole(i);
        for (var i = 0; i < steps.Count; i++)
            ReadThere(i);
        for (var i = 0; i < steps.Count; i++)
            BecomeThere(i);
        return steps;
    }

    private static bool IsInScan(Step? step) => step is { Scan: not null };

    // A value by itself that steps alone know, or one with a slot for each step.
    private bool IsOwn(PlannedValue value, bool kept = false) =>
        value is { Storage: Storage.Arena, Within: null, Whole: null } && (kept || value.Slots == 1) && !pinned.Contains(value);

    private IEnumerable<int> Touching(PlannedValue memory) => Enumerable.Range(0, steps.Count)
        .Where(i => steps[i] is { } step && step.From.Append(step.To).Any(value => value.Memory == memory.Memory));

    private List<int> Writing(PlannedValue memory) => [.. Touching(memory).Where(i => steps[i]!.To.Memory == memory.Memory)];

    private List<int> Reading(PlannedValue memory) =>
        [.. Touching(memory).Where(i => steps[i]!.From.Any(value => value.Memory == memory.Memory))];

    // Whether all rows of a value are moved as they lie: a stretch of the one's row to a stretch of the other's.
    private static bool IsStretch(CopyStep copy, int size) => copy is { Fill: null, Axes: [var axis] } && axis == (size, 1, 1);

    // x + W y, or f(x + W y), as a product that begins with x: what is given to a recurrence above all. On the way back sums stay apart: a
    // text shorter than it may be is masked between the product and the sum, and has to give the bits of a network of its own length.
    private void BeginWithSum(int at)
    {
        if (steps[at] is not MapStep { Sum: null, From: [var a, var b] } map || !IsInScan(map) || Summed(map.Expr) is not { } sum)
            return;
        var places = sum.Sum.Operands.OfType<Argument>().Select(argument => argument.Index).OrderBy(index => index);
        if (!places.SequenceEqual([0, 1]))
            return;
        // Of two products the later begins with the earlier.
        var isFirstLater = Writing(a).FirstOrDefault() > Writing(b).FirstOrDefault();
        foreach (var (start, product) in isFirstLater ? [(b, a), (a, b)] : new[] { (a, b), (b, a) })
        {
            if (!IsOwn(product) || Writing(product) is not [var made] || !Reading(product).SequenceEqual([at]) || made > at
                || steps[made] is not DenseStep { Then: null, Repeat: 1, Start: null } dense
                || dense.Weights is not { Transposed: false, Source.Bias: false }
                || dense.Scan != map.Scan || dense.Guard != map.Guard || start.Channels != product.Channels
                || start.Storage is Storage.Alpha or Storage.Seed or Storage.Head or Storage.SumHigh or Storage.SumLow
                || dense.From[0].Memory == map.To.Memory || start.Memory == map.To.Memory || IsWrittenBetween(dense.From[0], made, at))
                continue;
            steps[made] = null;
            steps[at] = Like(map, new DenseStep(map.To, dense.From[0], dense.Weights, sum.Then, start));
            return;
        }
    }

    private static (Arithmetic Sum, Function? Then)? Summed(Expr expr) => expr switch
    {
        Arithmetic { Operation: "Add" } sum => (sum, null),
        Apply { Part: Part.Value } apply when apply.Operands.Count == 1 && apply.Operands[0] is Arithmetic { Operation: "Add" } sum =>
            (sum, apply.Function),
        _ => null,
    };

    // What is made only to be put into another value is made there.
    private bool WriteThere(int at)
    {
        if (steps[at] is not CopyStep { FromOffset: 0, FromStep: 0 } copy || !IsInScan(copy)
            || copy.To is not { Storage: Storage.Arena, Slots: 1, Within: null })
            return false;
        var (whole, value) = (copy.To, copy.From[0]);
        if (!IsStretch(copy, value.Size) || !IsOwn(value) || value.Memory == whole.Memory)
            return false;
        var (writers, readers) = (Writing(value), Reading(value).Where(i => i != at).ToList());
        if (writers.Count == 0 || !writers.All(i => i < at && Writes(steps[i]!) && IsBeside(steps[i]!, copy))
            || !readers.All(i => i > writers[0] && Reads(steps[i]!, value) && IsBeside(steps[i]!, copy)))
            return false;
        // Between, nothing but other parts of it are written, and nothing of it is read.
        if (Touching(whole).Any(i => i > writers[0] && i < at && (Reads(i, whole) || steps[i] is CopyStep { Fill: not null }))
            || writers.Concat(readers).Any(i => Reads(i, whole) || steps[i]!.To.Memory == whole.Memory))
            return false;
        var part = whole.Part(value.Name, value.Shape, value.Channels, copy.ToOffset, copy.ToStep);
        Replace(value, part, [.. writers, .. readers]);
        steps[at] = null;
        return true;
    }

    // What is cut out of another value is read there.
    private void ReadThere(int at)
    {
        if (steps[at] is not CopyStep { ToOffset: 0, ToStep: 0 } copy || !IsInScan(copy) || !IsOwn(copy.To)
            || !IsStretch(copy, copy.To.Size))
            return;
        var (whole, value) = (copy.From[0], copy.To);
        var readers = Reading(value);
        if (whole.Storage is not (Storage.Arena or Storage.Input or Storage.Reference or Storage.Kept) || whole.Moves
            || Writing(value).Count != 1
            || !readers.All(i => i > at && Reads(steps[i]!, value) && IsBeside(steps[i]!, copy) && steps[i]!.To.Memory != whole.Memory)
            || readers.Any(reader => IsWrittenBetween(whole, at, reader)))
            return;
        Replace(value, whole.Part(value.Name, value.Shape, value.Channels, copy.FromOffset, copy.FromStep), readers);
        steps[at] = null;
    }

    // A value whose parts are kept of every step, each in a place of its own, is kept itself, and the parts are read out of it.
    private void KeepWhole(int at)
    {
        if (steps[at] is not CopyStep { ToOffset: 0, ToStep: 0, FromStep: 0 } first || !IsInScan(first) || !IsOwn(first.From[0])
            || Writing(first.From[0]) is not [var made] || !Writes(steps[made]!) || !IsBeside(steps[made]!, first))
            return;
        var whole = first.From[0];
        var readers = Reading(whole);
        if (!readers.All(i => steps[i] is CopyStep { ToOffset: 0, ToStep: 0, FromStep: 0 } copy && IsBeside(copy, first)
                && copy.To is { Slots: > 1, Moves: true } && IsOwn(copy.To, true) && IsStretch(copy, copy.To.Size)
                && Writing(copy.To).Count == 1 && Reading(copy.To).All(reader => Reads(steps[reader]!, copy.To)))
            || readers.Sum(i => steps[i]!.To.Size) != whole.Size)
            return;
        var kept = new PlannedValue(whole.Name, whole.Shape, whole.Channels, Storage.Arena)
        {
            Source = whole.Source, Slots = first.To.Slots, Moves = true,
        };
        Replace(whole, kept, [made]);
        foreach (var copy in readers.Select(i => (CopyStep)steps[i]!).ToList())
        {
            Replace(copy.To, kept.Part(copy.To.Name, copy.To.Shape, copy.To.Channels, copy.FromOffset, 0), Reading(copy.To));
            steps[steps.IndexOf(copy)] = null;
        }
    }

    // What a state becomes is made where the state lies, once nothing needs what it was.
    private void BecomeThere(int at)
    {
        if (steps[at] is not MapStep { Expr: Argument, Sum: null } copy || !IsInScan(copy)
            || copy.To is not { Storage: Storage.Arena, Whole: null })
            return;
        var (state, value) = (copy.To, copy.From[0]);
        if (value != value.Memory || value.Size != state.Size || value.Channels != state.Channels || value == state.Memory
            || pinned.Contains(state.Memory) || Writing(value) is not [var made] || made >= at || !Writes(steps[made]!)
            || !IsBeside(steps[made]!, copy))
            return;
        var readers = Reading(value).Where(i => i != at).ToList();
        if (state.Within is null ? IsOwn(value) && MayBecome(state, made, at, readers) : IsOwn(value, true) && IsKept(value, readers))
        {
            Replace(value, state, [made, .. readers]);
            steps[at] = null;
        }
    }

    private bool MayBecome(PlannedValue state, int made, int at, List<int> readers) =>
        readers.All(i => IsBeside(steps[i]!, steps[at]!))
        && !Reading(state).Any(i => IsBeside(steps[i]!, steps[at]!) && (i > made || i == made && steps[i] is not MapStep))
        && !Writing(state).Any(i => i != at && IsBeside(steps[i]!, steps[at]!));

    // One that is kept has a place of its own in every step, from which others read it at the same step.
    private bool IsKept(PlannedValue value, List<int> readers) => value is { Slots: > 1, Moves: true }
        && readers.All(i => IsInScan(steps[i]) && steps[i] is MapStep or DenseStep { Repeat: 1 }
            && steps[i]!.From.All(other => other.Memory != value || other == value));

    private bool IsWrittenBetween(PlannedValue value, int from, int to) => Writing(value).Any(i => i > from && i < to);

    private static bool IsBeside(Step step, Step other) => step.Scan == other.Scan && step.Guard == other.Guard;

    private static bool Writes(Step step) => step is MapStep { Sum: null } or DenseStep { Repeat: 1 };

    private bool Reads(int at, PlannedValue value) => steps[at]!.From.Any(other => other.Memory == value.Memory);

    private static bool Reads(Step step, PlannedValue value) => step switch
    {
        MapStep => true,
        DenseStep { Repeat: 1 } => true,
        CopyStep => true,
        KernelStep kernel => Enumerable.Range(0, step.From.Count).All(i => step.From[i].Memory != value || kernel.Apart.Contains(i)),
        _ => false,
    };

    private void Replace(PlannedValue value, PlannedValue by, IEnumerable<int> where)
    {
        PlannedValue Of(PlannedValue other) => other.Memory != value ? other
            : other.Whole is null ? by : by.Part(other.Name, other.Shape, other.Channels, other.Start, other.StartStep);
        foreach (var i in where.Distinct())
        {
            var step = steps[i]!;
            var (to, from) = (Of(step.To), step.From.Select(Of).ToList());
            steps[i] = Like(step, step switch
            {
                MapStep map => new MapStep(to, map.Expr, from) { Roles = map.Roles, Loop = map.Loop, Sum = map.Sum, Taken = map.Taken },
                DenseStep dense => new DenseStep(to, from[0], dense.Weights, dense.Then, dense.Start is null ? null : from[1])
                {
                    Repeat = dense.Repeat,
                },
                CopyStep copy => new CopyStep(to, from[0], copy.ToOffset, copy.FromOffset, copy.Axes, copy.Fill)
                {
                    FromStep = copy.FromStep, ToStep = copy.ToStep,
                },
                KernelStep kernel => new KernelStep(to, from, kernel.Kernel, kernel.Arguments) { Apart = kernel.Apart },
                _ => throw new InvalidOperationException($"{step.GetType().Name} reads no rows that are far apart."),
            });
        }
    }

    private static Step Like(Step step, Step made)
    {
        (made.Guard, made.Scan, made.Comment, made.Named) = (step.Guard, step.Scan, step.Comment, step.Named);
        (made.IsSteep, made.SteepAtZeroOnly) = (step.IsSteep, step.SteepAtZeroOnly);
        return made;
    }
}
