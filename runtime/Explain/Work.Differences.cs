namespace Whence;

using System.Runtime.CompilerServices;

internal unsafe partial struct Work<T>
{
    /// <summary>
    /// DeepLIFT: one backward walk for each pair of an input and a reference; an input's contributions are averaged over its pairs.
    /// </summary>
    private readonly void Differences()
    {
        using var arena = Arena<T>.Enter();
        using var doubles = Arena<double>.Enter();
        var pairs = checked(Count * Each);
        var chunk = Math.Min(ChunkRows, pairs);
        var keptSize = Net.KeptSize(Flow);
        var shared = PerInput ? default : SharedKept(arena, keptSize);
        var kept = PerInput || Each > 1 ? arena.Take(checked(chunk * keptSize)) : default;
        var xs = Each > 1 ? arena.Take(checked(chunk * InputSize)) : default;
        var seeds = PerInputSeeds && Each > 1 ? arena.Take(checked(chunk * FromSize)) : default;
        var values = arena.Take(checked(chunk * FromSize));
        var multipliers = arena.Take(checked(chunk * ToSize));
        var negatives = arena.Take(checked(chunk * ToSize));
        var rises = To < 0 ? default : arena.Take(checked(chunk * ToSize));
        var falls = To < 0 ? default : arena.Take(checked(chunk * ToSize));
        var total = new Totals(this, doubles);
        using var measures = Arena<Weighed>.Enter();
        var referenceOutputs = measures.Take(Count);
        ReferenceOutputs(referenceOutputs);
        var output = default(Weighed);
        for (var first = 0; first < pairs; first += chunk)
        {
            var rows = Math.Min(chunk, pairs - first);
            var walk = new Walk<T>
            {
                X = PairInputs(first, rows, xs), Rows = rows, From = From, Seed = RowSeeds(first, rows, Each, seeds),
                SeedRows = PerInputSeeds ? rows : 1,
                Kept = PerInput ? Kept(first, rows, kept) : PairKept(first, rows, shared, keptSize, kept),
                ReferenceRows = !PerInput && Each == 1 ? 1 : rows,
                To = To, InjectAt = -1, Multipliers = multipliers[..(rows * ToSize)], NegativeMultipliers = negatives[..(rows * ToSize)],
                FromValue = values[..(rows * FromSize)],
                PositiveDelta = To < 0 ? default : rises[..(rows * ToSize)], NegativeDelta = To < 0 ? default : falls[..(rows * ToSize)],
            };
            Net.Walk(Flow, ref walk);
            for (var i = 0; i < rows; i++)
            {
                var (input, reference) = Math.DivRem(first + i, Each);
                var m = multipliers.Slice(i * ToSize, ToSize);
                var n = negatives.Slice(i * ToSize, ToSize);
                if (reference == 0)
                {
                    total.Clear();
                    output = Rows.Weigh(Seed(input), values.Slice(i * FromSize, FromSize));
                }
                if (To < 0)
                    total.AddInputs(this, m, n, Input(input), Reference(first + i));
                else
                    total.AddLayer(m, n, rises.Slice(i * ToSize, ToSize), falls.Slice(i * ToSize, ToSize));
                if (reference == Each - 1)
                {
                    total.Average(this, input);
                    Record(input, 0, ScoreRow(input), output, referenceOutputs[input], Flow != Flow.GuidedBackpropRescale, 0);
                }
            }
        }
    }

    private readonly ReadOnlySpan<T> SharedKept(in Arena<T> arena, int keptSize)
    {
        if (Prepared is not null && Prepared.Flow == Flow)
            return Prepared.Kept;
        var kept = arena.Take(checked(Each * keptSize));
        Explain.Keep(Net, Flow, new ReadOnlySpan<T>(References, Each * InputSize), kept, Each);
        return kept;
    }

    private readonly ReadOnlySpan<T> Kept(int pair, int pairs, Span<T> buffer)
    {
        Net.Keep(Flow, new ReadOnlySpan<T>(References + (long)pair * InputSize, pairs * InputSize), buffer[..(pairs * Net.KeptSize(Flow))],
            pairs);
        return buffer[..(pairs * Net.KeptSize(Flow))];
    }

