namespace Whence;

using Whence.Authoring;

// Paths by the question about them: what is linear along a path runs once, and only the rest at every step.
internal unsafe ref partial struct HostExecutor<T>
{
    // Whether rows that lie on the pair's path can be asked about as its steps: the network knows what is linear along it, all points at
    // which the walk begins or ends have a value at every step, and no slope is infinite at an end of the path that is one of the rows.
    private static bool CanFollow(in Recipe recipe, in Job<T> job, Placement placement)
    {
        if (placement is not (Placement.OnPath or Placement.OnPathAndItsEnds) || recipe.Flow != Flow.Gradient || recipe.PlacedAt >= 0
            || !recipe.Compares || job.Net is not IPathWalks<T> net)
            return false;
        var hasEnds = placement == Placement.OnPathAndItsEnds;
        // The sums of a path do not guard a neuron's infinite multiplier of what does not move.
        if (net.PathSizes is not { Sums: > 0 } sizes || sizes.IsSteep && (hasEnds || recipe.Through is not null))
            return false;
        return recipe.Through is { } neuron
            ? net.Follows(job.From, neuron.Point) && net.Follows(neuron.Point, recipe.To)
            : net.Follows(job.From, recipe.To);
    }

    private void MakeRoomForPaths(int chunk)
    {
        var (sizes, pairs) = (paths!.PathSizes, PathsOf(chunk));
        keptPaths = arena.Take(checked(pairs * sizes.Kept));
        pathSums = doubles.Take(checked(pairs * sizes.Sums));
        alphas = arena.Take(chunk);
        weights = doubles.Take(chunk);
        ended = recipe.To < 0 ? arena.Take(checked(pairs * toSize)) : default;
        pairReferences = arena.Take(checked(pairs * job.InputSize));
        if (pairRows.IsEmpty)
            pairRows = arena.Take(checked(pairs * job.InputSize));
    }

    // The most paths that so many rows belong to.
    private readonly int PathsOf(int rows) => (int)Math.Min((long)job.Count * pairsEach, 1 + (rows + recipe.Rows - 2) / recipe.Rows);

    private void FollowPaths()
    {
        var rows = specs.Length;
        Begin(specs[0].Pair, specs[rows - 1].Pair);
        for (var row = 0; row < rows;)
        {
            var steps = (int)Math.Min(rows - row, (specs[row].Pair + 1L) * recipe.Rows - first - row);
            if (recipe.Through is null)
                Step(row, steps);
            else
                StepThrough(row, steps);
            row += steps;
        }
        var over = (int)((first + rows) / recipe.Rows) - firstPath;
        if (over > 0 && recipe.To < 0)
            End(over);
    }

    private readonly void End(int count)
    {
        var sizes = paths!.PathSizes;
        paths.EndPaths(pathSums[..(count * sizes.Sums)], keptPaths[..(count * sizes.Kept)], ended[..(count * toSize)], count);
    }

    // Begins the paths up to the last of these pairs. Of those before, only the first may be under way.
    private void Begin(int firstPair, int lastPair)
    {
        var sizes = paths!.PathSizes;
        if (begun > firstPair)
        {
            Slot(keptPaths, firstPair, sizes.Kept).CopyTo(keptPaths);
            Slot(pathSums, firstPair, sizes.Sums).CopyTo(pathSums);
        }
        firstPath = firstPair;
        begun = Math.Max(begun, firstPair);
        var count = lastPair + 1 - begun;
        if (count == 0)
            return;
        var references = job.PairReferences(begun, count, pairReferences);
        if (job.Net.Signature.HasConstants)
            references = WithHeld(references, count);
        var at = begun - firstPath;
        var kept = keptPaths.Slice(at * sizes.Kept, count * sizes.Kept);
        paths.BeginPaths(job.PairInputs(begun, count, pairsEach, pairRows), references, kept, count);
        pathSums.Slice(at * sizes.Sums, count * sizes.Sums).Clear();
        begun += count;
    }

    private readonly ReadOnlySpan<T> WithHeld(ReadOnlySpan<T> references, int count)
    {
        references.CopyTo(pairReferences);
        for (var i = 0; i < count; i++)
            Held.Copy(job.Net.Signature, job.Input((begun + i) / pairsEach), pairReferences.Slice(i * job.InputSize, job.InputSize));
        return pairReferences[..(count * job.InputSize)];
    }

    private readonly Span<TElement> Slot<TElement>(Span<TElement> all, int pair, int size) => all.Slice((pair - firstPath) * size, size);

    private readonly void Step(int row, int steps)
    {
        var walk = Steps(row, steps);
        for (var i = 0; i < steps; i++)
            weights[i] = specs[row + i].Weight;
        if (recipe.To >= 0)
        {
            walk.Multipliers = multipliers.Slice(row * toSize, steps * toSize);
            walk.ToValue = recipe.Fold == Fold.MovesBetween ? toValues.Slice(row * toSize, steps * toSize) : default;
        }
        paths!.WalkPath(ref walk);
    }

    // What goes back through a neuron: its own multiplier is a weight of what it gives.
    private readonly void StepThrough(int row, int steps)
    {
        var through = recipe.Through!.Value;
        var walk = Steps(row, steps);
        walk.To = through.Point;
        walk.Multipliers = middle.Slice(row * neuron.Length, steps * neuron.Length);
        paths!.WalkPath(ref walk);
        for (var i = 0; i < steps; i++)
            weights[i] = specs[row + i].Weight * double.CreateTruncating(Middle(row + i));
        walk = Steps(row, steps);
        walk.From = through.Point;
        walk.Seed = neuron;
        paths.WalkPath(ref walk);
    }

    // Steps of one path to the end of the recipe.
    private readonly Walk<T> Steps(int row, int steps)
    {
        var (pair, sizes) = (specs[row].Pair, paths!.PathSizes);
        for (var i = 0; i < steps; i++)
            alphas[i] = T.CreateTruncating(specs[row + i].Alpha);
        return new Walk<T>
        {
            Rows = steps, Kept = Slot(keptPaths, pair, sizes.Kept), ReferenceRows = 1, From = job.From, Seed = job.Seed(Input(row)),
            SeedRows = 1, To = recipe.To, InjectAt = -1, Alphas = alphas[..steps], Weights = weights[..steps],
            Sums = Slot(pathSums, pair, sizes.Sums),
        };
    }
}
