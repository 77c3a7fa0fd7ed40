namespace Whence.Gpu;

using System.Runtime.InteropServices;
using ILGPU.Runtime;
using Whence.Authoring;

/// <summary>
/// Carries recipes out on a device. Inputs, references and seeds go up once a job, or once for a window of inputs where all do not fit;
/// rows are told as descriptors, formed, asked about and folded there, and what comes down are scores and those units of the outputs that
/// the targets weigh. Sums are twofold and run in the rows' order, one thread an element. Out of memory, a chunk is halved.
/// </summary>
internal sealed partial class DeviceExecutor(GpuNetwork net) : IExecutor<float>
{
    // Of memory that inputs are kept in: 1 GiB.
    private const long WindowFloats = 1 << 28;

    private readonly GpuDevice device = net.Device;
    private readonly Signature signature = net.Signature;
    private readonly RowSheet sheet = new();

    private Recipe recipe;
    private Job<float> job;
    private Placement placement;
    private Lane lane = null!;
    private int pairsEach;
    private int rowsEach;
    private int toSize;
    // The rows are the inputs as they are, one a pair.
    private bool isAtInput;
    // Whether the way back needs what was kept of references, and how much that is a row.
    private bool compares;
    private int keptSize;
    // The target at an input is known from its first row.
    private bool takesOutputs;
    // Rows, or pairs, that fitted into the device's memory.
    private int most;
    // How many rows of the job came before those of the chunk under way.
    private long rowsBefore;

    // On the device, for the whole job. The references that all inputs share, [Each, ...], and what was kept of them.
    private Rows shared;
    private Rows sharedKept;
    // [answers, size of From], and of a neuron that all goes through [answers, its size].
    private Rows sharedSeeds;
    private Rows neuron;
    private int neuronSize;
    private int calls = 1;
    // Planes of sums that are under way, before a chunk and after it.
    private Rows carried;
    private Rows next;
    // Alphas, then weights, of a path.
    private Rows path;
    private bool hasPath;
    private (int, long) jobMark;

    /// <inheritdoc/>
    public int ChunkRows { get; private set; }

    /// <inheritdoc/>
    public int ChunkPairs { get; private set; }

    private bool SumsRows => recipe.Fold is Fold.WeightedSum or Fold.Moves or Fold.MovesBetween;

    /// <summary>Compiles the kernels that are the same for every network.</summary>
    public static void Prepare(KernelCache kernels)
    {
        kernels.Prepare<FormRows, FormArguments>();
        kernels.Prepare<SumRows, SumRowsArguments>();
        kernels.Prepare<AddContributions, ContributionArguments>();
        kernels.Prepare<ScoreRows, ScoreArguments>();
        kernels.Prepare<MeanOfChannels, ScoreArguments>();
        kernels.Prepare<SumOfChannels, ScoreArguments>();
        kernels.Prepare<SomeColumns, ScoreArguments>();
        kernels.Prepare<CountNonFinite, ScoreArguments>();
    }

    /// <summary>Takes a job up.</summary>
    public void Begin(in Recipe recipe, in Job<float> job, Placement placement)
    {
        (this.recipe, this.job, this.placement) = (recipe, job, placement);
        lane = device.Lanes.Rent();
        try
        {
            Begin();
        }
        catch (OutOfDeviceMemoryException e)
        {
            device.Lanes.Return(lane);
            throw NotOne(e);
        }
        catch (AcceleratorException e)
        {
            device.Lanes.Return(lane);
            throw DriverError.Told(device, e);
        }
        catch
        {
            device.Lanes.Return(lane);
            throw;
        }
    }

