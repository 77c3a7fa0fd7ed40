namespace Whence.Gpu;

using Whence.Authoring;

// Ways back, and what becomes of their multipliers.
internal sealed partial class DeviceExecutor
{
    // The rows of a chunk: what is asked and what is answered. Multipliers are [answers, rows, ...], of a neuron [answers, calls of its
    // layer, rows, ...]; those of its layer are [answers, rows, ...].
    private ref struct Chunk
    {
        public ReadOnlySpan<RowSpec> Specs;
        public long First;
        public Rows Multipliers;
        public Rows Negatives;
        public Rows Rises;
        public Rows Falls;
        public Rows Middle;
        public Rows FromValues;
        // [rows, size of To]: its values, where a sum is over its moves.
        public Rows Values;
        // [pairs, size of To]: the layer's values at the pairs' ends.
        public Rows Ends;
        public Rows Starts;
        public Rows Injected;

        public readonly int Rows => Specs.Length;

        public readonly int FirstPair => Specs[0].Pair;

        public readonly int Pairs => Specs[^1].Pair - FirstPair + 1;
    }

    private RowSheet? again;

    private void AskBackward(long first, ReadOnlySpan<RowSpec> specs)
    {
        var chunk = new Chunk { Specs = specs, First = first };
        Describe(chunk);
        MakeRoom(ref chunk);
        Enclose(ref chunk);
        var arguments = Arguments(chunk);
        if (recipe.PlacedAt >= 0)
            FormAtLayer(sheet, chunk.Ends, chunk.Starts, chunk.Injected);
        Backward(arguments, chunk.Middle);
        if (SumsRows)
            AskInside(chunk, arguments);
        if (recipe.Fold == Fold.PerRow)
            Score(chunk);
        else if (recipe.Fold == Fold.Contributions)
            AddParts(chunk);
        else
            Sum(chunk);
    }

    private void Describe(in Chunk chunk)
    {
        sheet.Begin(Math.Max(RankOf(chunk.Specs), HasHypothetical ? 1 : 0));
        foreach (ref readonly var spec in chunk.Specs)
            Describe(spec, chunk.FirstPair);
        if (recipe.Fold == Fold.Moves || recipe.PlacedAt >= 0)
            DescribePairs(chunk.FirstPair, chunk.Pairs);
        if (sheet.Rank > 0)
            sheet.AddShapes(signature);
        sheet.Up(lane);
    }

    private unsafe bool HasHypothetical => job.Hypothetical != null;

    private void MakeRoom(ref Chunk chunk)
    {
        var size = checked(chunk.Rows * toSize);
        var isOfParts = recipe.Fold == Fold.Contributions && compares;
        chunk.Multipliers = lane.Take(checked(job.Answers * calls * size));
        chunk.Negatives = isOfParts ? lane.Take(chunk.Multipliers.Length) : chunk.Multipliers;
        if (isOfParts && recipe.To >= 0)
            (chunk.Rises, chunk.Falls) = (lane.Take(size), lane.Take(size));
        if (neuronSize > 0)
            chunk.Middle = lane.Take(checked(job.Answers * chunk.Rows * neuronSize));
        if (takesOutputs || recipe.Fold == Fold.PerRow)
            chunk.FromValues = lane.Take(checked(chunk.Rows * job.FromSize));
        if (recipe.Fold is Fold.Moves or Fold.MovesBetween || recipe.Finish is Finish.TimesValue or Finish.ChannelMeans
            or Finish.PositiveChannelMeans)
            chunk.Values = lane.Take(size);
        if (recipe.PlacedAt >= 0)
            chunk.Injected = lane.Take(size);
    }

    // The layer's values where pairs' paths end and start, or where the pieces end that rows stand for.
    private void Enclose(ref Chunk chunk)
    {
        if (recipe.Fold != Fold.Moves && recipe.PlacedAt < 0)
            return;
        var (pairs, point) = (chunk.Pairs, recipe.PlacedAt >= 0 ? recipe.PlacedAt : recipe.To);
        chunk.Starts = lane.Take(checked(pairs * toSize));
        net.Programs.RunForward(GatherPairs(References, pairs, RowSheet.Start, job.InputSize), point, chunk.Starts, pairs);
        if (recipe.PlacedAt >= 0)
        {
            chunk.Ends = lane.Take(checked(pairs * toSize));
            net.Programs.RunForward(GatherPairs(x, pairs, RowSheet.End, job.InputSize), point, chunk.Ends, pairs);
        }
        else
        {
            net.Programs.RunForward(Form(sheet, chunk.Rows, RowSheet.Cut), point, chunk.Values, chunk.Rows);
        }
    }

