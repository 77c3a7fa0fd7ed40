using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>
/// A matrix of weights [depth, columns] as the products read it: blocks of two vectors of columns, each block depth by
/// depth, [block][depth][2 * lanes]. Where the last vector would stick out it is moved back to end with the last column,
/// and computes some columns twice: cheaper than storing part of a vector. Immutable, pinned and aligned.
/// </summary>
internal sealed unsafe class Panels
{
    private const int Alignment = 16;
    private float[]? store;

    /// <summary>Panels of weights, which every vector is to be filled with once there is room.</summary>
    public Panels(int depth, int columns, int lanes)
    {
        Depth = depth;
        Columns = columns;
        Lanes = lanes;
    }

    /// <summary>Makes room, before the first vector is filled.</summary>
    public void Allocate()
    {
        var blocks = (Vectors + 1) / 2;
        store = GC.AllocateUninitializedArray<float>(checked(blocks * Width * Depth + Alignment), pinned: true);
        Start = Align(store);
    }

    /// <summary>Where the first block starts.</summary>
    public float* Start { get; private set; }

    /// <summary>Products summed for each output.</summary>
    public int Depth { get; }

    /// <summary>Outputs.</summary>
    public int Columns { get; }

    /// <summary>Floats in the vectors that the panels are packed for: 4, 8 or 16.</summary>
    public int Lanes { get; }

    /// <summary>Columns of a block.</summary>
    public int Width => 2 * Lanes;

    /// <summary>Vectors in a row of outputs.</summary>
    public int Vectors => View.Vectors;

    /// <summary>The first column of a vector.</summary>
    public int Column(int vector) => View.Column(vector);

    /// <summary>The weight at a depth and a column.</summary>
    public float this[int depth, int column]
    {
        get
        {
            // The last vector may begin earlier than where the one before ends.
            var vector = Math.Min(column / Lanes, Vectors - 1);
            return Start[(nint)(vector / 2 * Width) * Depth + (nint)depth * Width + vector % 2 * Lanes + column - Column(vector)];
        }
    }

    /// <summary>Where a column is at depth 0; from there every <see cref="Width"/> floats.</summary>
    public float* At(int column)
    {
        var vector = Math.Min(column / Lanes, Vectors - 1);
        return Of(vector) + column - Column(vector);
    }

    /// <summary>The same as the products' loops see it; valid while these panels live.</summary>
    public PanelView View => new(Start, Depth, Columns, Lanes);

    /// <summary>The first 64-byte boundary in a pinned array.</summary>
    public static float* Align(float[] pinned)
    {
        var start = (nint)Unsafe.AsPointer(ref pinned[0]);
        return (float*)((start + 63) & ~63);
    }

    /// <summary>Fills lanes of a vector at all depths, which are so many channels of one tap after the other.</summary>
    /// <param name="vector">Which vector.</param>
    /// <param name="lanes">Which lanes: the first, and how many.</param>
    /// <param name="places">Of each tap, where among the weights the first channel's of the first lane is; negative for zeros.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="laneStep">From there to the next lane's.</param>
    /// <param name="channelStep">From there to the next channel's.</param>
    /// <param name="isAbsolute">Whether the weights' sizes are meant, without their signs.</param>
    // Called a few times, but then for millions of weights: not to be run unoptimised first. A few channels of one lane after the other, so
    // that what lies together is read together.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(int vector, (int First, int Count) lanes, ReadOnlySpan<int> places, double* weights, nint laneStep, nint channelStep,
        bool isAbsolute)
    {
        const int Block = 8;
        if (places.IsEmpty)
            return;
        var kept = isAbsolute ? 0x7FFFFFFFu : uint.MaxValue;
        var channels = Depth / places.Length;
        var tapStep = (nint)channels * Width;
        for (var channel = 0; channel < channels; channel += Block)
        {
            var end = Math.Min(channel + Block, channels);
            for (var lane = 0; lane < lanes.Count; lane++)
            {
                var from = weights + lane * laneStep + channel * channelStep;
                var to = (uint*)Of(vector) + (nint)channel * Width + lanes.First + lane;
                for (var at = channel; at < end; at++, from += channelStep, to += Width)
                {
                    for (var tap = 0; tap < places.Length; tap++)
                        to[tap * tapStep] = places[tap] < 0 ? 0 : BitConverter.SingleToUInt32Bits((float)from[places[tap]]) & kept;
                }
            }
        }
    }

    /// <summary>Fills what lies beside the last columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillRest()
    {
        if (Columns < Lanes)
            Fill(0, (Columns, Lanes - Columns), [-1], null, 0, 0, false);
        if (Vectors % 2 == 1)
            Fill(Vectors, (0, Lanes), [-1], null, 0, 0, false);
    }

    private float* Of(int vector) => Start + (nint)(vector / 2 * Width) * Depth + vector % 2 * Lanes;
}

/// <summary>Panels wherever they lie: those of weights, or of a matrix packed for the length of a call.</summary>
internal readonly unsafe struct PanelView(float* start, int depth, int columns, int lanes)
{
    /// <summary>Where the first block starts.</summary>
    public readonly float* Start = start;

    /// <summary>Products summed for each output.</summary>
    public readonly int Depth = depth;

    /// <summary>Outputs.</summary>
    public readonly int Columns = columns;

    /// <summary>Floats in a vector.</summary>
    public readonly int Lanes = lanes;

    /// <summary>Vectors in a row of outputs.</summary>
    public int Vectors => (Columns + Lanes - 1) / Lanes;

    /// <summary>Floats that all blocks take.</summary>
    public int Size => (Vectors + 1) / 2 * 2 * Lanes * Depth;

    /// <summary>The first column of a vector.</summary>
    public int Column(int vector) => Math.Min(vector * Lanes, Math.Max(0, Columns - Lanes));

    /// <summary>Fills the panels with the matrix at <paramref name="from"/>: [depth, columns], or transposed [columns, depth].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(float* from, bool transposed)
    {
        var count = Math.Min(Lanes, Columns);
        for (var vector = 0; vector < Vectors; vector++)
        {
            var to = Start + (nint)(vector / 2 * 2 * Lanes) * Depth + vector % 2 * Lanes;
            if (transposed)
                FillTransposed(from + (nint)Column(vector) * Depth, to, count);
            else
                FillStraight(from + Column(vector), to, count);
        }
    }

    private void FillStraight(float* from, float* to, int count)
    {
        for (var k = 0; k < Depth; k++, from += Columns, to += 2 * Lanes)
        {
            new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
            new Span<float>(to + count, Lanes - count).Clear();
        }
    }

    private void FillTransposed(float* from, float* to, int count)
    {
        for (var k = 0; k < Depth; k++, from++, to += 2 * Lanes)
        {
            for (var lane = 0; lane < count; lane++)
                to[lane] = from[(nint)lane * Depth];
            new Span<float>(to + count, Lanes - count).Clear();
        }
    }
}
