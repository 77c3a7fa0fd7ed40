namespace Whence;

using Whence.Authoring;

// What becomes of the rows' multipliers.
internal unsafe ref partial struct HostExecutor<T>
{
    private void MakeRoomForSums()
    {
        if (recipe.Fold == Fold.PerRow)
            return;
        if (recipe.Fold == Fold.Contributions)
        {
            contributions = new(job, doubles, toSize);
            return;
        }
        sum = doubles.Take(checked(job.Answers * toSize));
        total = doubles.Take(sum.Length);
        if (recipe.Fold == Fold.WeightedSum)
            return;
        lastMultipliers = arena.Take(sum.Length);
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
        for (var answer = 0; answer < job.Answers; answer++)
        {
            if (recipe.Fold == Fold.Moves)
                AddPiece(answer, row, isFirst);
            else if (recipe.Fold == Fold.MovesBetween)
                AddMove(answer, row, isFirst);
            else if (recipe.Through is null)
                Rows.AddScaled(Of(sum, answer), Multipliers(answer, row), specs[row].Weight);
            else
                AddThrough(answer, row);
        }
        if (recipe.Fold is Fold.Moves or Fold.MovesBetween)
            ToValue(row).CopyTo(lastValues);
    }

    private readonly void AddThrough(int answer, int row)
    {
        for (var call = 0; call < calls; call++)
        {
            Rows.AddScaled(Of(sum, answer), Multipliers(answer, row, call),
                specs[row].Weight * double.CreateTruncating(Middle(answer, row, call)));
        }
    }

    // An answer's part of what is [answers, size of To].
    private readonly Span<TElement> Of<TElement>(Span<TElement> all, int answer) => all.Slice(answer * toSize, toSize);

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
        for (var answer = 0; answer < job.Answers; answer++)
        {
            if (paths is not null && recipe.To < 0)
                Rows.Widen(Slot(ended, answer, pair, toSize), Of(sum, answer));
            if (recipe.Finish == Finish.None)
                Rows.AddScaled<double>(Of(total, answer), Of(sum, answer), 1);
            else if (recipe.PlacedAt < 0)
                Rows.AddWideTimes(Of(total, answer), Of(sum, answer), job.Input(input), job.Reference(input, reference));
            else
                Rows.AddWideTimes(Of(total, answer), Of(sum, answer), AtPair(ends, pair), AtPair(starts, pair));
        }
    }

    // A pair's part of what is [pairs, size of To].
    private readonly ReadOnlySpan<T> AtPair(Span<T> all, int pair) => all.Slice((pair - firstPair) * toSize, toSize);

    // Writes an input's scores.
    private readonly void EndInput(int input)
    {
        for (var answer = 0; answer < job.Answers; answer++)
        {
            if (recipe.Fold == Fold.Contributions)
                contributions.Of(answer, job.Answers).Write(job, answer, input, (double)pairsEach * recipe.Rows);
            else
                Rows.Means(Of(total, answer), pairsEach, job.ScoreRow(answer, input));
        }
    }

    // Makes scores of the rows' multipliers.
    private readonly void Score()
    {
        var size = job.ScoreSize / recipe.Rows;
        for (var answer = 0; (recipe.Finish != Finish.None || !isInPlace) && answer < job.Answers; answer++)
        {
            for (var row = 0; row < specs.Length; row++)
                Score(answer, row, new(job.Scores + job.ScorePlace(answer, 0) + (first + row) * size, size));
        }
    }

    // They may lie where the scores go.
    private readonly void Score(int answer, int row, Span<T> scores)
    {
        if (MakesOwnScores && !isInPlace)
            Multipliers(answer, row).CopyTo(scores);
        switch (recipe.Finish)
        {
            case Finish.TimesDifference:
                TimesDifference(Input(row), scores);
                break;
            case Finish.TimesInput:
                TimesValue(scores, job.Input(Input(row)), scores);
                break;
            case Finish.TimesValue:
                TimesValue(Multipliers(answer, row), ToValue(row), scores);
                break;
            case Finish.ChannelMeans or Finish.PositiveChannelMeans:
                ChannelMeans(Multipliers(answer, row), ToValue(row), scores);
                break;
        }
    }

    private readonly void AddContributions(int row, bool isFirst)
    {
        var input = Input(row);
        if (isFirst && specs[row].Pair % pairsEach == 0)
        {
            contributions.Clear();
            for (var answer = 0; takesOutputs && answer < job.Answers; answer++)
                outputs[answer * job.Count + input] = RowOutput(answer, row);
        }
        for (var answer = 0; answer < job.Answers; answer++)
        {
            var to = contributions.Of(answer, job.Answers);
            var positive = Multipliers(answer, row);
            var negative = negatives.Slice(answer * answerStride + row * toSize, toSize);
            if (recipe.To < 0)
                to.AddInputs(net.Signature.Inputs, positive, negative, job.Input(input), job.Reference(input, specs[row].Reference));
            else
                to.AddLayer(positive, negative, rises.Slice(row * toSize, toSize), falls.Slice(row * toSize, toSize));
        }
    }

    // The gradient at a point times the layer's move over the point's piece of the path.
    private readonly void AddPiece(int answer, int row, bool isFirst)
    {
        var end = ToValue(row);
        var start = isFirst ? AtPair(starts, specs[row].Pair) : lastValues;
        Rows.AddTimes(Of(sum, answer), Multipliers(answer, row), end, start);
    }

    // The gradient at a point times the layer's move to the next (Captum's LayerConductance).
    private readonly void AddMove(int answer, int row, bool isFirst)
    {
        var last = Of(lastMultipliers, answer);
        if (!isFirst)
            Rows.AddTimes<T>(Of(sum, answer), last, ToValue(row), lastValues);
        Multipliers(answer, row).CopyTo(last);
    }

    // Over several references the difference is averaged.
    private readonly void TimesDifference(int input, Span<T> scores)
    {
        using var arena = Arena<double>.Enter();
        var differences = arena.TakeClear(job.InputSize);
        for (var r = 0; r < job.Each; r++)
            Rows.AddMoves(differences, job.Input(input), job.Reference(input, r));
        Rows.TimesMeans(scores, differences, job.Each);
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
