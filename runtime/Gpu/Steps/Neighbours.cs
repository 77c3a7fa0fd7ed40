namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;

/// <summary>Sums of neighbouring channels. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Neighbours
{
    /// <summary>
    /// y[c] = factor * (x[c - before] + ... + x[c + after]) + offset, channels beyond the border counted as 0. Shapes: x and y
    /// [rows, positions, channels].
    /// </summary>
    public static void Sum(Rows x, Rows y, int rows, int positions, int channels, int before, int after, float factor, float offset) =>
        Lane.Current.Launch<SumOf, NeighboursArguments>((long)rows * positions * channels, new NeighboursArguments
        {
            X = x.View, Y = y.View, Count = rows * positions * channels, Channels = channels, Before = before, After = after,
            Factor = factor, Offset = offset,
        });

    private readonly struct SumOf : IKernel<NeighboursArguments>
    {
        public static void Run(NeighboursArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var place = n / p.Channels * p.Channels;
            var (first, last) = (Math.Max(place, n - p.Before), Math.Min(place + p.Channels - 1, n + p.After));
            var sum = 0f;
            for (var i = first; i <= last; i++)
                sum += p.X[i];
            p.Y[n] = sum * p.Factor + p.Offset;
        }
    }
}

internal struct NeighboursArguments
{
    public ArrayView<float> X;
    public ArrayView<float> Y;
    public int Count;
    public int Channels;
    public int Before;
    public int After;
    public float Factor;
    public float Offset;
}
