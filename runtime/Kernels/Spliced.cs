using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>
/// Folds over all positions of an image, row by row, of which those in a box lie elsewhere. Four vectors of channels at a time, so that no
/// chain of additions waits for itself; the last of them end with the last channel, and fold some channels twice. Each channel has the bits
/// of <see cref="Cell"/>'s folds, whose steps round alike at every width.
/// </summary>
internal readonly ref struct Spliced
{
    private readonly ref float whole;
    private readonly ref float part;
    private readonly Extent image;
    private readonly ChangedBox box;

    /// <param name="whole">[height][width][channels].</param>
    /// <param name="part">What lies in the box in its place.</param>
    /// <param name="image">The image's extents.</param>
    /// <param name="box">The box.</param>
    public Spliced(ref float whole, ref float part, in Extent image, in ChangedBox box)
    {
        this.whole = ref whole;
        this.part = ref part;
        this.image = image;
        this.box = box;
    }

    /// <summary>y[c] = the fold of all positions, in ascending order.</summary>
    public void Fold<F>(F fold, ref float y) where F : struct, IFold
    {
        if (Vector512.IsHardwareAccelerated && image.Channels >= Vector512<float>.Count)
            Fold<Vector512<float>, Vector512Math, F>(fold, ref y);
        else if (Vector256.IsHardwareAccelerated && image.Channels >= Vector256<float>.Count)
            Fold<Vector256<float>, Vector256Math, F>(fold, ref y);
        else if (image.Channels >= Vector128<float>.Count)
            Fold<Vector128<float>, Vector128Math, F>(fold, ref y);
        else
            Fold<float, FloatMath, F>(fold, ref y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fold<V, M, F>(F fold, ref float y) where M : struct, ILanes<V> where F : struct, IFold
    {
        var last = image.Channels - M.Count;
        for (var c = 0; c < image.Channels; c += 4 * M.Count)
        {
            var at = (A: Math.Min(c, last), B: Math.Min(c + M.Count, last), C: Math.Min(c + 2 * M.Count, last),
                D: Math.Min(c + 3 * M.Count, last));
            var (a, b, d, e) = (fold.Start<V, M>(), fold.Start<V, M>(), fold.Start<V, M>(), fold.Start<V, M>());
            // Up to the box in one run, then its lines and what lies between them.
            ref var from = ref whole;
            var (count, line) = (box.Top * image.Width + box.Left, -1);
            while (true)
            {
                for (var i = 0; i < count; i++)
                {
                    a = fold.Next<V, M>(a, M.Load(in from, (nuint)at.A));
                    b = fold.Next<V, M>(b, M.Load(in from, (nuint)at.B));
                    d = fold.Next<V, M>(d, M.Load(in from, (nuint)at.C));
                    e = fold.Next<V, M>(e, M.Load(in from, (nuint)at.D));
                    from = ref Unsafe.Add(ref from, image.Channels);
                }
                if (++line == 2 * box.Height)
                    break;
                var row = line / 2;
                var isPart = line % 2 == 0;
                var next = (box.Top + row) * image.Width + box.Left + box.Width;
                count = isPart ? box.Width : row < box.Height - 1 ? image.Width - box.Width : image.Height * image.Width - next;
                from = ref isPart ? ref Unsafe.Add(ref part, row * box.Width * image.Channels)
                    : ref Unsafe.Add(ref whole, next * image.Channels);
            }
            M.Store(fold.End<V, M>(a), ref y, (nuint)at.A);
            M.Store(fold.End<V, M>(b), ref y, (nuint)at.B);
            M.Store(fold.End<V, M>(d), ref y, (nuint)at.C);
            M.Store(fold.End<V, M>(e), ref y, (nuint)at.D);
        }
    }
}
