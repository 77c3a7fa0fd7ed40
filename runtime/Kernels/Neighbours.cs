using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>Sums of neighbouring channels, at each place of examples of [positions][channels].</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Neighbours
{
    /// <summary>
    /// y[c] = factor * (x[c - before] + ... + x[c + after]) + offset, channels beyond the border counted as 0. The same additions in the
    /// same order at every width. Shapes: x and y [rows, positions, channels].
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or a size is out of range.</exception>
    public static void Sum(ReadOnlySpan<float> x, Span<float> y, int rows, int positions, int channels, int before, int after, float factor,
        float offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(positions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        Lengths.Require(x, rows, checked(positions * channels), nameof(x));
        Lengths.Require(y, rows, positions * channels, nameof(y));
        for (var place = 0; place < rows * positions * channels; place += channels)
        {
            ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(x), place);
            ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), place);
            var window = new Around(channels, before, after, factor, offset);
            var c = window.Single(ref from, ref to, 0, Math.Min(before, channels));
            if (Vector512.IsHardwareAccelerated)
                c = window.Wide<Vector512<float>, Vector512Math>(ref from, ref to, c);
            if (Vector256.IsHardwareAccelerated)
                c = window.Wide<Vector256<float>, Vector256Math>(ref from, ref to, c);
            c = window.Wide<Vector128<float>, Vector128Math>(ref from, ref to, c);
            window.Single(ref from, ref to, c, channels);
        }
    }

    /// <summary>One place's channels.</summary>
    private readonly struct Around(int channels, int before, int after, float factor, float offset)
    {
        /// <summary>Channels one at a time, also where the window crosses the border.</summary>
        public int Single(ref float x, ref float y, int c, int end)
        {
            for (; c < end; c++)
            {
                var sum = 0f;
                for (var i = Math.Max(0, c - before); i <= Math.Min(channels - 1, c + after); i++)
                    sum += Unsafe.Add(ref x, i);
                Unsafe.Add(ref y, c) = sum * factor + offset;
            }
            return c;
        }

        /// <summary>As many channels at once as a vector holds, where the window of the last stays within the border.</summary>
        public int Wide<V, M>(ref float x, ref float y, int c) where M : struct, ILanes<V>
        {
            var (scale, constant) = (M.Constant(factor), M.Constant(offset));
            for (; c <= channels - after - M.Count; c += M.Count)
            {
                var sum = M.Constant(0);
                for (var i = c - before; i <= c + after; i++)
                    sum = M.Add(sum, M.Load(in x, (nuint)i));
                M.Store(M.Add(M.Multiply(sum, scale), constant), ref y, (nuint)c);
            }
            return c;
        }
    }
}