    // What was kept of each pair's reference: as it lies where the pairs run through the references once, else copied.
    private readonly ReadOnlySpan<T> PairKept(int pair, int pairs, ReadOnlySpan<T> shared, int size, Span<T> buffer)
    {
        if (Each == 1)
            return shared;
        var start = pair % Each;
        if (start + pairs <= Each)
            return shared.Slice(start * size, pairs * size);
        for (var i = 0; i < pairs; i++)
            shared.Slice((pair + i) % Each * size, size).CopyTo(buffer.Slice(i * size, size));
        return buffer[..(pairs * size)];
    }

    /// <summary>One input's sums over its references; those not asked for are empty.</summary>
    private readonly ref struct Totals
    {
        private readonly Span<double> scores;
        private readonly Span<double> positive;
        private readonly Span<double> negative;
        private readonly Span<double> multipliers;
        private readonly Span<double> hypothetical;

        public Totals(in Work<T> work, in Arena<double> arena)
        {
            scores = arena.Take(work.ToSize);
            positive = work.Positive == null ? default : arena.Take(work.ToSize);
            negative = work.Negative == null ? default : arena.Take(work.ToSize);
            multipliers = work.Multipliers == null ? default : arena.Take(work.ToSize);
            hypothetical = work.Hypothetical == null ? default : arena.Take(work.ToSize);
        }

        public void Clear()
        {
            scores.Clear();
            positive.Clear();
            negative.Clear();
            multipliers.Clear();
            hypothetical.Clear();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void AddInputs(in Work<T> work, ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> x, ReadOnlySpan<T> x0)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                var difference = Rows.Move(x[i], x0[i]);
                Add(i, double.CreateTruncating(m[i]), double.CreateTruncating(n[i]), Math.Max(difference, 0), Math.Min(difference, 0));
            }
            if (!hypothetical.IsEmpty)
                AddHypothetical(work.Net.Signature.Inputs, m, n, x0);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void AddLayer(ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> rises, ReadOnlySpan<T> falls)
        {
            for (var i = 0; i < scores.Length; i++)
                Add(i, double.CreateTruncating(m[i]), double.CreateTruncating(n[i]), double.CreateTruncating(rises[i]),
                    double.CreateTruncating(falls[i]));
        }

        public void Average(in Work<T> work, int input)
        {
            var at = (long)input * work.ScoreSize;
            Write(scores, work.Scores, at, work.Each);
            Write(positive, work.Positive, at, work.Each);
            Write(negative, work.Negative, at, work.Each);
            Write(multipliers, work.Multipliers, at, work.Each);
            Write(hypothetical, work.Hypothetical, at, work.Each);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Add(int i, double m, double n, double rise, double fall)
        {
            (rise, fall) = (Rows.Times(m, rise), Rows.Times(n, fall));
            scores[i] += rise + fall;
            if (!positive.IsEmpty)
                positive[i] += rise;
            if (!negative.IsEmpty)
                negative[i] += fall;
            if (!multipliers.IsEmpty)
                multipliers[i] += (m + n) / 2;
        }

        // Per position, for each channel b: the sum over channels c of (1{c = b} - reference_c) multiplier_c.
        private void AddHypothetical(IReadOnlyList<Port> inputs, ReadOnlySpan<T> m, ReadOnlySpan<T> n, ReadOnlySpan<T> x0)
        {
            var start = 0;
            for (var port = 0; port < inputs.Count; port++)
            {
                var size = Sizes.Of(inputs[port].Shape);
                var positions = size / inputs[port].Shape[0];
                for (var position = start; position < start + positions; position++)
                {
                    var expected = 0.0;
                    for (var i = position; i < start + size; i += positions)
                        expected += Rows.Times(Mean(m[i], n[i]), double.CreateTruncating(x0[i]));
                    for (var i = position; i < start + size; i += positions)
                        hypothetical[i] += Mean(m[i], n[i]) - expected;
                }
                start += size;
            }
        }

        private static double Mean(T m, T n) => (double.CreateTruncating(m) + double.CreateTruncating(n)) / 2;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Write(Span<double> sums, T* to, long at, int each)
        {
            for (var i = 0; i < sums.Length; i++)
                to[at + i] = T.CreateTruncating(sums[i] / each);
        }
    }
}
