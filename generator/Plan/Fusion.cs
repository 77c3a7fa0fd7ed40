namespace Whence.Generator.Plan;

/// <summary>
/// Takes what is computed element by element into the products beside it, for a target whose products form their first factor as they read
/// it and finish their numbers as they write them; and what is cheap into all that read it. Nothing that it decides depends on how many
/// rows there are. What a scan does at each step stays as it is.
/// </summary>
internal sealed class Fusion
{
    private readonly Limits limits;
    private readonly HashSet<PlannedValue> pinned;
    private readonly List<Step?> steps;
    private readonly HashSet<PlannedValue> summed = [];
    private readonly Dictionary<PlannedValue, SortedSet<int>> readers = [];
    private readonly Dictionary<PlannedValue, SortedSet<int>> writers = [];

    /// <summary>Of a program's steps; what is read or written by others than steps is <paramref name="pinned"/>.</summary>
    public Fusion(IReadOnlyList<Step> steps, IEnumerable<PlannedValue> pinned, Limits limits)
    {
        (this.limits, this.steps) = (limits, [.. steps]);
        this.pinned = [.. pinned.Select(value => value.Memory)];
        for (var i = 0; i < steps.Count; i++)
            Enter(i, steps[i]);
    }

    /// <summary>The steps that are left, null where one was taken into another.</summary>
    public IReadOnlyList<Step?> Steps => steps;