    private void Begin()
    {
        isAtInput = placement == Placement.AtInput && recipe.Fold is Fold.PerRow or Fold.Contributions;
        pairsEach = job.PairsEach(recipe);
        rowsEach = checked(pairsEach * recipe.Rows);
        toSize = Layout.ToSize(signature, recipe);
        compares = Layout.Compares(recipe.Pass);
        keptSize = compares ? net.KeptSize(recipe.Pass!.Value) : 0;
        takesOutputs = recipe.Fold == Fold.Contributions && isAtInput;
        neuronSize = recipe.Through is { } through ? Sizes.Of(signature.Points[through.Point].Shape) : 0;
        calls = recipe.Through is { } neuron ? signature.Points[neuron.Point].Calls : 1;
        (hasPath, windowSize) = (false, 0);
        (window, coming, due) = ((0, 0), (0, 0), null);
        overlaps = CanOverlap();
        var (chunk, total) = (device.ChunkRows(checked(net.Programs.RowSize + RowSize)), (long)job.Count * rowsEach);
        ChunkRows = (int)Math.Min(overlaps ? (long)chunk * ChunksOfRun : chunk, total);
        ChunkPairs = GoesByPaths ? MostPairs() : 0;
        most = overlaps && ChunkPairs == 0 ? chunk : int.MaxValue;
        KeepForJob();
        jobMark = lane.Mark;
    }

    // What a row takes beside the programs' own values.
    private int RowSize => job.InputSize + 2 * job.FromSize + keptSize
        + (recipe.Fold is Fold.Values or Fold.Outcomes ? 0 : checked(job.Answers * (2 * calls * toSize + neuronSize) + 4 * toSize));

    private void KeepForJob()
    {
        FindUnits();
        UpConstants();
        carried = SumsRows || recipe.Fold == Fold.Contributions
            ? lane.Take(checked((SumsRows ? 6 : 10) * job.Answers * toSize))
            : default;
        next = lane.Take(carried.Length);
        path = GoesByPaths ? lane.Take(2 * recipe.Rows) : default;
        KeepReferences();
        MakeRoomForTargets();
    }

    private unsafe ReadOnlySpan<float> Seeds(int first, int count) =>
        new(job.Seeds + (long)first * job.FromSize, checked(count * job.FromSize));

    // What is small goes up together: the seeds, the numbers of their units, the seeds of a neuron that all goes through.
    private void UpConstants()
    {
        var isWhole = units.Length == job.FromSize;
        var (seeds, chosen) = (job.PerInputSeeds ? 0 : checked(job.Answers * job.FromSize), isWhole ? 0 : units.Length);
        var (second, third) = (Lane.Lines(seeds), Lane.Lines(seeds) + Lane.Lines(chosen));
        var length = neuronSize > 0 ? third + checked(job.Answers * calls * neuronSize) : chosen > 0 ? second + chosen : seeds;
        var numbers = new float[length];
        if (seeds > 0)
            Seeds(0, job.Answers).CopyTo(numbers);
        if (!isWhole)
            MemoryMarshal.Cast<int, float>(units).CopyTo(numbers.AsSpan(second));
        for (var way = 0; neuronSize > 0 && way < job.Answers * calls; way++)
            numbers[third + way * neuronSize + UnitOf(way % calls)] = 1;
        var all = numbers.Length == 0 ? default : lane.Up(numbers);
        (sharedSeeds, unitsThere) = (all.Slice(0, seeds), all.Slice(second, chosen));
        neuron = all.Slice(third, job.Answers * calls * neuronSize);
    }

    // The neuron in a call of its layer.
    private int UnitOf(int call) => call * (neuronSize / calls) + recipe.Through!.Value.Unit;

    private unsafe bool HasReferences => job.References != null;

    // References that all inputs share, and what is kept of them: prepared ones are on the device since they were first asked about.
    private unsafe void KeepReferences()
    {
        (shared, sharedKept) = (default, default);
        if (!HasReferences || job.PerInput)
            return;
        shared = job.Prepared is { } prepared
            ? new Rows(device.Uploads.Of(prepared.Arrays.Rows))
            : lane.Up(new ReadOnlySpan<float>(job.References, checked(job.Each * job.InputSize)));
        if (!compares)
            return;
        if (job.Prepared is { } known && known.Pass == recipe.Pass && keptSize > 0)
        {
            sharedKept = new Rows(device.Uploads.Of(known.Arrays.Kept));
            return;
        }
        sharedKept = lane.Take(checked(job.Each * keptSize));
        Keep(shared, sharedKept, job.Each);
    }

    private void Keep(Rows references, Rows to, int rows) => InParts(rows, (first, count) =>
        net.Programs.Keep(recipe.Pass!.Value, Part(references, first, count, job.InputSize), Part(to, first, count, keptSize), count));

