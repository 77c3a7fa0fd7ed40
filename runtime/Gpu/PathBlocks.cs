namespace Whence.Gpu;

/// <summary>
/// Whole paths by the programs for what comes before their steps, their steps and what comes after: some paths at a time, and of one whose
/// steps do not fit into the device's memory some steps at a time. No bit depends on where they are cut.
/// </summary>
internal static class PathBlocks
{
    public static void Run(GpuPrograms programs, in PathArguments all)
    {
        // Seeds of some paths only lie next to each other where there is one answer.
        if (all.Answers > 1 && all.SeedRows > 1)
        {
            for (var answer = 0; answer < all.Answers; answer++)
                Run(programs, all.Of(answer));
            return;
        }
        var rows = Lane.Current.Device.ChunkRows(programs.RowSize);
        var most = Lane.Current.Device.ChunkRows(PairSize(all));
        for (var first = 0; first < all.Pairs;)
        {
            var pairs = Math.Clamp(Math.Min(rows / all.Steps, most), 1, all.Pairs - first);
            try
            {
                Run(programs, all, first, pairs, rows);
                first += pairs;
            }
            catch (OutOfDeviceMemoryException) when (rows > 1)
            {
                rows = (int)Math.Max(1, Math.Min(rows, (long)pairs * all.Steps) / 2);
            }
        }
    }

    // What a path takes beside its steps.
    private static int PairSize(in PathArguments all) =>
        checked(all.Sizes.Kept + 2 * all.Answers * all.Sizes.Sums);

    private static int InputSize(in PathArguments all) => all.X.Length / all.Pairs;

    private static void Run(GpuPrograms programs, in PathArguments all, int first, int pairs, int rows)
    {
        var (kept, sums) = (pairs * all.Sizes.Kept, all.Answers * pairs * all.Sizes.Sums);
        var seed = all.Seed.Length / all.Pairs;
        using var scratch = Scratch.Rent(pairs * PairSize(all));
        var memory = scratch.Span;
        var high = memory.Slice(kept, sums);
        var path = new BackwardArguments
        {
            Kept = memory.Slice(0, kept), ReferenceRows = pairs, From = all.From, To = -1, InjectAt = -1, Answers = all.Answers,
            Seed = all.SeedRows == 1 ? all.Seed : all.Seed.Slice(first * seed, pairs * seed),
            SeedRows = all.SeedRows == 1 ? 1 : pairs, Steps = all.Steps, Alphas = all.Alphas, Weights = all.Weights,
            Sums = new Sums(high, memory.Slice(kept + sums, sums), all.Sizes.Sums), BeginsSums = true,
        };
        var size = InputSize(all);
        var (references, referenceRow) = all.ReferenceRows == 1
            ? (all.References, 0)
            : (all.References.Slice(first * size, pairs * size), size);
        programs.PathBegin(all.X.Slice(first * size, pairs * size), references, referenceRow, path.Kept, pairs);
        for (long step = 0, end = (long)pairs * all.Steps; step < end; step += path.Rows)
        {
            (path.FirstStep, path.Rows) = ((int)step, (int)Math.Min(rows, end - step));
            programs.Path(path);
        }
        End(programs, all, first, pairs, path);
    }

    private static void End(GpuPrograms programs, in PathArguments all, int first, int pairs, in BackwardArguments path)
    {
        var size = InputSize(all);
        for (var answer = 0; answer < all.Answers; answer++)
        {
            var to = all.Of(answer).Multipliers.Slice(first * size, pairs * size);
            programs.PathEnd(path.Of(answer).Sums, path.Kept, to, pairs);
        }
    }
}
