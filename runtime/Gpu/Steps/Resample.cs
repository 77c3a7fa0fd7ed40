namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;

/// <summary>
/// What each place along a resampled axis reads: [places][taps] indices and weights, and the same by what is read, for the way back.
/// Immutable. Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Resampling
{
    /// <summary>Places that read so many others each; without weights all are 1.</summary>
    public Resampling(int taps, int[] indices, float[] weights)
    {
        (Taps, Indices, Places) = (taps, indices, indices.Length / taps);
        Weights = weights.Length > 0 ? weights : Enumerable.Repeat(1f, indices.Length).ToArray();
        var readers = Enumerable.Range(0, indices.Length).ToLookup(tap => indices[tap]);
        var axis = indices.Max() + 1;
        var starts = new List<int> { 0 };
        var readBy = new List<int>();
        for (var i = 0; i < axis; i++)
        {
            readBy.AddRange(readers[i]);
            starts.Add(readBy.Count);
        }
        (Starts, Readers) = (starts.ToArray(), readBy.ToArray());
    }

    internal int Taps { get; }

    internal int Places { get; }

    internal int[] Indices { get; }

    internal float[] Weights { get; }

    /// <summary>Where the taps that read an index begin in <see cref="Readers"/>; indices beyond these are read by none.</summary>
    internal int[] Starts { get; }

    internal int[] Readers { get; }
}

/// <summary>Weighted sums of places along the middle axis of [outer][axis][inner], and the way back. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Resample
{
    /// <summary>y[place] = sum of weight x[index]. Shapes: x [rows, outer, axis, inner], y [rows, outer, places, inner].</summary>
    public static void Along(Rows x, Rows y, int rows, int outer, int axis, int inner, Resampling how) =>
        Run<Forward>(x, y, rows * outer, axis, how.Places, inner, how);

    /// <summary>
    /// dx[index] = sum of weight m[place]: the transpose. Shapes: m [rows, outer, places, inner], dx [rows, outer, axis, inner].
    /// </summary>
    public static void Back(Rows m, Rows dx, int rows, int outer, int axis, int inner, Resampling how) =>
        Run<Backward>(m, dx, rows * outer, how.Places, axis, inner, how);

    private static void Run<K>(Rows x, Rows y, int outer, int from, int to, int inner, Resampling how)
        where K : struct, IKernel<ResampleArguments>
    {
        var uploads = Lane.Current.Device.Uploads;
        Lane.Current.Launch<K, ResampleArguments>((long)outer * to * inner, new ResampleArguments
        {
            X = x.View, Y = y.View, Count = outer * to * inner, From = from, To = to, Inner = inner, Taps = how.Taps,
            Indices = uploads.Of(how.Indices), Weights = uploads.Of(how.Weights), Starts = uploads.Of(how.Starts),
            Readers = uploads.Of(how.Readers),
        });
    }

    private readonly struct Forward : IKernel<ResampleArguments>
    {
        public static void Run(ResampleArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var (outer, place, i) = p.Place(n);
            var sum = 0f;
            for (var tap = place * p.Taps; tap < (place + 1) * p.Taps; tap++)
                sum += p.X[(outer * p.From + p.Indices[tap]) * p.Inner + i] * p.Weights[tap];
            p.Y[n] = sum;
        }
    }

    private readonly struct Backward : IKernel<ResampleArguments>
    {
        public static void Run(ResampleArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var (outer, index, i) = p.Place(n);
            var sum = 0f;
            var last = (int)p.Starts.Length - 1;
            var isRead = index < last;
            var end = p.Starts[Math.Min(index + 1, last)];
            for (var reader = p.Starts[Math.Min(index, last)]; isRead & reader < end; reader++)
            {
                var tap = p.Readers[reader];
                sum += p.X[(outer * p.From + tap / p.Taps) * p.Inner + i] * p.Weights[tap];
            }
            p.Y[n] = sum;
        }
    }
}

internal struct ResampleArguments
{
    public ArrayView<float> X;
    public ArrayView<float> Y;
    public ArrayView<int> Indices;
    public ArrayView<float> Weights;
    public ArrayView<int> Starts;
    public ArrayView<int> Readers;
    public int Count;
    public int From;
    public int To;
    public int Inner;
    public int Taps;

    /// <summary>Where an element of the result lies: outside the axis, along it, and inside.</summary>
    public readonly (int Outer, int Along, int Inner) Place(int element)
    {
        var line = element / Inner;
        var outer = line / To;
        return (outer, line - outer * To, element - line * Inner);
    }
}
