namespace Whence;

using Whence.Authoring;
using Whence.CompilerServices;

// Ways back: the multipliers at rows.
internal unsafe ref partial struct HostExecutor<T>
{
    // Whether a row's multipliers are as many as its scores, which are made of them.
    private readonly bool MakesOwnScores => recipe.Fold == Fold.PerRow
        && (recipe.Finish is Finish.None or Finish.TimesDifference or Finish.TimesInput);

    // Whether the scores of the answers lie as far apart as each other.
    private readonly bool AreEquallyFar()
    {
        for (var answer = 2; answer < job.Answers; answer++)
        {
            if (job.Places[answer] - job.Places[answer - 1] != job.Places[1] - job.Places[0])
                return false;
        }
        return true;
    }

    private void MakeRoomForBackward(int chunk)
    {
        var size = checked(chunk * toSize);
        answerStride = !isInPlace ? size : job.Answers == 1 ? 0 : checked((int)((job.Places[1] - job.Places[0]) * job.ScoreStride));
        seeds = job.PerInputSeeds && (recipe.Rows > 1 || pairsEach > 1) ? arena.Take(checked(chunk * job.FromSize)) : default;
        if (recipe.Through is { } through)
        {
            calls = net.Signature.Points[through.Point].Calls;
            answerStride = sharesNeuron ? 0 : checked(calls * size);
        }
        multipliers = isInPlace || paths is not null && recipe.To < 0 ? default
            : arena.Take(checked(calls * (sharesNeuron ? 1 : job.Answers) * size));
        negatives = recipe.Fold == Fold.Contributions && compares ? arena.Take(multipliers.Length) : multipliers;
        if (recipe.Fold is Fold.Moves or Fold.MovesBetween || recipe.Fold == Fold.PerRow && !MakesOwnScores)
            toValues = arena.Take(size);
        if (recipe.Fold == Fold.Contributions && recipe.To >= 0)
        {
            rises = arena.Take(size);
            falls = arena.Take(size);
        }
        if (compares)
            Keep(chunk);
        if (recipe.Through is not null)
            MakeRoomForNeuron(chunk);
        if (recipe.Fold == Fold.Moves || recipe.PlacedAt >= 0)
        {
            starts = arena.Take(size);
            pairRows = arena.Take(checked(chunk * job.InputSize));
        }
        if (recipe.PlacedAt < 0)
            return;
        injected = arena.Take(size);
        ends = arena.Take(size);
    }

    private void MakeRoomForNeuron(int chunk)
    {
        neuronSize = Sizes.Of(net.Signature.Points[recipe.Through!.Value.Point].Shape);
        middle = arena.Take(checked(job.Answers * chunk * neuronSize));
        neuron = arena.TakeClear(checked(job.Answers * calls * neuronSize));
        for (var way = 0; way < job.Answers * calls; way++)
            neuron[way * neuronSize + UnitOf(way % calls)] = T.One;
    }

    // The neuron in a call of its layer.
    private readonly int UnitOf(int call) => call * (neuronSize / calls) + recipe.Through!.Value.Unit;

    private void Backward()
    {
        var rows = specs.Length;
        if (isInPlace)
            multipliers = new(job.Scores + job.ScorePlace(0, 0) + first * toSize,
                checked((job.Answers - 1) * answerStride + rows * toSize));
        if (recipe.Fold == Fold.Moves)
            Cut(rows);
        if (recipe.PlacedAt >= 0)
            Enclose(rows);
        if (paths is not null)
        {
            FollowPaths();
            return;
        }
        Backward(0, rows, 0, job.Answers, inside: false);
        // Of an integral, a point at an end of the path where a slope is infinite is taken in the middle of the stretch it stands for.
        for (var i = 0; i < rows && recipe.Fold is Fold.WeightedSum or Fold.Moves; i++)
        {
            for (var answer = 0; specs[i].Alpha is 0 or 1 && answer < job.Answers; answer++)
            {
                if (IsInfinite(answer, i))
                    Backward(i, 1, answer, 1, inside: true);
            }
        }
    }

    private readonly ReadOnlySpan<T> Multipliers(int answer, int row) => multipliers.Slice(answer * answerStride + row * toSize, toSize);

    // What goes back from the neuron in a call of its layer.
    private readonly ReadOnlySpan<T> Multipliers(int answer, int row, int call) =>
        multipliers.Slice(answer * answerStride + call * CallStride + row * toSize, toSize);

    private readonly int CallStride => multipliers.Length / (calls * (sharesNeuron ? 1 : job.Answers));

    // Those of some rows, for some answers, of all calls.
    private readonly Span<T> Multipliers(Span<T> all, int row, int rows, int answer, int answers) =>
        all.Slice(answer * answerStride + row * toSize,
            (answers - 1) * answerStride + (calls > 1 ? (calls - 1) * CallStride : 0) + rows * toSize);

    private readonly ReadOnlySpan<T> ToValue(int row) => toValues.Slice(row * toSize, toSize);

    private readonly T Middle(int answer, int row, int call) => middle[answer * MiddleStride + row * neuronSize + UnitOf(call)];

    private readonly int MiddleStride => middle.Length / job.Answers;

    private readonly Span<T> Middles(int row, int rows, int answer, int answers) =>
        middle.Slice(answer * MiddleStride + row * neuronSize, (answers - 1) * MiddleStride + rows * neuronSize);

    private readonly bool IsInfinite(int answer, int row)
    {
        if (recipe.Through is null)
            return Rows.FirstNonFinite(Multipliers(answer, row)) >= 0;
        for (var call = 0; call < calls; call++)
        {
            if (Rows.FirstNonFinite(Multipliers(answer, row, call)) >= 0 || !T.IsFinite(Middle(answer, row, call)))
                return true;
        }
        return false;
    }

    // The backward passes of some rows of the chunk, from a row on, for some answers.
    private readonly void Backward(int row, int rows, int answer, int answers, bool inside)
    {
        var pass = recipe.Pass!.Value;
        var x = PlacedRows(row, rows, inside);
        var seed = job.PerInputSeeds ? RowSeeds(row, rows) : Seeds(answer, answers);
        if (recipe.Through is { } through)
        {
            var toNeuron = new BackwardArguments<T>
            {
                X = x, Rows = rows, ReferenceRows = 1, From = job.From, Seed = seed, SeedRows = job.PerInputSeeds ? rows : 1,
                To = through.Point, InjectAt = -1, Answers = answers, AnswerStride = MiddleStride,
                Multipliers = Middles(row, rows, answer, answers),
            };
            net.Backward(pass, ref toNeuron);
        }
        var arguments = new BackwardArguments<T>
        {
            X = x, Rows = rows, ReferenceRows = 1, To = recipe.To, InjectAt = recipe.PlacedAt,
            From = recipe.Through?.Point ?? job.From, SeedRows = job.PerInputSeeds && recipe.Through is null ? rows : 1,
            Seed = recipe.Through is null ? seed : neuron[..((sharesNeuron ? 1 : answers) * calls * neuronSize)],
            Answers = (sharesNeuron ? 1 : answers) * calls, AnswerStride = recipe.Through is null ? answerStride : CallStride,
            Multipliers = Multipliers(multipliers, row, rows, answer, answers),
            Injected = recipe.PlacedAt < 0 ? default : injected.Slice(row * toSize, rows * toSize),
            FromValue = fromValues.IsEmpty ? default : fromValues.Slice(row * job.FromSize, rows * job.FromSize),
            ToValue = toValues.IsEmpty || recipe.Fold == Fold.Moves ? default : toValues.Slice(row * toSize, rows * toSize),
        };
        if (compares)
        {
            arguments.Kept = Kept(row, rows, out arguments.ReferenceRows);
            arguments.NegativeMultipliers = recipe.Fold == Fold.Contributions
                ? Multipliers(negatives, row, rows, answer, answers)
                : default;
            arguments.PositiveDelta = rises.IsEmpty ? default : rises.Slice(row * toSize, rows * toSize);
            arguments.NegativeDelta = falls.IsEmpty ? default : falls.Slice(row * toSize, rows * toSize);
        }
        net.Backward(pass, ref arguments);
    }

    private readonly ReadOnlySpan<T> PlacedRows(int row, int rows, bool inside)
    {
        if (isAtInput && recipe.PlacedAt < 0)
            return job.PairInputs(specs[row].Pair, rows, pairsEach, xs);
        var size = job.InputSize;
        for (var i = row; i < row + rows; i++)
        {
            if (recipe.PlacedAt >= 0)
                Inject(i, inside);
            else
                HostRows<T>.Form(recipe, job, specs[i], Alpha(i, inside), default, xs.Slice(i * size, size));
        }
        return xs.Slice(row * size, rows * size);
    }

    // The stretch that a point stands for is as long as its weight.
    private readonly double Alpha(int row, bool inside)
    {
        ref readonly var spec = ref specs[row];
        var half = Math.Min(Math.Abs(spec.Weight), 1) / 2;
        return !inside ? spec.Alpha : spec.Alpha == 0 ? half : 1 - half;
    }

    private readonly ReadOnlySpan<T> Seeds(int first, int count) =>
        new(job.Seeds + (long)first * job.FromSize, checked(count * job.FromSize));

    // The seeds of rows, where inputs have their own: as they lie if there is one row an input.
    private readonly ReadOnlySpan<T> RowSeeds(int row, int rows)
    {
        if (recipe.Rows == 1 && pairsEach == 1)
            return Seeds(specs[row].Pair, rows);
        for (var i = 0; i < rows; i++)
            job.Seed(0, Input(row + i)).CopyTo(seeds.Slice(i * job.FromSize, job.FromSize));
        return seeds[..(rows * job.FromSize)];
    }

    private void Keep(int chunk)
    {
        var pass = recipe.Pass!.Value;
        if (job.PerInput || job.Each > 1)
            kept = arena.Take(checked(chunk * keptSize));
        if (job.PerInput)
        {
            pairRows = arena.Take(checked(chunk * job.InputSize));
        }
        else if (job.Prepared is not null && job.Prepared.Pass == pass)
        {
            sharedKept = job.Prepared.Kept;
        }
        else
        {
            var made = arena.Take(checked(job.Each * keptSize));
            SpanExplainers.Keep(net, pass, new ReadOnlySpan<T>(job.References, job.Each * job.InputSize), made, job.Each);
            sharedKept = made;
        }
    }

    // What was kept of each row's reference: as it lies where the rows run through the references once, else copied.
    private readonly ReadOnlySpan<T> Kept(int row, int rows, out int referenceRows)
    {
        referenceRows = rows;
        if (job.PerInput)
        {
            net.Keep(recipe.Pass!.Value, RowReferences(row, rows), kept[..(rows * keptSize)], rows);
            return kept[..(rows * keptSize)];
        }
        if (job.Each == 1)
        {
            referenceRows = 1;
            return sharedKept;
        }
        var start = specs[row].Reference;
        if (isAtInput && pairsEach > 1 && start + rows <= job.Each)
            return sharedKept.Slice(start * keptSize, rows * keptSize);
        for (var i = 0; i < rows; i++)
            sharedKept.Slice(specs[row + i].Reference * keptSize, keptSize).CopyTo(kept.Slice(i * keptSize, keptSize));
        return kept[..(rows * keptSize)];
    }

    private readonly ReadOnlySpan<T> RowReferences(int row, int rows)
    {
        if (isAtInput && pairsEach == job.Each)
            return job.PairReferences(specs[row].Pair, rows, default);
        for (var i = 0; i < rows; i++)
            job.Reference(Input(row + i), specs[row + i].Reference).CopyTo(pairRows.Slice(i * job.InputSize, job.InputSize));
        return pairRows[..(rows * job.InputSize)];
    }

    // The layer's values where the pieces of these rows end, and where the paths that begin among these rows begin.
    private void Cut(int rows)
    {
        for (var i = 0; i < rows; i++)
            HostRows<T>.Form(recipe, job, specs[i], specs[i].Cut, default, xs.Slice(i * job.InputSize, job.InputSize));
        net.Forward(xs[..(rows * job.InputSize)], recipe.To, toValues[..(rows * toSize)], rows);
        firstPair = (int)((first + recipe.Rows - 1) / recipe.Rows);
        var pairs = (int)((first + rows - 1) / recipe.Rows) - firstPair + 1;
        if (pairs > 0)
            net.Forward(job.PairReferences(firstPair, pairs, pairRows), recipe.To, starts[..(pairs * toSize)], pairs);
    }

    // The layer's values between which the path runs: at the reference and at the input.
    private void Enclose(int rows)
    {
        var (next, end) = ((int)(first / recipe.Rows), (int)((first + rows - 1) / recipe.Rows) + 1);
        // Of the pairs before, only the first may be under way.
        if (enclosed > next)
        {
            AtPair(ends, next).CopyTo(ends);
            AtPair(starts, next).CopyTo(starts);
        }
        firstPair = next;
        var begin = Math.Max(enclosed, next);
        var (at, pairs) = ((begin - next) * toSize, end - begin);
        enclosed = end;
        if (pairs == 0)
            return;
        net.Forward(job.PairInputs(begin, pairs, pairsEach, pairRows), recipe.PlacedAt, ends.Slice(at, pairs * toSize), pairs);
        net.Forward(job.PairReferences(begin, pairs, pairRows), recipe.PlacedAt, starts.Slice(at, pairs * toSize), pairs);
    }

    // The rest of the network sees the input.
    private readonly void Inject(int row, bool inside)
    {
        var at = (specs[row].Pair - firstPair) * toSize;
        job.Input(Input(row)).CopyTo(xs.Slice(row * job.InputSize, job.InputSize));
        Rows.Between(starts.Slice(at, toSize), ends.Slice(at, toSize), Alpha(row, inside), injected.Slice(row * toSize, toSize));
    }
}
