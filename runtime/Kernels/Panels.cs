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
    private readonly float[] store;

    /// <summary>Packs the weights that <paramref name="at"/> gives for (depth, column).</summary>
    public Panels(int depth, int columns, int lanes, Func<int, int, double> at)
    {
        Depth = depth;
        Columns = columns;
        Lanes = lanes;
        var blocks = (Vectors + 1) / 2;
        store = GC.AllocateArray<float>(checked(blocks * Width * depth + Alignment), pinned: true);
        Start = Align(store);
        for (var vector = 0; vector < Vectors; vector++)
            PackVector(vector, at);
    }

    /// <summary>Where the first block starts.</summary>
    public float* Start { get; }

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

    /// <summary>The same as the products' loops see it; valid while these panels live.</summary>
    public PanelView View => new(Start, Depth, Columns, Lanes);

    /// <summary>The first 64-byte boundary in a pinned array.</summary>
    public static float* Align(float[] pinned)
    {
        var start = (nint)Unsafe.AsPointer(ref pinned[0]);
        return (float*)((start + 63) & ~63);
    }

    // Called once for a network's weights, but then millions of times inside: not to be run unoptimised first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackVector(int vector, Func<int, int, double> at)
    {
        var first = Column(vector);
        var count = Math.Min(Lanes, Columns);
        var to = Start + (nint)(vector / 2 * Width) * Depth + vector % 2 * Lanes;
        for (var k = 0; k < Depth; k++, to += Width)
        {
            for (var lane = 0; lane < count; lane++)
                to[lane] = (float)at(k, first + lane);
        }
    }
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
