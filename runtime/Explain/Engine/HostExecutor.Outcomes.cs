namespace Whence;

// Forward passes alone: the target at counterfactuals.
internal unsafe ref partial struct HostExecutor<T>
{
    // Of an input whose letter is there already the target is known.
    private readonly void Ask(ReadOnlySpan<bool> masks)
    {
        var filled = 0;
        var players = specs.Length == 0 ? 0 : masks.Length / specs.Length;
        for (var i = 0; i < specs.Length; i++)
        {
            var input = Input(i);
            if (HostRows<T>.IsThere(job, specs[i], input))
            {
                for (var answer = 0; answer < job.Answers; answer++)
                    found[answer * ChunkRows + i] = Output(answer, input).Value;
                continue;
            }
            var mask = masks.Slice(i * players, players);
            HostRows<T>.Form(recipe, job, specs[i], specs[i].Alpha, mask, xs.Slice(filled * job.InputSize, job.InputSize));
            which[filled++] = i;
            if (filled == which.Length)
                Ask(ref filled);
        }
        Ask(ref filled);
    }

    private readonly void Ask(ref int filled)
    {
        if (filled == 0)
            return;
        net.Forward(xs[..(filled * job.InputSize)], job.From, fromValues[..(filled * job.FromSize)], filled);
        for (var answer = 0; answer < job.Answers; answer++)
        {
            for (var i = 0; i < filled; i++)
            {
                found[answer * ChunkRows + which[i]] =
                    Rows.Dot(job.Seed(answer, Input(which[i])), fromValues.Slice(i * job.FromSize, job.FromSize));
            }
        }
        filled = 0;
    }
}
