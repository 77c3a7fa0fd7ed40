namespace Whence;

internal unsafe partial struct Work<T>
{
    /// <summary>
    /// Expected gradients: over draws of a reference and of a point on its path, the mean of (x - x0) times the gradient there. Rows
    /// are (input, draw); each input has the same draws.
    /// </summary>
    private readonly void Expected()
    {
        using var arena = Arena<T>.Enter();
        using var doubles = Arena<double>.Enter();
        using var places = Arena<int>.Enter();
        var total = (long)Count * Samples;
        var chunk = (int)Math.Min(ChunkRows, total);
        var xs = arena.Take(checked(chunk * InputSize));
        var multipliers = arena.Take(checked(chunk * InputSize));
        var seeds = PerInputSeeds ? arena.Take(checked(chunk * FromSize)) : default;
        var drawn = places.Take(chunk);
        using var measures = Arena<Weighed>.Enter();
        var outputs = measures.Take(Count);
        var referenceOutputs = measures.Take(Count);
        var sums = doubles.Take(InputSize);
        Outputs(outputs);
        ReferenceOutputs(referenceOutputs);
        for (var first = 0L; first < total; first += chunk)
        {
            var rows = (int)Math.Min(chunk, total - first);
            for (var i = 0; i < rows; i++)
            {
                var (input, draw) = Math.DivRem(first + i, Samples);
                var draws = new Draws(RandomSeed, (ulong)draw);
                drawn[i] = (int)input * Each + draws.Below(Each);
                Held.Between(Net.Signature, Reference(drawn[i]), Input((int)input), draws.Uniform(), xs.Slice(i * InputSize, InputSize));
                if (PerInputSeeds)
                    Seed((int)input).CopyTo(seeds.Slice(i * FromSize, FromSize));
            }
            var walk = new Walk<T>
            {
                X = xs[..(rows * InputSize)], Rows = rows, ReferenceRows = 1, From = From,
                Seed = PerInputSeeds ? seeds[..(rows * FromSize)] : Seed(0),
                SeedRows = PerInputSeeds ? rows : 1, To = -1, InjectAt = -1, Multipliers = multipliers[..(rows * InputSize)],
            };
            Net.Walk(Flow, ref walk);
            for (var i = 0; i < rows; i++)
            {
                var (input, draw) = Math.DivRem(first + i, Samples);
                if (draw == 0)
                    sums.Clear();
                AddProduct(sums, multipliers.Slice(i * InputSize, InputSize), Input((int)input), Reference(drawn[i]));
                if (draw < Samples - 1)
                    continue;
                var scores = ScoreRow((int)input);
                for (var element = 0; element < scores.Length; element++)
                    scores[element] = T.CreateTruncating(sums[element] / Samples);
                Record((int)input, 0, scores, outputs[(int)input], referenceOutputs[(int)input], true, Samples);
            }
        }
    }

    private static void AddProduct(Span<double> sums, ReadOnlySpan<T> multipliers, ReadOnlySpan<T> x, ReadOnlySpan<T> x0)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += Rows.Times(double.CreateTruncating(multipliers[i]), Rows.Move(x[i], x0[i]));
    }

    /// <summary>The target itself at points of the path from the one reference of each input.</summary>
    private readonly void Valued()
    {
        using var arena = Arena<T>.Enter();
        using var doubles = Arena<double>.Enter();
        var length = Points!.Alphas.Length;
        var total = (long)Count * length;
        var chunk = (int)Math.Min(ChunkRows, total);
        var xs = arena.Take(checked(chunk * InputSize));
        var values = arena.Take(checked(chunk * FromSize));
        for (var first = 0L; first < total; first += chunk)
        {
            var rows = (int)Math.Min(chunk, total - first);
            for (var i = 0; i < rows; i++)
            {
                var (input, point) = Math.DivRem(first + i, length);
                Held.Between(Net.Signature, Reference((int)input), Input((int)input), Points.Alphas[(int)point],
                    xs.Slice(i * InputSize, InputSize));
            }
            Net.Forward(xs[..(rows * InputSize)], From, values[..(rows * FromSize)], rows);
            for (var i = 0; i < rows; i++)
            {
                var (input, point) = Math.DivRem(first + i, length);
                var value = Rows.Dot(Seed((int)input), values.Slice(i * FromSize, FromSize));
                Scores[first + i] = T.CreateTruncating(value);
                if (!double.IsFinite(value))
                    throw NonFinite((int)input, new Completeness(value, double.NaN, double.NaN, double.NaN, false, 0, null));
            }
        }
    }
}
