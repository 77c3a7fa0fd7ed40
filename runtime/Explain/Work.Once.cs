namespace Whence;

internal unsafe partial struct Work<T>
{
    /// <summary>The methods of one backward walk for each input: gradient, guided backprop and DeconvNet.</summary>
    private readonly void Once()
    {
        using var arena = Arena<T>.Enter();
        var chunk = Math.Min(ChunkRows, Count);
        var inPlace = Score is Score.Multiplier or Score.TimesInput;
        var multipliers = inPlace ? default : arena.Take(checked(chunk * ToSize));
        var activations = inPlace ? default : arena.Take(checked(chunk * ToSize));
        var values = arena.Take(checked(chunk * FromSize));
        for (var first = 0; first < Count; first += chunk)
        {
            var rows = Math.Min(chunk, Count - first);
            var walk = new Walk<T>
            {
                X = Inputs(first, rows), Rows = rows, ReferenceRows = 1, From = From, Seed = RowSeeds(first, rows, 1, default),
                SeedRows = PerInputSeeds ? rows : 1,
                To = To, InjectAt = -1, FromValue = values[..(rows * FromSize)],
                Multipliers = inPlace ? new(Scores + (long)first * ToSize, rows * ToSize) : multipliers[..(rows * ToSize)],
                ToValue = inPlace ? default : activations[..(rows * ToSize)],
            };
            Net.Walk(Flow, ref walk);
            for (var i = 0; i < rows; i++)
            {
                var scores = ScoreRow(first + i);
                if (Score == Score.TimesInput)
                    TimesInput(first + i, scores);
                else if (Score == Score.TimesActivation)
                    TimesActivation(multipliers.Slice(i * ToSize, ToSize), activations.Slice(i * ToSize, ToSize), scores);
                else if (Score == Score.GradCam)
                    GradCam(multipliers.Slice(i * ToSize, ToSize), activations.Slice(i * ToSize, ToSize), scores);
                var output = Rows.Weigh(Seed(first + i), values.Slice(i * FromSize, FromSize));
                // What LRP's relevance lacks of the output, biases and the stabiliser have taken.
                var sums = Flow == Flow.LrpEpsilon && Score == Score.TimesInput;
                Record(first + i, 0, scores, output, sums ? default : Weighed.None, sums, 0);
            }
        }
    }

    // scores holds the multipliers; over several references the difference is averaged.
    private readonly void TimesInput(int input, Span<T> scores)
    {
        using var arena = Arena<double>.Enter();
        var differences = arena.TakeClear(InputSize);
        for (var r = 0; r < Each; r++)
        {
            var x = Input(input);
            var x0 = Reference(input * Each + r);
            for (var i = 0; i < differences.Length; i++)
                differences[i] += Rows.Move(x[i], x0[i]);
        }
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(Rows.Times(double.CreateTruncating(scores[i]), differences[i] / Each));
    }

    private static void TimesActivation(ReadOnlySpan<T> multipliers, ReadOnlySpan<T> activations, Span<T> scores)
    {
        for (var i = 0; i < scores.Length; i++)
            scores[i] = multipliers[i] == T.Zero || activations[i] == T.Zero ? T.Zero : multipliers[i] * activations[i];
    }

    // A channel's mean may be infinite, and its value at a place 0.
    private static void AddTimes(Span<double> sums, ReadOnlySpan<T> activations, double mean)
    {
        if (double.IsFinite(mean))
        {
            Rows.AddScaled(sums, activations, mean);
            return;
        }
        for (var i = 0; i < sums.Length; i++)
            sums[i] += Rows.Times(mean, double.CreateTruncating(activations[i]));
    }

    private readonly void GradCam(ReadOnlySpan<T> multipliers, ReadOnlySpan<T> activations, Span<T> scores)
    {
        using var arena = Arena<double>.Enter();
        var sums = arena.TakeClear(ScoreSize);
        for (var c = 0; c < ToSize; c += ScoreSize)
        {
            var mean = 0.0;
            for (var i = 0; i < ScoreSize; i++)
                mean += double.CreateTruncating(multipliers[c + i]);
            AddTimes(sums, activations.Slice(c, ScoreSize), mean / ScoreSize);
        }
        for (var i = 0; i < ScoreSize; i++)
            scores[i] = T.CreateTruncating(Relu ? Math.Max(sums[i], 0) : sums[i]);
    }
}