    private BackwardArguments Arguments(in Chunk chunk)
    {
        var rows = chunk.Rows;
        var arguments = new BackwardArguments
        {
            X = PlacedRows(chunk), Rows = rows, ReferenceRows = 1, From = job.From, To = recipe.To, InjectAt = recipe.PlacedAt,
            Answers = job.Answers, Multipliers = chunk.Multipliers, Injected = chunk.Injected, FromValue = chunk.FromValues,
            ToValue = recipe.Fold == Fold.Moves ? default : chunk.Values, Seed = sharedSeeds, SeedRows = 1,
        };
        if (job.PerInputSeeds)
        {
            arguments.Seed = recipe.Rows == 1 && pairsEach == 1
                ? Part(ownSeeds, chunk.FirstPair - window.First, rows, job.FromSize)
                : Gather(ownSeeds, sheet, rows, RowSheet.End, job.FromSize);
            arguments.SeedRows = rows;
        }
        if (!compares)
            return arguments;
        arguments.Kept = Kept(chunk, out arguments.ReferenceRows);
        if (recipe.Fold != Fold.Contributions)
            return arguments;
        (arguments.NegativeMultipliers, arguments.PositiveDelta, arguments.NegativeDelta) = (chunk.Negatives, chunk.Rises, chunk.Falls);
        return arguments;
    }

    private Rows PlacedRows(in Chunk chunk) => isAtInput && recipe.PlacedAt < 0 && pairsEach == 1
        ? Part(x, chunk.FirstPair - window.First, chunk.Rows, job.InputSize)
        : recipe.PlacedAt >= 0 ? Gather(x, sheet, chunk.Rows, RowSheet.End, job.InputSize)
        : Form(sheet, chunk.Rows, RowSheet.Alpha);

    // What was kept of each row's reference.
    private Rows Kept(in Chunk chunk, out int referenceRows)
    {
        referenceRows = job.PerInput || job.Each > 1 ? chunk.Rows : 1;
        if (keptSize == 0)
            return default;
        if (!job.PerInput)
            return job.Each == 1 ? sharedKept : Gather(sharedKept, sheet, chunk.Rows, RowSheet.Start, keptSize);
        var kept = lane.Take(checked(chunk.Rows * keptSize));
        var references = isAtInput && pairsEach == job.Each
            ? Part(own, chunk.FirstPair - window.First * job.Each, chunk.Rows, job.InputSize)
            : Gather(own, sheet, chunk.Rows, RowSheet.Start, job.InputSize);
        net.Programs.Keep(recipe.Pass!.Value, references, kept, chunk.Rows);
        return kept;
    }

    // Through a neuron: its own multiplier is a weight of what goes back from it.
    private void Backward(BackwardArguments arguments, Rows middle)
    {
        if (recipe.Through is not null)
        {
            ToNeuron(arguments, middle);
            arguments.Answers *= calls;
            FromNeuron(ref arguments, 0);
        }
        net.Programs.RunBackward(recipe.Pass!.Value, arguments);
    }

    private void ToNeuron(in BackwardArguments arguments, Rows middle) =>
        net.Programs.RunBackward(recipe.Pass!.Value, new BackwardArguments
        {
            X = arguments.X, Rows = arguments.Rows, ReferenceRows = 1, From = job.From, Seed = arguments.Seed,
            SeedRows = arguments.SeedRows, To = recipe.Through!.Value.Point, InjectAt = -1, Answers = arguments.Answers,
            Multipliers = middle,
        });

    // From it in a call of its layer, and those after.
    private void FromNeuron(ref BackwardArguments arguments, int call) =>
        (arguments.From, arguments.Seed, arguments.SeedRows) =
            (recipe.Through!.Value.Point, Part(neuron, call, arguments.Answers, neuronSize), 1);

