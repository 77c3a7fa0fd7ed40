namespace Whence;

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

/// <summary>A target's value, and the sum of its units' sizes, which says how exact it is.</summary>
internal readonly record struct Weighed(double Value, double Size)
{
    /// <summary>That of a reference where there is none.</summary>
    public static Weighed None => new(double.NaN, double.NaN);

    public static Weighed operator +(Weighed a, Weighed b) => new(a.Value + b.Value, a.Size + b.Size);

    public static Weighed operator /(Weighed a, double b) => new(a.Value / b, a.Size / b);
}

/// <summary>
/// Loops over one row. Each element is rounded as if it were alone, so that a row's bits depend on nothing else. Fully compiled at
/// their first call, which may be the only one.
/// </summary>
internal static partial class Rows
{
    /// <summary>y = x0 + alpha (x - x0), computed in double; the ends are exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Between<T>(ReadOnlySpan<T> x0, ReadOnlySpan<T> x, double alpha, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (alpha == 0 || alpha == 1)
        {
            (alpha == 0 ? x0 : x).CopyTo(y);
            return;
        }
        var i = 0;
        if (typeof(T) == typeof(float))
        {
            var a = MemoryMarshal.Cast<T, Vector<float>>(x);
            var a0 = MemoryMarshal.Cast<T, Vector<float>>(x0);
            var b = MemoryMarshal.Cast<T, Vector<float>>(y);
            var factor = new Vector<double>(alpha);
            for (var v = 0; v < b.Length; v++)
            {
                Vector.Widen(a[v], out var low, out var high);
                Vector.Widen(a0[v], out var low0, out var high0);
                b[v] = Vector.Narrow(low0 + factor * (low - low0), high0 + factor * (high - high0));
            }
            i = b.Length * Vector<float>.Count;
        }
        for (; i < y.Length; i++)
        {
            var at0 = double.CreateTruncating(x0[i]);
            y[i] = T.CreateTruncating(at0 + alpha * (double.CreateTruncating(x[i]) - at0));
        }
    }

    /// <summary>
    /// A multiplier times a difference, and 0 where either is 0: what does not move contributes nothing, however steep the network.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Times(double multiplier, double difference) => multiplier == 0 || difference == 0 ? 0 : multiplier * difference;

    /// <summary>sum += weight x, and nothing where either is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled<T>(Span<double> sum, ReadOnlySpan<T> x, double weight) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weight == 0)
            return;
        var i = 0;
        for (; !double.IsFinite(weight) && i < x.Length; i++)
            sum[i] += Times(weight, double.CreateTruncating(x[i]));
        if (i > 0)
            return;
        if (typeof(T) == typeof(float))
        {
            var a = MemoryMarshal.Cast<T, Vector<float>>(x);
            var s = MemoryMarshal.Cast<double, Vector<double>>(sum);
            var factor = new Vector<double>(weight);
            for (var v = 0; v < a.Length; v++)
            {
                Vector.Widen(a[v], out var low, out var high);
                s[2 * v] += factor * low;
                s[2 * v + 1] += factor * high;
            }
            i = a.Length * Vector<float>.Count;
        }
        for (; i < x.Length; i++)
            sum[i] += weight * double.CreateTruncating(x[i]);
    }

    /// <summary>The same numbers in double.</summary>
    public static void Widen<T>(ReadOnlySpan<T> x, Span<double> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = double.CreateTruncating(x[i]);
    }

    /// <summary>The sum of products, one term after the other, in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<T>(ReadOnlySpan<T> weights, ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            // A unit that is not asked about may be infinite: zero times it is no part of the sum.
            if (weights[i] != T.Zero)
                sum += double.CreateTruncating(weights[i]) * double.CreateTruncating(x[i]);
        }
        return sum;
    }

    /// <summary>The sum of products, and of their sizes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Weighed Weigh<T>(ReadOnlySpan<T> weights, ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] != T.Zero)
                size += Math.Abs(double.CreateTruncating(weights[i]) * double.CreateTruncating(x[i]));
        }
        return new(Dot(weights, x), size);
    }

    /// <summary>The difference of two elements: none where they are the same, though that be minus infinity in a mask.</summary>
    public static double Move<T>(T end, T start) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        end == start ? 0 : double.CreateTruncating(end) - double.CreateTruncating(start);

    /// <summary>The largest size of an element; what is not finite may be passed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Largest<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (largest, i) = (0.0, 0);
        if (typeof(T) == typeof(float))
        {
            var a = MemoryMarshal.Cast<T, Vector<float>>(x);
            var most = Vector<float>.Zero;
            foreach (var lanes in a)
                most = Vector.Max(most, Vector.Abs(lanes));
            for (var lane = 0; lane < Vector<float>.Count; lane++)
                largest = Math.Max(largest, most[lane]);
            i = a.Length * Vector<float>.Count;
        }
        for (; i < x.Length; i++)
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(x[i])));
        return largest;
    }

    /// <summary>The index of the first element that is infinite or not a number, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FirstNonFinite<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var i = 0;
        if (typeof(T) == typeof(float))
        {
            var a = MemoryMarshal.Cast<T, Vector<float>>(x);
            var v = 0;
            // x - x is 0 for every finite x and NaN for every other.
            while (v < a.Length && Vector.EqualsAll(a[v] - a[v], Vector<float>.Zero))
                v++;
            i = v * Vector<float>.Count;
        }
        for (; i < x.Length; i++)
        {
            if (!T.IsFinite(x[i]))
                return i;
        }
        return -1;
    }
}
