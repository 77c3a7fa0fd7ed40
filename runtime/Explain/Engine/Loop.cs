namespace Whence;

using System.Numerics;
using System.Runtime.CompilerServices;
using Whence.Authoring;
using Whence.CompilerServices;
using Scratch = Whence.Authoring.Scratch;

/// <summary>
/// The one loop of all methods and devices. Rows are (input, reference, row), the row innermost: an executor is given them chunk by chunk,
/// which may begin and end amid a pair, and folds them in their order, so that no bit depends on the size of a chunk.
/// </summary>
internal unsafe ref struct Loop<T, M> where T : unmanaged, IBinaryFloatingPointIeee754<T> where M : struct, IMethod
{
    private readonly ref M method;
    private readonly ref readonly Recipe recipe;
    private readonly ref readonly Job<T> job;
    private readonly Scratch scratch;
    private readonly int pairsEach;
    // Of masked recipes: groups that change as one.
    private readonly int players;
    // Of recipes that finish outcomes, [answers, ...]: of the pair under way, and their sums over the pairs of an input.
    private readonly Span<double> outcomes;
    private readonly Span<double> sums;
    private readonly Span<double> referenceOutputs;

    private Loop(ref M method, in Recipe recipe, in Job<T> job, in Scratch scratch, in Arena<double> doubles)
    {
        this.method = ref method;
        this.recipe = ref recipe;
        this.job = ref job;
        this.scratch = scratch;
        pairsEach = job.PairsEach(recipe);
        players = !recipe.IsMasked ? 0 : recipe.Groups?.Count ?? job.InputSize;
        if (recipe.Fold != Fold.Outcomes)
            return;
        outcomes = doubles.Take(checked(job.Answers * recipe.Rows));
        sums = doubles.Take(checked(job.Answers * job.ScoreSize));
        referenceOutputs = doubles.Take(job.Answers);
    }

    /// <summary>Answers a job.</summary>
    public static void Run(ref M method, in Recipe recipe, in Job<T> job)
    {
        var (size, total) = (recipe.Scratch, (long)job.Count * job.PairsEach(recipe) * recipe.Rows);
        if (total == 0)
            return;
        using var numbers = Arena<double>.EnterIf(size.Numbers > 0 || recipe.Fold == Fold.Outcomes);
        using var places = Arena<int>.EnterIf(size.Places > 0);
        using var flags = Arena<bool>.EnterIf(size.Flags > 0 || recipe.IsMasked);
        using var specs = Arena<RowSpec>.Enter();
        var scratch = new Scratch(numbers.Take(size.Numbers), places.Take(size.Places), flags.Take(size.Flags));
        var loop = new Loop<T, M>(ref method, recipe, job, scratch, numbers);
        loop.Run(new(ref method, recipe, job.Net.Signature, job.Each, total == recipe.Rows, specs), specs, flags, total);
    }

    // On the host, or on the model's own device.
    private void Run(scoped in PlacedRows<M> placed, scoped in Arena<RowSpec> specs, scoped in Arena<bool> flags, long total)
    {
        if (job.Net is IDeviceModel<T> device)
        {
            RunOn(device, placed, specs, flags, total);
            return;
        }
        if (job.Net is not IHostPasses<T> passes)
            throw new ArgumentException($"{job.Net.Signature.Name} is no network that Whence compiled.", "net");
        var host = new HostExecutor<T>(new(recipe, job), passes, placed.Placement);
        Run(ref host, placed, specs, flags, total);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunOn(IDeviceModel<T> device, scoped in PlacedRows<M> placed, scoped in Arena<RowSpec> specs,
        scoped in Arena<bool> flags, long total)
    {
        var executor = device.Rent(recipe, job, placed.Placement);
        Run(ref executor, placed, specs, flags, total);
    }

    private void Run<E>(scoped ref E executor, scoped in PlacedRows<M> placed, scoped in Arena<RowSpec> specs, scoped in Arena<bool> flags,
        long total)
        where E : IExecutor<T>, allows ref struct
    {
        try
        {
            if (executor.ChunkPairs > 0)
            {
                RunPairs(ref executor, placed, specs, (int)(total / recipe.Rows));
                return;
            }
            var chunk = (int)Math.Min(executor.ChunkRows, total);
            var buffer = specs.Take(chunk);
            var allMasks = flags.Take(checked(chunk * players));
            for (var first = 0L; first < total; first += chunk)
            {
                job.Options.Cancellation.ThrowIfCancellationRequested();
                var rows = placed.From(first, pairsEach, buffer[..(int)Math.Min(chunk, total - first)]);
                var masks = allMasks[..(rows.Length * players)];
                if (recipe.IsMasked)
                    Mask(first, rows.Length, masks);
                executor.Run(first, rows, masks);
                Take(ref executor, first, rows, masks);
                if (job.Progress != null)
                    job.Progress->Add((long)rows.Length * job.Answers, job.Options.Progress!);
            }
        }
        finally
        {
            executor.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunPairs<E>(scoped ref E executor, scoped in PlacedRows<M> placed, scoped in Arena<RowSpec> specs, int pairs)
        where E : IExecutor<T>, allows ref struct
    {
        var rows = placed.From(0, pairsEach, specs.Take(recipe.Rows));
        var chunk = Math.Min(executor.ChunkPairs, pairs);
        for (var first = 0; first < pairs; first += chunk)
        {
            job.Options.Cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(chunk, pairs - first);
            executor.RunPairs(first, count, rows);
            TakeSums(ref executor, (long)first * recipe.Rows, (first + (long)count) * recipe.Rows);
            if (job.Progress != null)
                job.Progress->Add((long)count * recipe.Rows * job.Answers, job.Options.Progress!);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void Mask(long first, int rows, Span<bool> masks)
    {
        var row = (int)(first % recipe.Rows);
        for (var i = 0; i < rows; i++)
        {
            method.Mask(row, scratch, masks.Slice(i * players, players));
            row = row == recipe.Rows - 1 ? 0 : row + 1;
        }
    }

    // What is due of a chunk that was run.
    private void Take<E>(scoped ref E executor, long first, ReadOnlySpan<RowSpec> rows, ReadOnlySpan<bool> masks)
        where E : IExecutor<T>, allows ref struct
    {
        switch (recipe.Fold)
        {
            case Fold.PerRow:
                TakeScores(ref executor, first, rows.Length);
                break;
            case Fold.Values:
                TakeValues(ref executor, first, rows.Length);
                break;
            case Fold.Outcomes:
                TakeOutcomes(ref executor, first, rows, masks);
                break;
            default:
                TakeSums(ref executor, first, first + rows.Length);
                break;
        }
    }

    private readonly void TakeScores<E>(scoped ref E executor, long first, int rows) where E : IExecutor<T>, allows ref struct
    {
        executor.Wait();
        var (input, row) = ((int)(first / recipe.Rows), (int)(first % recipe.Rows));
        for (var i = 0; i < rows; i++)
        {
            for (var answer = 0; answer < job.Answers; answer++)
                Score(ref executor, answer, input, row, i);
            (input, row) = row + 1 < recipe.Rows ? (input, row + 1) : (input + 1, 0);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void TakeValues<E>(scoped ref E executor, long first, int rows) where E : IExecutor<T>, allows ref struct
    {
        executor.Wait();
        var (input, row) = ((int)(first / recipe.Rows), (int)(first % recipe.Rows));
        for (var i = 0; i < rows; i++)
        {
            for (var answer = 0; answer < job.Answers; answer++)
                Value(executor.Outcome(answer, i), answer, input, row);
            (input, row) = row + 1 < recipe.Rows ? (input, row + 1) : (input + 1, 0);
        }
    }

    private readonly void Score<E>(scoped ref E executor, int answer, int input, int row, int i) where E : IExecutor<T>, allows ref struct
    {
        var size = job.ScoreSize / recipe.Rows;
        // The scores may be meant to sum to the target itself.
        Record(answer, input, row, job.ScoreRow(answer, input).Slice(row * size, size), executor.RowOutput(answer, i),
            recipe.IsComplete ? default : Weighed.None);
    }

    private readonly void Value(double value, int answer, int input, int row)
    {
        job.ScoreRow(answer, input)[row] = T.CreateTruncating(value);
        if (!double.IsFinite(value))
            throw Faults<T>.NonFinite(ref method, recipe, job, answer, input, default,
                new(value, double.NaN, double.NaN, double.NaN, false, 0, null));
    }

    private readonly void TakeSums<E>(scoped ref E executor, long first, long end) where E : IExecutor<T>, allows ref struct
    {
        var rowsEach = (long)recipe.Rows * pairsEach;
        var (input, open) = ((int)(first / rowsEach), (int)(end / rowsEach));
        if (input == open)
            return;
        executor.Wait();
        for (; input < open; input++)
        {
            for (var answer = 0; answer < job.Answers; answer++)
            {
                Record(answer, input, 0, job.ScoreRow(answer, input), executor.Output(answer, input),
                    executor.ReferenceOutput(answer, input));
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeOutcomes<E>(scoped ref E executor, long first, ReadOnlySpan<RowSpec> rows, ReadOnlySpan<bool> masks)
        where E : IExecutor<T>, allows ref struct
    {
        executor.Wait();
        var (pair, row) = ((int)(first / recipe.Rows), (int)(first % recipe.Rows));
        for (var i = 0; i < rows.Length; i++)
        {
            for (var answer = 0; answer < job.Answers; answer++)
            {
                var outcome = executor.Outcome(answer, i);
                if (!double.IsFinite(outcome))
                    throw Faults<T>.AtRow(recipe, job, answer, pair / pairsEach, rows[i], masks.Slice(i * players, players));
                outcomes[answer * recipe.Rows + row] = outcome;
            }
            if (++row < recipe.Rows)
                continue;
            for (var answer = 0; answer < job.Answers; answer++)
                EndOutcomes(executor.Output(answer, pair / pairsEach), answer, pair / pairsEach, pair % pairsEach);
            (pair, row) = (pair + 1, 0);
        }
    }

    private void EndOutcomes(Weighed output, int answer, int input, int reference)
    {
        var found = outcomes.Slice(answer * recipe.Rows, recipe.Rows);
        var sum = sums.Slice(answer * job.ScoreSize, job.ScoreSize);
        ref var referenceOutput = ref referenceOutputs[answer];
        if (reference == 0)
        {
            sum.Clear();
            referenceOutput = 0;
        }
        method.Finish(new Pair(output.Value, job.First + input, reference), found, scratch, sum);
        referenceOutput += found[0] / pairsEach;
        if (reference < pairsEach - 1)
            return;
        var scores = job.ScoreRow(answer, input);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(sum[i] / pairsEach);
        // Least squares leaves of what cannot change a rounding error.
        if (recipe.Groups is null && scores.Length == job.InputSize)
            Masks.Clear(job.Net.Signature, scores);
        Record(answer, input, 0, scores, output, recipe.IsComplete ? output with { Value = referenceOutput } : Weighed.None);
    }

    private readonly void Record(int answer, int input, int row, ReadOnlySpan<T> scores, Weighed output, Weighed reference) =>
        Answer<T>.Record(ref method, recipe, job, answer, input, row, scores,
            Answer<T>.SumUp(recipe, scores, output, reference));
}
