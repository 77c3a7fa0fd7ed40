namespace Whence;

// Forward passes alone: the target at counterfactuals.
internal unsafe ref partial struct HostExecutor<T>
{
    private void Ask(ReadOnlySpan<bool> masks)
    {
        if (local is not null)
            AskLocally(masks);
        var filled = 0;
        var players = specs.Length == 0 ? 0 : masks.Length / specs.Length;
        for (var i = 0; i < specs.Length; i++)
        {
            if (local is null ? IsKnown(i) : kinds[i] == Done)
                continue;
            var mask = masks.Slice(i * players, players);
            HostRows<T>.Form(recipe, job, specs[i], specs[i].Alpha, mask, xs.Slice(filled * job.InputSize, job.InputSize));
            which[filled++] = i;
            if (filled == which.Length)
                Ask(ref filled);
        }
        Ask(ref filled);
    }

    // Of an input whose letter is there already the target is known.
    private readonly bool IsKnown(int row)
    {
        if (!HostRows<T>.IsThere(job, specs[row], Input(row)))
            return false;
        Know(row);
        return true;
    }

    // A row is its input.
    private readonly void Know(int row)
    {
        for (var answer = 0; answer < job.Answers; answer++)
            found[answer * ChunkRows + row] = Output(answer, Input(row)).Value;
    }

    private readonly void Ask(ref int filled)
    {
        if (filled == 0)
            return;
        net.Forward(xs[..(filled * job.InputSize)], job.From, fromValues[..(filled * job.FromSize)], filled);
        Weigh(ref filled);
    }

    private readonly void Weigh(ref int filled)
    {
        for (var answer = 0; answer < job.Answers; answer++)
        {
            var targets = found.Slice(answer * ChunkRows, ChunkRows);
            if (job.PerInputSeeds)
            {
                for (var i = 0; i < filled; i++)
                    targets[which[i]] = Rows.Dot(job.Seed(answer, Input(which[i])), FromValue(i));
                continue;
            }
            // Mostly of one unit among many.
            var seed = job.Seed(answer, 0);
            var (first, end) = (Math.Max(0, seed.IndexOfAnyExcept(T.Zero)), seed.LastIndexOfAnyExcept(T.Zero) + 1);
            for (var i = 0; i < filled; i++)
                targets[which[i]] = Rows.Dot(seed[first..end], FromValue(i)[first..end]);
        }
        filled = 0;
    }

    private readonly ReadOnlySpan<T> FromValue(int row) => fromValues.Slice(row * job.FromSize, job.FromSize);
}
