using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>Moves numbers: boxes with strides, constants, sums.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Copy
{
    /// <summary>
    /// Copies a box for each row r: y[yOffset + r yRow + sum of i_k To_k] = x[xOffset + r xRow + sum of i_k From_k], for each i_k below
    /// Extent_k. Serves concatenation, slices, padding, transposition, repetition and, with negative steps, reversal. x and y must not
    /// overlap.
    /// </summary>
    /// <exception cref="ArgumentException">The box reaches outside x or y.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Strided(ReadOnlySpan<float> x, int xOffset, Span<float> y, int yOffset, int rows, int xRow, int yRow, in Strides s)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (Math.Min(Math.Min(s.Extent.Item1, s.Extent.Item2), Math.Min(s.Extent.Item3, s.Extent.Item4)) < 0)
            throw new ArgumentException($"An extent must not be negative, but they are {s.Extent}.", nameof(s));
        var axes = new Axes(s);
        if (rows == 0 || axes.Empty)
            return;
        Reach(x.Length, xOffset, rows, xRow, axes.From, axes.Extent, nameof(x));
        Reach(y.Length, yOffset, rows, yRow, axes.To, axes.Extent, nameof(y));
        for (var r = 0; r < rows; r++)
            Box(ref At(x, xOffset + r * xRow), ref At(y, yOffset + r * yRow), axes);
    }

    /// <summary>y = value, everywhere.</summary>
    public static void Fill(Span<float> y, float value) => y.Fill(value);

    /// <summary>y += x.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(ReadOnlySpan<float> x, Span<float> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"x must be as long as y, {y.Length} floats, but has {x.Length}.", nameof(x));
        Loop.Map(default(Plus), y, 1, y.Length, new Operand(y, y.Length), new Operand(x, x.Length));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Box(ref float x, ref float y, in Axes axes)
    {
        for (var i = 0; i < axes.Extent[0]; i++)
        {
            for (var j = 0; j < axes.Extent[1]; j++)
            {
                for (var k = 0; k < axes.Extent[2]; k++)
                {
                    ref var from = ref Unsafe.Add(ref x, i * axes.From[0] + j * axes.From[1] + k * axes.From[2]);
                    ref var to = ref Unsafe.Add(ref y, i * axes.To[0] + j * axes.To[1] + k * axes.To[2]);
                    Line(ref from, axes.From[3], ref to, axes.To[3], axes.Extent[3]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line(ref float x, int from, ref float y, int to, int count)
    {
        if (from == 1 && to == 1)
            MemoryMarshal.CreateReadOnlySpan(ref x, count).CopyTo(MemoryMarshal.CreateSpan(ref y, count));
        else if (from == 0 && to == 1)
            MemoryMarshal.CreateSpan(ref y, count).Fill(x);
        else
        {
            for (var i = 0; i < count; i++)
                Unsafe.Add(ref y, i * to) = Unsafe.Add(ref x, i * from);
        }
    }

    private static void Reach(int length, int offset, int rows, int row, in Four steps, in Four extent, string name)
    {
        var (first, last) = ((long)offset, offset + (rows - 1L) * row);
        for (var k = 0; k < 4; k++)
        {
            var reach = (extent[k] - 1L) * steps[k];
            first += Math.Min(reach, 0);
            last += Math.Max(reach, 0);
        }
        if (first < 0 || row < 0 || last >= length)
            throw new ArgumentException($"The box must lie within the {length} floats of {name}, but reaches from {first} to {last}, with "
                + $"rows {row} apart.", name);
    }

    private static ref float At(ReadOnlySpan<float> span, int offset) => ref Unsafe.Add(ref MemoryMarshal.GetReference(span), offset);

    /// <summary>
    /// The axes, neighbours joined where both sides run on without a gap. The innermost is contiguous, or else the longest.
    /// </summary>
    private struct Axes
    {
        public Four Extent;
        public Four From;
        public Four To;

        public Axes(in Strides s)
        {
            (Extent[0], Extent[1], Extent[2], Extent[3]) = s.Extent;
            (From[0], From[1], From[2], From[3]) = s.From;
            (To[0], To[1], To[2], To[3]) = s.To;
            for (var k = 2; k >= 0; k--)
                Join(k);
            if (From[3] != 1 || To[3] != 1)
                PutLongestInside();
        }

        public readonly bool Empty => Extent[0] == 0 || Extent[1] == 0 || Extent[2] == 0 || Extent[3] == 0;

        /// <summary>Makes one axis of axis k and the one inside it, where they are one.</summary>
        private void Join(int k)
        {
            var inside = k + 1;
            while (inside < 3 && Extent[inside] == 1)
                inside++;
            if (Extent[inside] == 1)
                Swap(k, inside);
            else if (From[k] == From[inside] * Extent[inside] && To[k] == To[inside] * Extent[inside])
                (Extent[inside], Extent[k]) = (Extent[inside] * Extent[k], 1);
        }

        private void PutLongestInside()
        {
            var longest = 3;
            for (var k = 2; k >= 0; k--)
                longest = Extent[k] > Extent[longest] ? k : longest;
            Swap(longest, 3);
        }

        private void Swap(int k, int other)
        {
            (Extent[k], Extent[other]) = (Extent[other], Extent[k]);
            (From[k], From[other]) = (From[other], From[k]);
            (To[k], To[other]) = (To[other], To[k]);
        }
    }

    [InlineArray(4)]
    private struct Four
    {
        private int first;
    }

    private readonly struct Plus : IMap2
    {
        public V At<V, M>(V a, V b) where M : struct, IMath<V> => M.Add(a, b);
    }
}