    private static Rows Part(Rows all, int first, int count, int size) => all.Slice(checked(first * size), checked(count * size));

    /// <summary>Does something with rows, as many at a time as fit.</summary>
    private void InParts(int rows, Action<int, int> run)
    {
        var most = Math.Min(device.ChunkRows(net.Programs.RowSize), rows);
        for (var first = 0; first < rows;)
        {
            var count = Math.Min(most, rows - first);
            var mark = lane.Mark;
            try
            {
                run(first, count);
                first += count;
            }
            catch (OutOfDeviceMemoryException) when (count > 1)
            {
                most = count / 2;
            }
            finally
            {
                lane.Release(mark);
            }
        }
    }

    /// <inheritdoc/>
    public void Run(long first, ReadOnlySpan<RowSpec> rows, ReadOnlySpan<bool> masks)
    {
        rowsBefore = first;
        var players = masks.Length / rows.Length;
        for (var done = 0; done < rows.Length;)
        {
            Enter(Input(rows[done]));
            var count = Math.Min(most, InWindow(rows[done..]));
            if (Fits(count, new RowsToAsk(this, first + done, done, rows.Slice(done, count), masks.Slice(done * players, count * players))))
                done += count;
        }
    }

    /// <inheritdoc/>
    public void RunPairs(int first, int pairs, ReadOnlySpan<RowSpec> rows)
    {
        if (!hasPath)
            TakePath(rows);
        for (var done = 0; done < pairs;)
        {
            Enter((first + done) / pairsEach);
            var count = (int)Math.Min(Math.Min(most, pairs - done), (long)window.End * pairsEach - first - done);
            if (Fits(count, new PathsToAsk(this, first + done, count)))
                done += count;
        }
    }

    private interface IToAsk
    {
        void Ask();
    }

    private readonly ref struct RowsToAsk(DeviceExecutor of, long first, int at, ReadOnlySpan<RowSpec> rows, ReadOnlySpan<bool> masks)
        : IToAsk
    {
        private readonly ReadOnlySpan<RowSpec> rows = rows;
        private readonly ReadOnlySpan<bool> masks = masks;

        public void Ask()
        {
            if (of.recipe.Fold is Fold.Values or Fold.Outcomes)
                of.AskOutcomes(at, rows, masks);
            else
                of.AskBackward(first, rows);
        }
    }

    private readonly ref struct PathsToAsk(DeviceExecutor of, int first, int pairs) : IToAsk
    {
        public void Ask() => of.AskPaths(first, pairs);
    }

    // Asks, or if that does not fit says so: then less is to be asked, of fewer inputs at a time.
    private bool Fits<TAsk>(int count, scoped in TAsk ask) where TAsk : IToAsk, allows ref struct
    {
        ObjectDisposedException.ThrowIf(device.IsDisposed, device);
        var mark = lane.Mark;
        try
        {
            ask.Ask();
            return true;
        }
        catch (OutOfDeviceMemoryException e)
        {
            if (count == 1 && windowSize == 1 && !overlaps)
                throw NotOne(e);
            if (count == 1)
                Shrink();
            most = Math.Max(1, count / 2);
            return false;
        }
        catch (AcceleratorException e)
        {
            throw DriverError.Told(device, e);
        }
        finally
        {
            if (window.End > 0)
                lane.Release(mark);
        }
    }

    private static GpuException NotOne(OutOfDeviceMemoryException e) =>
        new($"Not even one example fits into the device's memory. {e.Message}", e);

    /// <inheritdoc/>
    public void Dispose()
    {
        device.Lanes.Return(lane);
        (shared, sharedKept, sharedSeeds, neuron, carried, next, path) = (default, default, default, default, default, default, default);
        Forget();
        (job, recipe, due) = (default, default, null);
        net.Executors.Add(this);
    }

    private int Input(in RowSpec spec) => Job<float>.InputOf(spec.Pair, pairsEach);

    // The first of these rows whose inputs are in the window.
    private int InWindow(ReadOnlySpan<RowSpec> rows)
    {
        var count = rows.Length;
        while (Input(rows[count - 1]) >= window.End)
            count--;
        return count;
    }
}
