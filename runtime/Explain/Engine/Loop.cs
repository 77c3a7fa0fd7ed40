namespace Whence;

using System.Numerics;
using System.Runtime.CompilerServices;
using Whence.Authoring;

/// <summary>
/// The one loop of all methods. Rows are (input, reference, row), the row innermost: they are placed, asked about chunk by chunk, and
/// folded in their order, so that no bit depends on the size of a chunk, which may begin and end amid a pair.
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
    // Of recipes that finish outcomes: of the pair under way, and their sums over the pairs of an input.
    private readonly Span<double> outcomes;
    private readonly Span<double> sums;
    private double referenceOutput;

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
        outcomes = doubles.Take(recipe.Rows);
        sums = doubles.Take(job.ScoreSize);
    }

    /// <summary>Answers a job.</summary>
    public static void Run(ref M method, in Recipe recipe, in Job<T> job)
    {
        using var numbers = Arena<double>.Enter();
        using var places = Arena<int>.Enter();
        using var flags = Arena<bool>.Enter();
        var (size, total) = (recipe.Scratch, (long)job.Count * job.PairsEach(recipe) * recipe.Rows);
        if (total == 0)
            return;
        var scratch = new Scratch(numbers.Take(size.Numbers), places.Take(size.Places), flags.Take(size.Flags));
        new Loop<T, M>(ref method, recipe, job, scratch, numbers).Run(flags, total);
    }

    private void Run(in Arena<bool> flags, long total)
    {
        using var arena = Arena<RowSpec>.Enter();
        var executor = new HostExecutor<T>(recipe, job, IsAtInput(), FollowsPath());
        try
        {
            var chunk = (int)Math.Min(executor.ChunkRows, total);
            var specs = arena.Take(chunk);
            var masks = flags.Take(checked(chunk * players));
            for (var first = 0L; first < total; first += chunk)
            {
                job.Options.Cancellation.ThrowIfCancellationRequested();
                var rows = specs[..(int)Math.Min(chunk, total - first)];
                Place(first, rows, masks);
                executor.Run(first, rows, masks);
                for (var i = 0; i < rows.Length; i++)
                    Take(ref executor, first + i, i, rows[i], masks);
                if (job.Progress != null)
                    job.Progress->Add(rows.Length, job.Options.Progress!);
            }
        }
        finally
        {
            executor.Dispose();
        }
    }

    // Whether the method asks about inputs as they are.
    private readonly bool IsAtInput()
    {
        var probe = RowSpec.Of(0, 0);
        if (recipe.Rows == 1 && !recipe.IsMasked)
            method.Place(0, ref probe);
        return recipe.Rows == 1 && !recipe.IsMasked && probe.IsInput;
    }

    // Whether all rows are steps of the path from a pair's reference to its input, and can be asked about as such.
    private readonly bool FollowsPath()
    {
        if (!HostExecutor<T>.CanFollow(recipe, job, hasEnds: false))
            return false;
        var hasEnds = false;
        for (var row = 0; row < recipe.Rows; row++)
        {
            var spec = RowSpec.Of(0, 0);
            method.Place(row, ref spec);
            if (spec.Fill != Fill.None || spec.Reference != 0)
                return false;
            hasEnds |= spec.Alpha is 0 or 1;
        }
        return HostExecutor<T>.CanFollow(recipe, job, hasEnds);
    }

    private readonly void Place(long first, Span<RowSpec> rows, Span<bool> masks)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            var (pair, row) = Math.DivRem(first + i, recipe.Rows);
            rows[i] = RowSpec.Of((int)pair, (int)pair % pairsEach);
            method.Place((int)row, ref rows[i]);
            PlacedRow.Check(recipe, job.Net.Signature, job.Each, (int)row, (int)pair, rows[i]);
            if (recipe.IsMasked)
                method.Mask((int)row, scratch, masks.Slice(i * players, players));
        }
    }

    private void Take(ref HostExecutor<T> executor, long at, int i, in RowSpec spec, ReadOnlySpan<bool> masks)
    {
        var (pair, row) = Math.DivRem(at, recipe.Rows);
        var (input, reference) = Math.DivRem((int)pair, pairsEach);
        switch (recipe.Fold)
        {
            case Fold.Each:
                Score(ref executor, input, (int)row, i);
                return;
            case Fold.Values:
                Value(executor.Outcome(i), input, (int)row);
                return;
            case Fold.Outcomes:
                outcomes[(int)row] = Finite(executor.Outcome(i), input, spec, masks.Slice(i * players, players));
                break;
            default:
                executor.Add(i);
                break;
        }
        if (row < recipe.Rows - 1)
            return;
        if (recipe.Fold == Fold.Outcomes)
            EndOutcomes(executor.Output(input), input, reference);
        else
            End(ref executor, (int)pair, input, reference);
    }

    private readonly void Score(ref HostExecutor<T> executor, int input, int row, int i)
    {
        var size = job.ScoreSize / recipe.Rows;
        var scores = job.ScoreRow(input).Slice(row * size, size);
        executor.Score(i, scores);
        // The scores may be meant to sum to the target itself.
        Record(input, row, scores, executor.RowOutput(i), recipe.IsComplete ? default : Weighed.None);
    }

    private readonly void Value(double value, int input, int row)
    {
        job.ScoreRow(input)[row] = T.CreateTruncating(value);
        if (!double.IsFinite(value))
            throw Faults<T>.NonFinite(ref method, recipe, job, input, new(value, double.NaN, double.NaN, double.NaN, false, 0, null));
    }

    private readonly void End(ref HostExecutor<T> executor, int pair, int input, int reference)
    {
        executor.EndPair(pair);
        if (reference < pairsEach - 1)
            return;
        executor.EndInput(input);
        Record(input, 0, job.ScoreRow(input), executor.Output(input), executor.ReferenceOutput(input));
    }

    private void EndOutcomes(Weighed output, int input, int reference)
    {
        if (reference == 0)
        {
            sums.Clear();
            referenceOutput = 0;
        }
        method.Finish(new Pair(output.Value, job.First + input, reference), outcomes, scratch, sums);
        referenceOutput += outcomes[0] / pairsEach;
        if (reference < pairsEach - 1)
            return;
        var scores = job.ScoreRow(input);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(sums[i] / pairsEach);
        // Least squares leaves of what cannot change a rounding error.
        if (recipe.Groups is null && scores.Length == job.InputSize)
            Held.Clear(job.Net.Signature, scores);
        Record(input, 0, scores, output, recipe.IsComplete ? output with { Value = referenceOutput } : Weighed.None);
    }

    // Refuses a target that is not finite at a row which is neither the input nor its reference, and names the operator that made it.
    private readonly double Finite(double value, int input, in RowSpec spec, ReadOnlySpan<bool> mask) =>
        double.IsFinite(value) ? value : throw Faults<T>.AtRow(recipe, job, input, spec, mask);

    /// <summary>Sums up one answer, refuses what is not finite or not complete enough, and hands the sums to the caller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Record(int input, int answer, ReadOnlySpan<T> scores, Weighed output, Weighed reference)
    {
        double sum = 0, magnitude = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            var score = double.CreateTruncating(scores[i]);
            sum += score;
            magnitude += Math.Abs(score);
        }
        var applies = recipe.IsComplete;
        var found = new Completeness(output.Value, reference.Value, sum, magnitude, applies, recipe.Steps, null)
        {
            Rounding = applies ? Completeness.Places * UnitInTheLastPlace * (output.Size + reference.Size) : 0,
            Remedy = recipe.Remedy,
        };
        if (!double.IsFinite(output.Value) || applies && !double.IsFinite(reference.Value) || !double.IsFinite(magnitude))
            throw Faults<T>.NonFinite(ref method, recipe, job, input, found);
        if (job.RequireGap is { } allowed && found.RelativeGap > allowed)
            throw new CompletenessException(found, allowed, job.First + input);
        if (job.Sums != null)
            job.Sums[input * job.SumsEach + answer] = found;
    }

    /// <summary>Of a number around 1.</summary>
    private static double UnitInTheLastPlace => double.CreateTruncating(T.BitIncrement(T.One) - T.One);
}
