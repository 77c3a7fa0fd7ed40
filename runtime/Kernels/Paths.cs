using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>Sums over the steps of a path. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Paths
{
    /// <summary>
    /// sums[offset + i] += weights[r] m[r, i] for every row r in order, in double precision: the bits do not depend on how many rows come
    /// at a time. A weight of 0 adds nothing. Where there are weights for several sums, to each of them.
    /// </summary>
    /// <param name="arguments">The rows, their weights and the sums.</param>
    /// <param name="multipliers">[rows, size].</param>
    /// <param name="offset">Where in the sums.</param>
    /// <param name="size">Elements of one row.</param>
    public static void Add(in BackwardArguments<float> arguments, ReadOnlySpan<float> multipliers, int offset, int size)
    {
        Lengths.Require(multipliers, arguments.Rows, size, nameof(multipliers));
        for (var (at, sums) = (0, offset); at < arguments.Weights.Length; at += arguments.Rows, sums += arguments.SumStride)
            Add(multipliers, arguments.Weights.Slice(at, arguments.Rows), arguments.Sums.Slice(sums, size));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ReadOnlySpan<float> multipliers, ReadOnlySpan<double> weights, Span<double> sums)
    {
        ref var start = ref MemoryMarshal.GetReference(multipliers);
        var i = 0;
        for (; i + Vector<float>.Count <= sums.Length; i += Vector<float>.Count)
        {
            var (sum, next) = (new Vector<double>(sums[i..]), new Vector<double>(sums[(i + Vector<double>.Count)..]));
            for (var row = 0; row < weights.Length; row++)
            {
                if (weights[row] == 0)
                    continue;
                Vector.Widen(Vector.LoadUnsafe(ref start, (nuint)(row * sums.Length + i)), out var low, out var high);
                sum += weights[row] * low;
                next += weights[row] * high;
            }
            sum.CopyTo(sums[i..]);
            next.CopyTo(sums[(i + Vector<double>.Count)..]);
        }
        for (; i < sums.Length; i++)
        {
            for (var row = 0; row < weights.Length; row++)
            {
                if (weights[row] != 0)
                    sums[i] += weights[row] * multipliers[row * sums.Length + i];
            }
        }
    }

    /// <summary>y[r, i] = sums[r, offset + i], rounded once.</summary>
    /// <param name="sums">[rows, row].</param>
    /// <param name="offset">Where in each row of the sums.</param>
    /// <param name="row">From one row of the sums to the next.</param>
    /// <param name="y">[rows, size].</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="size">Elements of one row.</param>
    public static void Sum(ReadOnlySpan<double> sums, int offset, int row, Span<float> y, int rows, int size)
    {
        for (var r = 0; r < rows; r++)
        {
            var from = sums.Slice(r * row + offset, size);
            var to = y.Slice(r * size, size);
            for (var i = 0; i < to.Length; i++)
                to[i] = (float)from[i];
        }
    }
}
