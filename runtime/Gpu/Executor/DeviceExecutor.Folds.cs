namespace Whence.Gpu;

using Whence.Authoring;

// Sums and scores.
internal sealed partial class DeviceExecutor
{
    private void Sum(in Chunk chunk)
    {
        var at = new Place(this, chunk.First, chunk.Rows, rowsEach);
        var isLayer = recipe.PlacedAt >= 0;
        Sum(at, new SumRowsArguments
        {
            Multipliers = chunk.Multipliers.View, Values = chunk.Values.View, Starts = chunk.Starts.View, Middle = chunk.Middle.View,
            Sheet = sheet.View, Stride = sheet.Stride, HasWeights = 1, HasValues = recipe.Fold == Fold.WeightedSum ? 0 : 1,
            IsPieces = recipe.Fold == Fold.Moves ? 1 : 0, NeuronSize = neuronSize, Unit = recipe.Through?.Unit ?? 0,
            Calls = calls,
            Ends = (isLayer ? chunk.Ends : x).View, From = (isLayer ? chunk.Starts : References).View,
            RowsPerPair = recipe.Rows, PairsBefore = at.Before / recipe.Rows,
            FirstPair = isLayer ? 0 : chunk.FirstPair - window.First * pairsEach, EndDivide = isLayer ? 1 : pairsEach,
            StartModulo = isLayer || job.PerInput ? int.MaxValue : pairsEach,
            StartTimes = isLayer || !job.PerInput ? 1 : job.Each / pairsEach,
        });
    }

    // Where a chunk of rows, or of pairs, lies among its inputs.
    private readonly struct Place
    {
        public readonly int Input;
        public readonly int Inputs;
        public readonly int Ended;
        public readonly int Before;
        public readonly int Rows;
        public readonly int Each;

        public Place(DeviceExecutor of, long first, int rows, int each)
        {
            (Input, Rows, Each) = ((int)(first / each), rows, each);
            Before = (int)(first - (long)Input * each);
            Inputs = (int)((first + rows - 1) / each) - Input + 1;
            Ended = (int)((first + rows) / each) - Input;
        }
    }

    private void Sum(in Place at, SumRowsArguments arguments)
    {
        var scores = RoomForScores(checked(job.Answers * at.Inputs * toSize));
        (arguments.Count, arguments.Size, arguments.Inputs, arguments.Rows) = (scores.Length, toSize, at.Inputs, at.Rows);
        (arguments.RowsEach, arguments.Before, arguments.PairsEach) = (at.Each, at.Before, pairsEach);
        (arguments.Carried, arguments.After, arguments.Plane) = (carried.View, next.View, job.Answers * toSize);
        (arguments.Scores, arguments.HasDifference) = (scores.View, recipe.Finish == Finish.None ? 0 : 1);
        lane.Launch<SumRows, SumRowsArguments>(scores.Length, arguments);
        (carried, next) = (next, carried);
        Beside();
        Take(at, scores);
    }

    // Scores of the inputs that have all theirs, in planes of [answers, inputs, size of To]; those that are copied beside computation come
    // with the next ones.
    private void Take(in Place at, Rows scores)
    {
        if (at.Ended == 0)
            return;
        if (overlaps)
        {
            Owe(scores, at, 0, 0);
            return;
        }
        var each = scores.Length / Planes;
        for (var plane = 0; plane < Planes; plane++)
        {
            if (IsAsked(plane))
                TakePlane(at, scores.Slice(plane * each, each), plane);
        }
    }

    private unsafe void TakePlane(in Place at, Rows scores, int plane)
    {
        if (job.Answers == 1)
            scores.Write(new Span<float>(PlaneOf(plane) + job.ScorePlace(0, at.Input), at.Ended * toSize));
        else
            PlacePlane(at, Down(scores), plane);
    }

    private unsafe void PlacePlane(in Place at, ReadOnlySpan<float> scores, int plane)
    {
        var to = PlaneOf(plane);
        var size = at.Ended * toSize;
        for (var answer = 0; to != null && answer < job.Answers; answer++)
            scores.Slice(answer * at.Inputs * toSize, size).CopyTo(new Span<float>(to + job.ScorePlace(answer, at.Input), size));
    }

    private unsafe bool IsAsked(int plane) => PlaneOf(plane) != null;

    private unsafe float* PlaneOf(int plane) => plane switch
    {
        0 => job.Scores, 1 => job.Positive, 2 => job.Negative, 3 => job.Multipliers, _ => job.Hypothetical,
    };

