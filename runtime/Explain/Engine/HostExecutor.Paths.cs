namespace Whence;

using Whence.Authoring;
using Whence.CompilerServices;

// Paths by the question about them: what is linear along a path runs once, and only the rest at every step.
internal unsafe ref partial struct HostExecutor<T>
{
    // Whether rows that lie on the pair's path can be asked about as its steps: the network knows what is linear along it, all points at
    // which the backward pass begins or ends have a value at every step, and no slope is infinite at an end of the path that is one of the
    // rows.
    private static bool CanFollow(in Recipe recipe, in Job<T> job, Placement placement)
    {
        if (placement is not (Placement.OnPath or Placement.OnPathAndItsEnds) || recipe.Pass != Pass.Gradient || recipe.PlacedAt >= 0
            || !recipe.Compares || job.Net is not IPathPasses<T> net)
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
        mostPaths = pairs;
        keptPaths = arena.Take(checked(pairs * sizes.Kept));
        pathSums = doubles.Take(checked(job.Answers * pairs * sizes.Sums));
        alphas = arena.Take(chunk);
        weights = doubles.Take(recipe.Through is null ? chunk : checked(job.Answers * chunk));
        ended = recipe.To < 0 ? arena.Take(checked(job.Answers * pairs * toSize)) : default;
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
        for (var answer = 0; answer < job.Answers; answer++)
        {
            var sums = pathSums.Slice(answer * mostPaths * sizes.Sums, count * sizes.Sums);
            paths.EndPaths(sums, keptPaths[..(count * sizes.Kept)], ended.Slice(answer * mostPaths * toSize, count * toSize), count);
        }
    }

    // Begins the paths up to the last of these pairs. Of those before, only the first may be under way.
    private void Begin(int firstPair, int lastPair)
    {
        var sizes = paths!.PathSizes;
        if (begun > firstPair)
        {
            Slot(keptPaths, 0, firstPair, sizes.Kept).CopyTo(keptPaths);
            for (var answer = 0; answer < job.Answers; answer++)
                Slot(pathSums, answer, firstPair, sizes.Sums).CopyTo(pathSums[(answer * mostPaths * sizes.Sums)..]);
        }
        firstPath = firstPair;
        begun = Math.Max(begun, firstPair);
        var count = lastPair + 1 - begun;
        if (count == 0)
            return;
        var references = job.PairReferences(begun, count, pairReferences);
        if (job.Net.Signature.HasMasks)
            references = WithHeld(references, count);
        var at = begun - firstPath;
        var kept = keptPaths.Slice(at * sizes.Kept, count * sizes.Kept);
        paths.BeginPaths(job.PairInputs(begun, count, pairsEach, pairRows), references, kept, count);
        for (var answer = 0; answer < job.Answers; answer++)
            pathSums.Slice((answer * mostPaths + at) * sizes.Sums, count * sizes.Sums).Clear();
        begun += count;
    }

    private readonly ReadOnlySpan<T> WithHeld(ReadOnlySpan<T> references, int count)
    {
        references.CopyTo(pairReferences);
        for (var i = 0; i < count; i++)
            Masks.Copy(job.Net.Signature, job.Input((begun + i) / pairsEach), pairReferences.Slice(i * job.InputSize, job.InputSize));
        return pairReferences[..(count * job.InputSize)];
    }

    // A path's part of what is [answers, paths, ...].
    private readonly Span<TElement> Slot<TElement>(Span<TElement> all, int answer, int pair, int size) =>
        all.Slice((answer * mostPaths + pair - firstPath) * size, size);

    private readonly void Step(int row, int steps)
    {
        var arguments = Steps(row, steps);
        for (var i = 0; i < steps; i++)
            weights[i] = specs[row + i].Weight;
        if (recipe.To >= 0)
        {
            arguments.Multipliers = Multipliers(multipliers, row, steps, 0, job.Answers);
            arguments.ToValue = recipe.Fold == Fold.MovesBetween ? toValues.Slice(row * toSize, steps * toSize) : default;
        }
        paths!.StepPath(ref arguments);
    }

    // What goes back through a neuron is the same whatever the target, whose multiplier of the neuron is its weight.
    private readonly void StepThrough(int row, int steps)
    {
        var through = recipe.Through!.Value;
        var arguments = Steps(row, steps);
        arguments.To = through.Point;
        arguments.AnswerStride = MiddleStride;
        arguments.Multipliers = Middles(row, steps, 0, job.Answers);
        paths!.StepPath(ref arguments);
        for (var call = 0; call < calls; call++)
        {
            for (var i = 0; i < job.Answers * steps; i++)
            {
                var (answer, step) = Math.DivRem(i, steps);
                weights[i] = specs[row + step].Weight * double.CreateTruncating(Middle(answer, row + step, call));
            }
            arguments = Steps(row, steps);
            arguments.From = through.Point;
            arguments.Seed = neuron.Slice(call * neuronSize, neuronSize);
            arguments.Answers = 1;
            arguments.Weights = weights[..(job.Answers * steps)];
            paths.StepPath(ref arguments);
        }
    }

    // Steps of one path to the end of the recipe.
    private readonly BackwardArguments<T> Steps(int row, int steps)
    {
        var (pair, sizes) = (specs[row].Pair, paths!.PathSizes);
        for (var i = 0; i < steps; i++)
            alphas[i] = T.CreateTruncating(specs[row + i].Alpha);
        return new BackwardArguments<T>
        {
            Rows = steps, Kept = Slot(keptPaths, 0, pair, sizes.Kept), ReferenceRows = 1, From = job.From,
            Seed = job.PerInputSeeds ? job.Seed(0, Input(row)) : Seeds(0, job.Answers), SeedRows = 1, To = recipe.To, InjectAt = -1,
            Answers = job.Answers, AnswerStride = answerStride, Alphas = alphas[..steps], Weights = weights[..steps],
            Sums = pathSums.Slice((pair - firstPath) * sizes.Sums, ((job.Answers - 1) * mostPaths + 1) * sizes.Sums),
            SumStride = mostPaths * sizes.Sums,
        };
    }
}
