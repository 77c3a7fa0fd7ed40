using System.Runtime.CompilerServices;

namespace Whence.Kernels;

/// <summary>
/// A matrix of weights [depth, columns] as the products read it: blocks of two vectors of columns, each block depth by
/// depth, [block][depth][2 * lanes]. The last block is filled up with zeros, so that no column is ever computed otherwise
/// than in a vector. Immutable, pinned and aligned.
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
        var blocks = (columns + Width - 1) / Width;
        store = GC.AllocateArray<float>(checked(blocks * Width * depth + Alignment), pinned: true);
        Start = Align(store);
        for (var block = 0; block < blocks; block++)
            PackBlock(block * Width, Math.Min(Width, columns - block * Width), at);
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

    /// <summary>The first 64-byte boundary in a pinned array.</summary>
    public static float* Align(float[] pinned)
    {
        var start = (nint)Unsafe.AsPointer(ref pinned[0]);
        return (float*)((start + 63) & ~63);
    }

    private void PackBlock(int first, int count, Func<int, int, double> at)
    {
        var to = Start + (nint)first * Depth;
        for (var k = 0; k < Depth; k++, to += Width)
        {
            for (var column = 0; column < count; column++)
                to[column] = (float)at(k, first + column);
        }
    }
}
