namespace Whence.Gpu;

using Whence.Authoring;

// Whole paths: pairs at a time, by the network's program for them.
internal sealed partial class DeviceExecutor
{
    // Chunks of one call: between calls a question can be cancelled, and tells how far it is.
    private const int MostChunks = 16;

    // As the host follows paths; where a layer is asked about, or what goes through a neuron, rows are asked about one by one.
    private bool GoesByPaths => placement is Placement.OnPath or Placement.OnPathAndItsEnds && recipe is
        { Pass: Pass.Gradient, PlacedAt: < 0, To: < 0, Through: null, Fold: Fold.WeightedSum, Compares: true, PerInput: false }
        && net.Paths is { PathSizes: { Sums: > 0 } sizes } paths && !(sizes.IsSteep && placement == Placement.OnPathAndItsEnds)
        && paths.Follows(job.From, -1);

    private int MostPairs()
    {
        var size = checked((2 * job.Answers + 3) * job.InputSize + job.FromSize);
        var steps = MostChunks * device.ChunkRows(net.Programs.RowSize);
        var pairs = Math.Clamp(steps / recipe.Rows, 1, device.ChunkRows(size));
        // An input's pairs together, where they are not too many.
        return pairs < pairsEach ? pairs : pairs / pairsEach * pairsEach;
    }

    private void TakePath(ReadOnlySpan<RowSpec> rows)
    {
        var numbers = new float[2 * rows.Length];
        for (var step = 0; step < rows.Length; step++)
            (numbers[step], numbers[rows.Length + step]) = ((float)rows[step].Alpha, (float)rows[step].Weight);
        path.Read(numbers);
        hasPath = true;
    }

    private void AskPaths(int first, int pairs)
    {
        var size = job.InputSize;
        var isOne = pairsEach == 1;
        if (!isOne)
        {
            sheet.Begin(0);
            DescribePairs(first, pairs);
            sheet.Up(lane);
        }
        var at = first - window.First * pairsEach;
        var isShared = !job.PerInput && job.Each == 1;
        var multipliers = lane.Take(checked(job.Answers * pairs * size));
        net.Programs.Paths(new PathArguments
        {
            X = isOne ? Part(x, at, pairs, size) : GatherPairs(x, pairs, RowSheet.End, size),
            References = isShared ? shared : job.PerInput ? Part(own, at, pairs, size) : GatherPairs(shared, pairs, RowSheet.Start, size),
            ReferenceRows = isShared ? 1 : pairs, Alphas = path.Slice(0, recipe.Rows), Weights = path.Slice(recipe.Rows, recipe.Rows),
            Steps = recipe.Rows, Pairs = pairs, From = job.From, Answers = job.Answers, SeedRows = job.PerInputSeeds ? pairs : 1,
            Seed = !job.PerInputSeeds ? sharedSeeds
                : isOne ? Part(ownSeeds, at, pairs, job.FromSize) : GatherPairs(ownSeeds, pairs, RowSheet.End, job.FromSize),
            Sizes = net.Paths!.PathSizes, Multipliers = multipliers,
        });
        var place = new Place(this, first, pairs, pairsEach);
        Sum(place, new SumRowsArguments
        {
            Multipliers = multipliers.View, Ends = x.View, From = References.View, RowsPerPair = 1, PairsBefore = place.Before, Calls = 1,
            FirstPair = at, EndDivide = pairsEach, StartModulo = job.PerInput ? int.MaxValue : pairsEach, StartTimes = 1,
        });
    }
}
