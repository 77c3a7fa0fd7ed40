namespace Whence;

internal unsafe partial struct Work<T>
{
    private const string Counterfactual = "a counterfactual of input";

    /// <summary>The methods that ask for the target at counterfactuals: some elements the input's, the others a reference's.</summary>
    private readonly void Changed()
    {
        using var doubles = Arena<double>.Enter();
        using var flags = Arena<bool>.Enter();
        using var places = Arena<int>.Enter();
        var players = new Players(Groups, InputSize);
        switch (Score)
        {
            case Score.Occlusion:
                var occluded = new Occluded(Window!, Net.Signature, doubles.Take(InputSize));
                Changed(ref occluded);
                break;
            case Score.Ablation:
                var ablated = new Ablated(players);
                Changed(ref ablated);
                break;
            case Score.Shapley:
                var coalitions = new Coalitions(players, flags.Take(players.Count));
                Changed(ref coalitions);
                break;
            case Score.ShapleySampling:
                var orders = new Orders(players, Samples, RandomSeed, flags.Take(players.Count), places.Take(players.Count),
                    places.Take(players.Count));
                Changed(ref orders);
                break;
            default:
                var free = players.Count - 1;
                var kernel = new Kernel(players, Samples, RandomSeed, flags.Take(players.Count), places.Take(players.Count),
                    doubles.Take(checked(free * free)), doubles.Take(free));
                Changed(ref kernel);
                break;
        }
    }

    // Rows are (input, reference, counterfactual), the counterfactual innermost; a chunk may begin and end amid an input.
    private readonly void Changed<TChanges>(ref TChanges changes) where TChanges : struct, IChanges, allows ref struct
    {
        using var arena = Arena<T>.Enter();
        using var doubles = Arena<double>.Enter();
        using var flags = Arena<bool>.Enter();
        var length = changes.Count;
        var total = (long)Count * Each * length;
        var chunk = (int)Math.Min(ChunkRows, total);
        var xs = arena.Take(checked(chunk * InputSize));
        var values = arena.Take(checked(chunk * FromSize));
        var present = flags.Take(InputSize);
        var outcomes = doubles.Take(length);
        var sums = doubles.Take(ScoreSize);
        using var measures = Arena<Weighed>.Enter();
        var outputs = measures.Take(Count);
        Outputs(outputs);
        var none = 0.0;
        for (var first = 0L; first < total; first += chunk)
        {
            var rows = (int)Math.Min(chunk, total - first);
            for (var i = 0; i < rows; i++)
            {
                var (pair, change) = Math.DivRem(first + i, length);
                changes.Present((int)change, present);
                Mix(Input((int)pair / Each), Reference((int)pair), present, xs.Slice(i * InputSize, InputSize));
            }
            Net.Forward(xs[..(rows * InputSize)], From, values[..(rows * FromSize)], rows);
            for (var i = 0; i < rows; i++)
            {
                var (pair, change) = Math.DivRem(first + i, length);
                var (input, reference) = Math.DivRem((int)pair, Each);
                outcomes[(int)change] = Finite(Rows.Dot(Seed(input), values.Slice(i * FromSize, FromSize)), input,
                    xs.Slice(i * InputSize, InputSize), Counterfactual);
                if (change < length - 1)
                    continue;
                if (reference == 0)
                {
                    sums.Clear();
                    none = 0;
                }
                changes.Add(outcomes, outputs[input].Value, sums);
                none += outcomes[0] / Each;
                if (reference == Each - 1)
                    Finish(ref changes, input, sums, outputs[input], none);
            }
        }
    }

    private readonly void Finish<TChanges>(ref TChanges changes, int input, Span<double> sums, Weighed output, double none)
        where TChanges : struct, IChanges, allows ref struct
    {
        var scores = ScoreRow(input);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(sums[i] / Each);
        // Least squares leaves of what cannot change a rounding error.
        if (Groups is null)
            Held.Clear(Net.Signature, scores);
        Record(input, 0, scores, output, changes.IsComplete ? output with { Value = none } : Weighed.None, changes.IsComplete, 0);
    }

    private static void Mix(ReadOnlySpan<T> x, ReadOnlySpan<T> x0, ReadOnlySpan<bool> present, Span<T> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = present[i] ? x[i] : x0[i];
    }

    /// <summary>In-silico mutagenesis: at each position each letter but the one that is there.</summary>
    private readonly void Mutated()
    {
        using var arena = Arena<T>.Enter();
        using var places = Arena<int>.Enter();
        var mutants = new Mutants(Net.Signature, (MutagenesisOptions)Options);
        var chunk = ChunkRows;
        var xs = arena.Take(checked(chunk * InputSize));
        var values = arena.Take(checked(chunk * FromSize));
        var elements = places.Take(chunk);
        using var measures = Arena<Weighed>.Enter();
        var outputs = measures.Take(Count);
        Outputs(outputs);
        for (var input = 0; input < Count; input++)
        {
            var scores = ScoreRow(input);
            scores.Clear();
            for (var next = mutants.Start; next < mutants.End;)
            {
                var rows = mutants.Place(Input(input), ref next, xs, elements);
                if (rows == 0)
                    break;
                Net.Forward(xs[..(rows * InputSize)], From, values[..(rows * FromSize)], rows);
                for (var i = 0; i < rows; i++)
                {
                    var value = Finite(Rows.Dot(Seed(input), values.Slice(i * FromSize, FromSize)), input,
                        xs.Slice(i * InputSize, InputSize), Counterfactual);
                    scores[elements[i]] = T.CreateTruncating(value - outputs[input].Value);
                }
            }
            mutants.Centre(scores);
            Record(input, 0, scores, outputs[input], Weighed.None, false, 0);
        }
    }
}