    private void AddParts(in Chunk chunk)
    {
        var at = new Place(this, chunk.First, chunk.Rows, rowsEach);
        var all = RoomForScores(checked(Planes * job.Answers * at.Inputs * toSize));
        var count = all.Length / Planes;
        lane.Launch<AddContributions, ContributionArguments>(count, new ContributionArguments
        {
            Multipliers = chunk.Multipliers.View, Negatives = chunk.Negatives.View, Rises = chunk.Rises.View, Falls = chunk.Falls.View,
            X = x.View, References = References.View, Sheet = sheet.View, Carried = carried.View, After = next.View, Scores = all.View,
            Count = count, Size = toSize, Inputs = at.Inputs, Rows = chunk.Rows, RowsEach = rowsEach, Before = at.Before,
            Plane = job.Answers * toSize, Stride = sheet.Stride, HasParts = chunk.Rises.IsEmpty ? 0 : 1,
            Channels = HasHypothetical ? 1 : 0, Shapes = sheet.Shapes, ShapeSize = 2 + sheet.Rank, Tensors = signature.Inputs.Count,
        });
        (carried, next) = (next, carried);
        var values = takesOutputs ? FromValues(chunk) : default;
        Beside();
        if (takesOutputs)
            TakeOutputs(chunk, Down(values));
        Take(at, all);
    }

    private Rows FromValues(in Chunk chunk)
    {
        if (unitsThere.IsEmpty)
            return chunk.FromValues;
        var values = lane.Take(chunk.Rows * units.Length);
        Choose(chunk.FromValues, values, chunk.Rows);
        return values;
    }

    // The targets at inputs, from their first rows.
    private void TakeOutputs(in Chunk chunk, ReadOnlySpan<float> values)
    {
        for (var row = 0; row < chunk.Rows; row++)
        {
            if (chunk.Specs[row].Pair % pairsEach > 0)
                continue;
            var input = Input(chunk.Specs[row]);
            for (var answer = 0; answer < job.Answers; answer++)
                outputs[answer * job.Count + input] = Weigh(answer, input, values, row);
        }
    }

    private void Score(in Chunk chunk)
    {
        var scores = Scores(chunk, job.ScoreSize / recipe.Rows);
        var at = (int)(chunk.First - rowsBefore);
        var ofRows = FromValues(chunk);
        Beside();
        var values = Down(ofRows);
        for (var i = 0; i < job.Answers * chunk.Rows; i++)
        {
            var (answer, row) = (i / chunk.Rows, i % chunk.Rows);
            rowOutputs[answer * ChunkRows + at + row] = Weigh(answer, Input(chunk.Specs[row]), values, row);
        }
        if (overlaps)
            Owe(scores, default, chunk.First, chunk.Rows);
        else
            PlaceRows(Down(scores), chunk.First, chunk.Rows);
    }

    private unsafe void PlaceRows(ReadOnlySpan<float> scores, long first, int rows)
    {
        var size = job.ScoreSize / recipe.Rows;
        var each = rows * size;
        for (var answer = 0; answer < job.Answers; answer++)
            scores.Slice(answer * each, each).CopyTo(new Span<float>(job.Scores + job.ScorePlace(answer, 0) + first * size, each));
    }

    private Rows Scores(in Chunk chunk, int size)
    {
        var scores = RoomForScores(checked(job.Answers * chunk.Rows * size));
        var arguments = new ScoreArguments
        {
            Multipliers = chunk.Multipliers.View, Values = chunk.Values.View, X = x.View, References = References.View, Sheet = sheet.View,
            Scores = scores.View, Count = scores.Length, Size = size, Rows = chunk.Rows, Stride = sheet.Stride, Finish = (int)recipe.Finish,
            Each = job.Each, IsPerInput = job.PerInput ? 1 : 0,
        };
        if (recipe.Finish is not (Finish.ChannelMeans or Finish.PositiveChannelMeans))
        {
            lane.Launch<ScoreRows, ScoreArguments>(scores.Length, arguments);
            return scores;
        }
        var means = lane.Take(checked(job.Answers * chunk.Rows * (toSize / size)));
        lane.Launch<MeanOfChannels, ScoreArguments>(means.Length, arguments with { Scores = means.View, Count = means.Length });
        lane.Launch<SumOfChannels, ScoreArguments>(scores.Length, arguments with { Multipliers = means.View, Each = toSize / size });
        return scores;
    }
}
