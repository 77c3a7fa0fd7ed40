namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;

/// <summary>Launches the kernels of whole networks. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Whole
{
    // Groups that keep values outside of their shared memory: enough of them for every processor to have something to do while others
    // wait for memory.
    private const int GroupsOfProcessor = 2;
    private const int MostScratch = 1 << 30;

    /// <summary>
    /// All paths in one launch an answer; a group of threads goes through a path's steps, and then perhaps through another path's.
    /// </summary>
    /// <param name="arguments">The paths.</param>
    /// <param name="start">Where the way back begins, as the kernel counts.</param>
    /// <param name="weights">All that comes with the network: <see cref="Join"/>.</param>
    /// <param name="scratch">Floats that a group keeps outside of its shared memory, a multiple of four.</param>
    public static void Paths<TKernel>(in PathArguments arguments, int start, float[] weights, int scratch)
        where TKernel : struct, IWholeKernel
    {
        for (var answer = 0; answer < arguments.Answers; answer++)
        {
            var one = arguments.Of(answer);
            InGroups<TKernel>(new WholeArguments
            {
                X = one.X, References = one.References, ReferenceRow = one.ReferenceRows == 1 ? 0 : one.References.Length / one.Pairs,
                Seed = one.Seed, SeedRow = one.SeedRows == 1 ? 0 : one.Seed.Length / one.Pairs, Alphas = one.Alphas,
                StepWeights = one.Weights, Multipliers = one.Multipliers, Pairs = one.Pairs, Steps = one.Steps, Start = start,
            }, weights, scratch, rowsOfGroup: 1);
        }
    }

    /// <summary>A forward pass in one launch: a group goes through so many rows at a time.</summary>
    /// <param name="x">[rows, size of an input].</param>
    /// <param name="point">The point whose value is read, or -1 for all outputs.</param>
    /// <param name="value">Out: the values.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="weights">All that comes with the network: <see cref="Join"/>.</param>
    /// <param name="scratch">Floats that a group keeps outside of its shared memory, a multiple of four.</param>
    /// <param name="rowsOfGroup">Rows that a group goes through at a time.</param>
    public static void Forward<TKernel>(Rows x, int point, Rows value, int rows, float[] weights, int scratch, int rowsOfGroup)
        where TKernel : struct, IWholeKernel =>
        InGroups<TKernel>(new WholeArguments { X = x, Pairs = rows, Values = value, Reads = point }, weights, scratch, rowsOfGroup);

    /// <summary>Whether a walk back is one that a kernel for rows knows: from an output to the inputs, of rows as they are.</summary>
    public static bool Goes(in BackwardArguments arguments) =>
        arguments is { To: < 0, InjectAt: < 0, ToValue.IsEmpty: true, PositiveDelta.IsEmpty: true, NegativeDelta.IsEmpty: true }
        && (arguments.SeedRows == 1 || arguments.SeedRows == arguments.Rows);

    /// <summary>A walk back in one launch an answer.</summary>
    /// <param name="arguments">The walk.</param>
    /// <param name="start">Where it begins, as the kernel counts.</param>
    /// <param name="keptSize">Floats that are kept of a reference.</param>
    /// <param name="weights">All that comes with the network: <see cref="Join"/>.</param>
    /// <param name="scratch">Floats that a group keeps outside of its shared memory, a multiple of four.</param>
    /// <param name="rowsOfGroup">Rows that a group goes through at a time.</param>
    public static void Backward<TKernel>(in BackwardArguments arguments, int start, int keptSize, float[] weights, int scratch,
        int rowsOfGroup) where TKernel : struct, IWholeKernel
    {
        for (var answer = 0; answer < arguments.Answers; answer++)
        {
            var one = arguments.Of(answer);
            var seed = one.Seed.Length / one.SeedRows;
            InGroups<TKernel>(new WholeArguments
            {
                X = one.X, Pairs = one.Rows, References = one.Kept, ReferenceRow = one.ReferenceRows == 1 ? 0 : keptSize, Seed = one.Seed,
                SeedRow = one.SeedRows == 1 ? 0 : seed, SeedSize = seed, Start = start, Multipliers = one.Multipliers,
                Negatives = one.NegativeMultipliers, HasNegatives = one.NegativeMultipliers.IsEmpty ? 0 : 1, Values = one.FromValue,
                Reads = one.FromValue.IsEmpty ? -1 : one.From,
            }, weights, scratch, rowsOfGroup);
        }
    }

    private static void InGroups<TKernel>(WholeArguments arguments, float[] weights, int scratch, int rowsOfGroup)
        where TKernel : struct, IWholeKernel
    {
        var lane = Lane.Current;
        arguments.Weights = new Rows(lane.Device.Uploads.Of(weights));
        var wanted = (arguments.Pairs + rowsOfGroup - 1) / rowsOfGroup;
        Tried(lane, scratch, wanted, (kept, groups) =>
        {
            arguments.Scratch = kept;
            lane.Launch<WholeKernel<TKernel>, WholeArguments>(new KernelConfig(groups, ThisGroup.Threads), arguments);
        });
    }

    // Groups that keep values outside of their shared memory: as many as there is memory for, each of which goes through more of all.
    private static void Tried(Lane lane, int scratch, int wanted, Action<Rows, int> launch)
    {
        var most = scratch == 0
            ? wanted
            : Math.Min(lane.Device.Accelerator.NumMultiprocessors * GroupsOfProcessor, MostScratch / scratch);
        var before = lane.Mark;
        for (var groups = Math.Clamp(most, 1, wanted);; groups /= 2)
        {
            try
            {
                using var kept = Scratch.Rent(groups * scratch);
                launch(kept.Span, groups);
                return;
            }
            catch (OutOfDeviceMemoryException) when (groups > 1)
            {
                lane.Release(before);
            }
        }
    }

    /// <summary>Weights and constants as a kernel finds them: one after the other, each filled up to a multiple of four.</summary>
    public static float[] Join(params WeightPart[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var all = new List<float>();
        foreach (var part in parts)
        {
            all.AddRange(part.Numbers);
            while (all.Count % 4 != 0)
                all.Add(0);
        }
        return [.. all];
    }
}

/// <summary>Some of what comes with a network. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct WeightPart
{
    private WeightPart(float[] numbers) => Numbers = numbers;

    internal float[] Numbers { get; }

    /// <summary>A bias, or a constant.</summary>
    public static implicit operator WeightPart(float[] numbers) => new(numbers);

    /// <summary>A dense layer's weights, each input's filled up to a multiple of four.</summary>
    public static implicit operator WeightPart(Matrix matrix) => new(Filled(matrix.Weights, matrix.Outputs));

    /// <summary>A convolution's weights, each tap's and channel's filled up to a multiple of four.</summary>
    public static implicit operator WeightPart(Filters filters) => new(Filled(filters.Weights, filters.After));

    private static float[] Filled(float[] rows, int size)
    {
        var pitch = (size + 3) / 4 * 4;
        var filled = new float[rows.Length / size * pitch];
        for (var row = 0; row < rows.Length / size; row++)
            rows.AsSpan(row * size, size).CopyTo(filled.AsSpan(row * pitch));
        return filled;
    }
}