    /// <summary>Fuses, and adds to the sums over a path's steps as they are made; says which sums are.</summary>
    public IReadOnlyList<PlannedValue> Run(IReadOnlyList<(PlannedValue Value, int Offset)> sums)
    {
        summed.UnionWith(sums.Select(sum => sum.Value));
        Drop();
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            if (steps[i] is DenseStep or ConvolutionStep)
                Finish(i);
        }
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            if (steps[i] is { } step && Formula.Of(step) is { } formula)
                MoveIntoReaders(i, step, formula);
        }
        for (var i = 0; i < steps.Count; i++)
            TakeHead(i);
        return [.. sums.Where(sum => TakesSum(sum.Value, sum.Offset, sums)).Select(sum => sum.Value)];
    }

    // What nothing reads, nor what only that does.
    private void Drop()
    {
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            if (steps[i] is not (SeedStep or DeltaMark or ReadyMark) && steps[i]!.Scan is null && IsOwn(steps[i]!.To, i)
                && Readers(steps[i]!.To).Count == 0)
                Set(i, null);
        }
    }

    // What comes down to a product's numbers straight from a seed of few units, each of their products finishes with; so that a network's
    // last hidden layer gives its multipliers at once.
    private void TakeHead(int at)
    {
        if (steps[at] is not FusedStep { Scan: null, Sum: null, Product: DenseStep { Repeat: 1 } product } head
            || head.Factor is not { Expr: Graphs.Argument, From: [{ Storage: Storage.Seed } seed] } || product.Weights.Source.Bias
            || seed.Size > limits.HeadUnits)
            return;
        foreach (var value in head.Finish.From.Skip(1))
        {
            if (!writers.TryGetValue(value.Memory, out var made) || !IsOwn(value, made.Min) || made.Min > at
                || !Readers(value).SequenceEqual([at]) || steps[made.Min] is not { Scan: null } below || !IsProduct(below)
                || !MayMove(below, head) || value.Channels != product.To.Channels || value.Size != product.To.Size
                || !IsLittle(below))
                continue;
            var group = below as FusedStep ?? FusedStep.Of(below);
            var came = new PlannedValue(product.To.Name, product.To.Shape, product.To.Channels, Storage.Head) { Head = product };
            var finish = head.Finish.With(product.To, Formula.Of(came)).With(value, group.Finish, group.Finish.From[0]).Second(came);
            if (finish.From.Count - 1 > limits.FinishOperands || finish.Expr.Weight > limits.Operations)
                return;
            var from = made.Min;
            Set(from, null);
            Set(at, new FusedStep(head.To, group.Product, group.Factor, finish)
            {
                Guard = head.Guard, Named = head.Named, Comments = [.. group.Comments, .. head.Comments],
            });
            return;
        }
    }

    private static bool IsProduct(Step step) => step is FusedStep { Sum: null } or DenseStep or ConvolutionStep;

    // What goes forward and is computed on the way back is computed again for each further answer.
    private bool IsLittle(Step product)
    {
        var all = steps.OfType<Step>().Where(step => step is FusedStep || IsProduct(step)).Sum(Products);
        return Products(product) <= all / 8;
    }

    private static long Products(Step step) => ProductSize.Of(step is FusedStep group ? group.Product : step).Products;

    // The products' numbers go on into the loop that alone reads them, and so on.
    private void Finish(int at)
    {
        while (steps[at] is { Scan: null } product && IsOwn(product.To, at) && Readers(product.To) is [var next]
            && steps[next] is MapStep { Scan: null } map && map.Guard == product.Guard && next > at)
        {
            var group = product as FusedStep ?? FusedStep.Of(product);
            var finish = Formula.Of(map)!.With(group.To, group.Finish, group.Finish.From[0]);
            if (finish.From.Count - 1 > limits.FinishOperands || finish.Expr.Weight > limits.Operations)
                return;
            if (map.From.ToList().IndexOf(group.To) is var place && place < map.Roles.Count && map.Roles[place] is { } role)
                finish = finish with { Roles = [role, .. finish.Roles.Skip(1)] };
            Set(at, null);
            Set(next, new FusedStep(map.To, group.Product, group.Factor, finish)
            {
                Guard = map.Guard, Named = map.Named, Comments = [.. group.Comments, (map.Comment, map.To.Shape.ToString())],
            });
            at = next;
        }
    }

    private void MoveIntoReaders(int at, Step step, Formula formula)
    {
        // Seeds are read out too, where they are added: at the end of a walk that goes no further.
        if (step.Scan is not null || (step is SeedStep ? step.Guard.Index != 0 || step.To.Turned : !IsOwn(step.To, at)))
            return;
        var readers = Readers(step.To);
        if (readers.Count == 0 || !readers.All(reader => MayMove(step, steps[reader]!)))
            return;
        var moved = readers.Select(reader => Taking(steps[reader]!, step, formula)).ToList();
        if (moved.Contains(null)
            || !formula.IsCheap && readers.Sum(reader => Times(steps[reader]!, step.To)) > limits.TimesAgain)
            return;
        for (var i = 0; i < readers.Count; i++)
            Set(readers[i], moved[i]);
        // A walk that ends at a seed still writes it.
        if (step is SeedStep seed)
            seed.IsTakenIn = true;
        else
            Set(at, null);
    }

    // What a skipped section would have made is zero for those below it.
    private static bool MayMove(Step step, Step reader) => reader.Scan is null && (step is SeedStep
        ? reader.Guard is { Kind: GuardKind.Section, Index: 0 }
        : step.Guard == reader.Guard || step.Guard.Kind == GuardKind.Always);

    private Step? Taking(Step reader, Step step, Formula formula)
    {
        if (reader is MapStep map)
        {
            var merged = Formula.Of(map)!.With(step.To, formula);
            return merged.From.Count > limits.Operands || merged.Expr.Weight > limits.Operations ? null
                : new MapStep(map.To, merged.Expr, merged.From)
                {
                    Guard = map.Guard, Named = map.Named, Comment = map.Comment, Roles = merged.Roles,
                    Taken = [(step.Comment, step.To.Shape.ToString()), .. map.Taken],
                };
        }
        if (reader is not (FusedStep or DenseStep or ConvolutionStep))
            return null;
        var group = reader as FusedStep ?? FusedStep.Of(reader);
        var factor = group.Factor.From.Contains(step.To) ? group.Factor.With(step.To, formula) : group.Factor;
        var finish = group.Finish.From.Skip(1).Contains(step.To)
            ? group.Finish.With(step.To, formula, group.Finish.From[0])
            : group.Finish;
        return factor.From.Count > limits.FactorOperands || finish.From.Count - 1 > limits.FinishOperands
            || factor.Expr.Weight > limits.Operations || finish.Expr.Weight > limits.Operations
            ? null
            : group.With(group.To, factor, finish, group.Sum, step);
    }

    // How often an element of a value is read.
    private static double Times(Step reader, PlannedValue value)
    {
        var group = reader as FusedStep;
        if (reader is MapStep || group is not null && !group.Factor.From.Contains(value))
            return 1;
        var product = group?.Product ?? reader;
        return Math.Max(1, ProductSize.Of(product).Reads / (double)value.Size);
    }

    private bool TakesSum(PlannedValue value, int offset, IReadOnlyList<(PlannedValue Value, int Offset)> sums)
    {
        if (sums.Count(sum => sum.Value == value) > 1 || Readers(value).Count > 0 || pinned.Contains(value.Memory))
            return false;
        if (!writers.TryGetValue(value.Memory, out var made) || made.Count != 1 || value is not { Slots: 1, Within: null })
            return false;
        var at = made.Min;
        if (steps[at]!.Scan is not null)
            return false;
        switch (steps[at])
        {
            case DenseStep or ConvolutionStep or FusedStep:
                var group = steps[at] as FusedStep ?? FusedStep.Of(steps[at]!);
                Set(at, group.With(group.To, group.Factor, group.Finish, offset));
                return true;
            case MapStep map:
                map.Sum = offset;
                return true;
            default:
                return false;
        }
    }

    private bool IsOwn(PlannedValue value, int at) =>
        value is { Storage: Storage.Arena, Slots: 1, Within: null } && !pinned.Contains(value) && !summed.Contains(value)
        && writers[value].SetEquals([at]);

    private List<int> Readers(PlannedValue value) => readers.TryGetValue(value.Memory, out var all) ? [.. all] : [];

    private void Set(int at, Step? step)
    {
        foreach (var value in steps[at]!.From)
            readers[value.Memory].Remove(at);
        writers[steps[at]!.To.Memory].Remove(at);
        steps[at] = step;
        if (step is not null)
            Enter(at, step);
    }

    private void Enter(int at, Step step)
    {
        foreach (var value in step.From)
            Of(readers, value).Add(at);
        Of(writers, step.To).Add(at);
    }

    private static SortedSet<int> Of(Dictionary<PlannedValue, SortedSet<int>> sets, PlannedValue value)
    {
        if (!sets.TryGetValue(value.Memory, out var set))
            sets[value.Memory] = set = [];
        return set;
    }
}