    // Of an integral, a point at an end of the path where a slope is infinite is taken in the middle of the stretch it stands for.
    private void AskInside(in Chunk chunk, in BackwardArguments arguments)
    {
        if (recipe.Fold is not (Fold.WeightedSum or Fold.Moves) || !HasEnds(chunk.Specs))
            return;
        var counts = Down(NonFinite(chunk)).ToArray();
        for (var row = 0; row < chunk.Rows; row++)
        {
            for (var answer = 0; chunk.Specs[row].Alpha is 0 or 1 && answer < job.Answers; answer++)
            {
                if (HasNonFinite(counts, chunk.Rows, row, answer))
                    AskInside(chunk, arguments, row, answer);
            }
        }
    }

    private bool HasNonFinite(ReadOnlySpan<float> counts, int rows, int row, int answer)
    {
        var (neurons, lines) = (job.Answers * calls * rows, job.Answers * rows);
        for (var call = 0; call < calls; call++)
        {
            if (counts[(answer * calls + call) * rows + row] > 0
                || neuronSize > 0 && counts[neurons + call * lines + answer * rows + row] > 0)
                return true;
        }
        return false;
    }

    private static bool HasEnds(ReadOnlySpan<RowSpec> rows)
    {
        foreach (ref readonly var row in rows)
        {
            if (row.Alpha is 0 or 1)
                return true;
        }
        return false;
    }

    // [answers, calls, rows]; of a neuron, then of its own multipliers [calls, answers, rows].
    private Rows NonFinite(in Chunk chunk)
    {
        var lines = job.Answers * chunk.Rows;
        var ways = lines * calls;
        var counts = lane.Take(neuronSize > 0 ? 2 * ways : ways);
        lane.Launch<CountNonFinite, ScoreArguments>(ways, new ScoreArguments
        {
            Multipliers = chunk.Multipliers.View, Scores = counts.View, Count = ways, Size = toSize, Each = toSize,
        });
        for (var call = 0; neuronSize > 0 && call < calls; call++)
        {
            lane.Launch<CountNonFinite, ScoreArguments>(lines, new ScoreArguments
            {
                Multipliers = chunk.Middle.View, Scores = counts.Slice(ways + call * lines, lines).View, Count = lines, Size = 1,
                Each = neuronSize, Skip = UnitOf(call),
            });
        }
        return counts;
    }

    private void AskInside(in Chunk chunk, in BackwardArguments of, int row, int answer)
    {
        var mark = lane.Mark;
        // The stretch that a point stands for is as long as its weight.
        var spec = chunk.Specs[row];
        var half = Math.Min(Math.Abs(spec.Weight), 1) / 2;
        spec.Alpha = spec.Alpha == 0 ? half : 1 - half;
        again ??= new RowSheet();
        again.Begin(0);
        again.Add(Input(spec) - window.First, ReferenceAt(Input(spec), spec.Reference), spec.Pair - chunk.FirstPair, spec);
        again.Up(lane);
        var one = of;
        var at = answer * chunk.Rows + row;
        (one.Rows, one.Answers, one.SeedRows) = (1, 1, 1);
        one.Seed = job.PerInputSeeds ? Part(of.Seed, row, 1, job.FromSize) : Part(of.Seed, answer, 1, job.FromSize);
        one.ToValue = default;
        if (recipe.PlacedAt >= 0)
        {
            one.X = Part(of.X, row, 1, job.InputSize);
            one.Injected = lane.Take(toSize);
            FormAtLayer(again, chunk.Ends, chunk.Starts, one.Injected);
        }
        else
        {
            one.X = Form(again, 1, RowSheet.Alpha);
        }
        if (neuronSize > 0)
            ToNeuron(one, Part(chunk.Middle, at, 1, neuronSize));
        for (var call = 0; call < calls; call++)
        {
            if (neuronSize > 0)
                FromNeuron(ref one, call);
            one.Multipliers = Part(chunk.Multipliers, (answer * calls + call) * chunk.Rows + row, 1, toSize);
            net.Programs.RunBackward(recipe.Pass!.Value, one);
        }
        lane.Release(mark);
    }
}
