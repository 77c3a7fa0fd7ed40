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
        var lane = Lane.Current;
        var most = scratch == 0
            ? arguments.Pairs
            : Math.Min(lane.Device.Accelerator.NumMultiprocessors * GroupsOfProcessor, MostScratch / scratch);
        var before = lane.Mark;
        for (var groups = Math.Clamp(most, 1, arguments.Pairs);; groups /= 2)
        {
            try
            {
                using var kept = Scratch.Rent(groups * scratch);
                Launch<TKernel>(lane, arguments, start, new Rows(lane.Device.Uploads.Of(weights)), kept.Span, groups);
                return;
            }
            catch (OutOfDeviceMemoryException) when (groups > 1)
            {
                // Fewer groups each go through more of the paths.
                lane.Release(before);
            }
        }
    }

    private static void Launch<TKernel>(Lane lane, in PathArguments arguments, int start, Rows weights, Rows scratch, int groups)
        where TKernel : struct, IWholeKernel
    {
        for (var answer = 0; answer < arguments.Answers; answer++)
        {
            var one = arguments.Of(answer);
            lane.Launch<WholeKernel<TKernel>, WholeArguments>(new KernelConfig(groups, ThisGroup.Threads), new WholeArguments
            {
                X = one.X, References = one.References, ReferenceRow = one.ReferenceRows == 1 ? 0 : one.References.Length / one.Pairs,
                Seed = one.Seed, SeedRow = one.SeedRows == 1 ? 0 : one.Seed.Length / one.Pairs, Alphas = one.Alphas,
                StepWeights = one.Weights, Weights = weights, Scratch = scratch, Multipliers = one.Multipliers, Pairs = one.Pairs,
                Steps = one.Steps, Start = start,
            });
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
