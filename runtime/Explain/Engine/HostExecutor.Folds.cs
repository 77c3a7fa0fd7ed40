namespace Whence;

using System.Runtime.CompilerServices;
using Whence.Authoring;

// What becomes of the rows' multipliers.
internal unsafe ref partial struct HostExecutor<T>
{
    private void MakeRoomForSums()
    {
        if (recipe.Fold == Fold.Each)
            return;
        if (recipe.Fold == Fold.Contributions)
        {
            contributions = new(job, doubles, toSize);
            return;
        }
        sum = doubles.Take(toSize);
        total = doubles.Take(toSize);
        if (recipe.Fold == Fold.WeightedSum)
            return;
        lastMultipliers = arena.Take(toSize);
        lastValues = arena.Take(toSize);
    }

    // Folds the rows into the sums of their pairs, and those into the sums of their inputs.
    private readonly void AddRows()
    {
        var (pair, row) = ((int)(first / recipe.Rows), (int)(first % recipe.Rows));
        // Of paths to the inputs the rows are summed already.
        var areSummed = paths is not null && recipe.To < 0;
        for (var i = 0; i < specs.Length;)
        {
            var end = (int)Math.Min(specs.Length, (long)i + recipe.Rows - row);
            for (var at = i; at < end && !areSummed; at++)
                Add(at, isFirst: row + at == i);
            (i, row) = (end, row + end - i);
            if (row < recipe.Rows)
                return;
            EndPair(pair);
            (pair, row) = (pair + 1, 0);
        }
    }

    // Folds a row into the sums of its pair.
    private readonly void Add(int row, bool isFirst)
    {
        if (recipe.Fold == Fold.Contributions)
        {
            AddContributions(row, isFirst);
            return;
        }
        if (isFirst)
            sum.Clear();
        if (recipe.Fold == Fold.Moves)
            AddPiece(row, isFirst);
        else if (recipe.Fold == Fold.MovesBetween)
            AddMove(row, isFirst);
        else if (recipe.Through is null)
            Rows.AddScaled(sum, Multipliers(row), specs[row].Weight);
        else
            Rows.AddScaled(sum, Multipliers(row), specs[row].Weight * double.CreateTruncating(Middle(row)));
    }

    private readonly void EndPair(int pair)
    {
        var (input, reference) = Math.DivRem(pair, pairsEach);
        if (recipe.Fold != Fold.Contributions)
            AddPair(pair, input, reference);
        if (reference == pairsEach - 1)
            EndInput(input);
    }

    // Adds a pair's sums to its input's.
    private readonly void AddPair(int pair, int input, int reference)
    {
        if (reference == 0)
            total.Clear();
        if (paths is not null && recipe.To < 0)
            Rows.Widen(Slot(ended, pair, toSize), sum);
        if (recipe.Finish == Finish.None)
            Rows.AddScaled<double>(total, sum, 1);
        else if (recipe.PlacedAt < 0)
            AddTimes(job.Input(input), job.Reference(input, reference));
        else
            AddTimes(ends.Slice((pair - firstPair) * toSize, toSize), starts.Slice((pair - firstPair) * toSize, toSize));
    }

    // Writes an input's scores.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void EndInput(int input)
    {
        if (recipe.Fold == Fold.Contributions)
        {
            contributions.Write(job, input, (double)pairsEach * recipe.Rows);
            return;
        }
        var scores = job.ScoreRow(input);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(total[i] / pairsEach);
    }

    // Makes scores of the rows' multipliers.
    private readonly void Score()
    {
        var size = job.ScoreSize / recipe.Rows;
        for (var row = 0; recipe.Finish != Finish.None && row < specs.Length; row++)
            Score(row, new(job.Scores + (first + row) * size, size));
    }

    // They may lie where the scores go.
    private readonly void Score(int row, Span<T> scores)
    {
        switch (recipe.Finish)
        {
            case Finish.TimesDifference:
                TimesDifference(Input(row), scores);
                break;
            case Finish.TimesInput:
                TimesValue(scores, job.Input(Input(row)), scores);
                break;
            case Finish.TimesValue:
                TimesValue(Multipliers(row), ToValue(row), scores);
                break;
            case Finish.ChannelMeans or Finish.PositiveChannelMeans:
                ChannelMeans(Multipliers(row), ToValue(row), scores);
                break;
        }
    }

    private readonly void AddContributions(int row, bool isFirst)
    {
        var input = Input(row);
        if (isFirst && specs[row].Pair % pairsEach == 0)
        {
            contributions.Clear();
            if (takesOutputs)
                outputs[input] = RowOutput(row);
        }
        var negative = negatives.Slice(row * toSize, toSize);
        if (recipe.To < 0)
            contributions.AddInputs(net.Signature.Inputs, Multipliers(row), negative, job.Input(input),
                job.Reference(input, specs[row].Reference));
        else
            contributions.AddLayer(Multipliers(row), negative, rises.Slice(row * toSize, toSize), falls.Slice(row * toSize, toSize));
    }

    // The gradient at a point times the layer's move over the point's piece of the path.
    private readonly void AddPiece(int row, bool isFirst)
    {
        var end = ToValue(row);
        var start = isFirst ? starts.Slice((specs[row].Pair - firstPair) * toSize, toSize) : lastValues;
        var gradient = Multipliers(row);
        for (var i = 0; i < sum.Length; i++)
            sum[i] += Rows.Times(double.CreateTruncating(gradient[i]), Rows.Move(end[i], start[i]));
        end.CopyTo(lastValues);
    }

    // The gradient at a point times the layer's move to the next (Captum's LayerConductance).
    private readonly void AddMove(int row, bool isFirst)
    {
        var value = ToValue(row);
        for (var i = 0; !isFirst && i < sum.Length; i++)
            sum[i] += Rows.Times(double.CreateTruncating(lastMultipliers[i]), Rows.Move(value[i], lastValues[i]));
        Multipliers(row).CopyTo(lastMultipliers);
        value.CopyTo(lastValues);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddTimes(ReadOnlySpan<T> end, ReadOnlySpan<T> start)
    {
        for (var i = 0; i < total.Length; i++)
            total[i] += Rows.Times(sum[i], Rows.Move(end[i], start[i]));
    }

    // Over several references the difference is averaged.
    private readonly void TimesDifference(int input, Span<T> scores)
    {
        using var arena = Arena<double>.Enter();
        var differences = arena.TakeClear(job.InputSize);
        for (var r = 0; r < job.Each; r++)
        {
            var x = job.Input(input);
            var x0 = job.Reference(input, r);
            for (var i = 0; i < differences.Length; i++)
                differences[i] += Rows.Move(x[i], x0[i]);
        }
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(Rows.Times(double.CreateTruncating(scores[i]), differences[i] / job.Each));
    }

    private static void TimesValue(ReadOnlySpan<T> multipliers, ReadOnlySpan<T> values, Span<T> scores)
    {
        for (var i = 0; i < scores.Length; i++)
            scores[i] = multipliers[i] == T.Zero || values[i] == T.Zero ? T.Zero : multipliers[i] * values[i];
    }

    private readonly void ChannelMeans(ReadOnlySpan<T> multipliers, ReadOnlySpan<T> values, Span<T> scores)
    {
        using var arena = Arena<double>.Enter();
        var sums = arena.TakeClear(scores.Length);
        for (var c = 0; c < toSize; c += scores.Length)
        {
            var mean = 0.0;
            for (var i = 0; i < scores.Length; i++)
                mean += double.CreateTruncating(multipliers[c + i]);
            Rows.AddScaled(sums, values.Slice(c, scores.Length), mean / scores.Length);
        }
        for (var i = 0; i < scores.Length; i++)
            scores[i] = T.CreateTruncating(recipe.Finish == Finish.PositiveChannelMeans ? Math.Max(sums[i], 0) : sums[i]);
    }
}
