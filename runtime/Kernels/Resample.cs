using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>
/// What each place along a resampled axis reads: [places][taps] indices and weights. Immutable, safe to share between threads.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Resampling
{
    /// <summary>Places that read so many others each; without weights all are 1.</summary>
    /// <exception cref="ArgumentException">The numbers of indices, weights and taps do not fit.</exception>
    public Resampling(int taps, int[] indices, float[] weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(taps);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(weights);
        if (indices.Length == 0 || indices.Length % taps != 0)
            throw new ArgumentException($"There must be {taps} indices for each place, but there are {indices.Length}.", nameof(indices));
        if (weights.Length != 0 && weights.Length != indices.Length)
            throw new ArgumentException($"There must be a weight for each of the {indices.Length} indices, or none at all, but there are "
                + $"{weights.Length}.", nameof(weights));
        (Taps, Places, Largest, Smallest) = (taps, indices.Length / taps, indices.Max(), indices.Min());
        (this.indices, this.weights) = ((int[])indices.Clone(), (float[])weights.Clone());
    }

    private readonly int[] indices;
    private readonly float[] weights;

    /// <summary>How many each place reads.</summary>
    public int Taps { get; }

    /// <summary>How many places there are after resampling.</summary>
    public int Places { get; }

    internal int Largest { get; }

    internal int Smallest { get; }

    internal int Index(int tap) => indices[tap];

    internal float Weight(int tap) => weights.Length == 0 ? 1 : weights[tap];
}

/// <summary>
/// Weighted sums of places along the middle axis of [outer][axis][inner], for each row, and the way back; taps in ascending order.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Resample
{
    /// <summary>
    /// y[place] = sum of weight x[index]. Shapes: x [rows, outer, axis, inner], y [rows, outer, places, inner]; they must not overlap.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or an index lies outside the axis.</exception>
    public static void Along(ReadOnlySpan<float> x, Span<float> y, int rows, int outer, int axis, int inner, Resampling how)
    {
        Require(how, axis);
        Lengths.Require(x, rows, outer * axis * inner, nameof(x));
        Lengths.Require(y, rows, outer * how.Places * inner, nameof(y));
        for (var o = 0; o < rows * outer; o++)
        {
            for (var tap = 0; tap < how.Places * how.Taps; tap++)
            {
                var from = x.Slice((o * axis + how.Index(tap)) * inner, inner);
                var to = y.Slice((o * how.Places + tap / how.Taps) * inner, inner);
                if (tap % how.Taps == 0)
                    Set(from, to, how.Weight(tap));
                else
                    Add(from, to, how.Weight(tap));
            }
        }
    }

    /// <summary>
    /// x[index] = sum of weight y[place] over all places that read it, the transpose of <see cref="Along"/>. Shapes as there, from y to x.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows, or an index lies outside the axis.</exception>
    public static void Back(ReadOnlySpan<float> y, Span<float> x, int rows, int outer, int axis, int inner, Resampling how)
    {
        Require(how, axis);
        Lengths.Require(x, rows, outer * axis * inner, nameof(x));
        Lengths.Require(y, rows, outer * how.Places * inner, nameof(y));
        x[..(rows * outer * axis * inner)].Clear();
        for (var o = 0; o < rows * outer; o++)
        {
            for (var tap = 0; tap < how.Places * how.Taps; tap++)
                Add(y.Slice((o * how.Places + tap / how.Taps) * inner, inner), x.Slice((o * axis + how.Index(tap)) * inner, inner),
                    how.Weight(tap));
        }
    }

    private static void Require(Resampling how, int axis)
    {
        ArgumentNullException.ThrowIfNull(how);
        if (how.Smallest < 0 || how.Largest >= axis)
            throw new ArgumentException($"Indices along an axis of {axis} must be from 0 to {axis - 1}, but are from {how.Smallest} to "
                + $"{how.Largest}.", nameof(how));
    }

    private static void Set(ReadOnlySpan<float> from, Span<float> to, float weight)
    {
        // What nothing is read of adds nothing, be it infinite.
        if (weight == 0)
        {
            to.Clear();
            return;
        }
        if (weight == 1)
        {
            from.CopyTo(to);
            return;
        }
        var wide = MemoryMarshal.Cast<float, Vector<float>>(from);
        var wideTo = MemoryMarshal.Cast<float, Vector<float>>(to);
        for (var i = 0; i < wide.Length; i++)
            wideTo[i] = wide[i] * weight;
        for (var i = wide.Length * Vector<float>.Count; i < from.Length; i++)
            to[i] = from[i] * weight;
    }

    // A product and a sum, each rounded, are the same number in a vector and alone.
    private static void Add(ReadOnlySpan<float> from, Span<float> to, float weight)
    {
        if (weight == 0)
            return;
        var wide = MemoryMarshal.Cast<float, Vector<float>>(from);
        var wideTo = MemoryMarshal.Cast<float, Vector<float>>(to);
        for (var i = 0; i < wide.Length; i++)
            wideTo[i] += wide[i] * weight;
        for (var i = wide.Length * Vector<float>.Count; i < from.Length; i++)
            to[i] += from[i] * weight;
    }
}
