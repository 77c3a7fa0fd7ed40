namespace Whence;

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

// Loops over moves from a reference to an input: in vectors where the elements are floats, to the bits that Times and Move have.
internal static partial class Rows
{
    // Elements that are summed side by side in SumUp, on every machine.
    private const int Chains = 8;

    /// <summary>sum += end - start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMoves<T>(Span<double> sum, ReadOnlySpan<T> end, ReadOnlySpan<T> start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var ends = Lanes(end);
        var starts = Lanes(start);
        var sums = Lanes(sum);
        for (var v = 0; v < ends.Length; v++)
        {
            Move(ends[v], starts[v], out var low, out var high);
            sums[2 * v] += low;
            sums[2 * v + 1] += high;
        }
        for (var i = ends.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += Move(end[i], start[i]);
    }

    /// <summary>sum += m (end - start).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTimes<T>(Span<double> sum, ReadOnlySpan<T> m, ReadOnlySpan<T> end, ReadOnlySpan<T> start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var factors = Lanes(m);
        var ends = Lanes(end);
        var starts = Lanes(start);
        var sums = Lanes(sum);
        for (var v = 0; v < ends.Length; v++)
        {
            Move(ends[v], starts[v], out var low, out var high);
            Vector.Widen(factors[v], out var lowFactor, out var highFactor);
            sums[2 * v] += Times(lowFactor, low);
            sums[2 * v + 1] += Times(highFactor, high);
        }
        for (var i = ends.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += Times(double.CreateTruncating(m[i]), Move(end[i], start[i]));
    }

    /// <summary>sum += m (end - start), of multipliers in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddWideTimes<T>(Span<double> sum, ReadOnlySpan<double> m, ReadOnlySpan<T> end, ReadOnlySpan<T> start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var factors = Lanes(m);
        var ends = Lanes(end);
        var starts = Lanes(start);
        var sums = Lanes(sum);
        for (var v = 0; v < ends.Length; v++)
        {
            Move(ends[v], starts[v], out var low, out var high);
            sums[2 * v] += Times(factors[2 * v], low);
            sums[2 * v + 1] += Times(factors[2 * v + 1], high);
        }
        for (var i = ends.Length * Vector<float>.Count; i < sum.Length; i++)
            sum[i] += Times(m[i], Move(end[i], start[i]));
    }

    /// <summary>x times each sum over so many; both are those of the same elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TimesMeans<T>(Span<T> x, ReadOnlySpan<double> sum, double count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = Lanes(x);
        var sums = Lanes(sum);
        var by = new Vector<double>(count);
        for (var v = 0; v < lanes.Length; v++)
        {
            Vector.Widen(lanes[v], out var low, out var high);
            lanes[v] = Vector.Narrow(Times(low, sums[2 * v] / by), Times(high, sums[2 * v + 1] / by));
        }
        for (var i = lanes.Length * Vector<float>.Count; i < x.Length; i++)
            x[i] = T.CreateTruncating(Times(double.CreateTruncating(x[i]), sum[i] / count));
    }

    /// <summary>y = sum / count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Means<T>(ReadOnlySpan<double> sum, double count, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = Lanes(y);
        var sums = Lanes(sum);
        var by = new Vector<double>(count);
        for (var v = 0; v < lanes.Length; v++)
            lanes[v] = Vector.Narrow(sums[2 * v] / by, sums[2 * v + 1] / by);
        for (var i = lanes.Length * Vector<float>.Count; i < y.Length; i++)
            y[i] = T.CreateTruncating(sum[i] / count);
    }

    /// <summary>
    /// The sum of the elements, and of their sizes. Element i is a term of chain i modulo 8, one after the other, and of the chains come
    /// ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)), on every machine.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Sum, double Magnitude) SumUp<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector256<double> sums = default, sums4 = default, sizes = default, sizes4 = default;
        var i = 0;
        for (; i <= x.Length - Chains; i += Chains)
        {
            Widen(x.Slice(i, Chains), out var low, out var high);
            sums += low;
            sums4 += high;
            sizes += Vector256.Abs(low);
            sizes4 += Vector256.Abs(high);
        }
        if (i < x.Length)
        {
            var low = Vector256.Create(AtOrZero(x, i), AtOrZero(x, i + 1), AtOrZero(x, i + 2), AtOrZero(x, i + 3));
            var high = Vector256.Create(AtOrZero(x, i + 4), AtOrZero(x, i + 5), AtOrZero(x, i + 6), AtOrZero(x, i + 7));
            sums += low;
            sums4 += high;
            sizes += Vector256.Abs(low);
            sizes4 += Vector256.Abs(high);
        }
        return (InPairs(sums + sums4), InPairs(sizes + sizes4));
    }

    /// <summary>The floats of a row as whole vectors; of doubles none, which go one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<Vector<float>> Lanes<T>(ReadOnlySpan<T> x) where T : unmanaged =>
        typeof(T) == typeof(float) ? MemoryMarshal.Cast<T, Vector<float>>(x) : default;

    /// <summary>A multiplier times a difference, as of one element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Times(Vector<double> m, Vector<double> difference) => Vector.ConditionalSelect(
        Vector.Equals(m, Vector<double>.Zero) | Vector.Equals(difference, Vector<double>.Zero), Vector<double>.Zero, m * difference);

    /// <summary>Differences, as of one element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Move(Vector<float> end, Vector<float> start, out Vector<double> low, out Vector<double> high)
    {
        // Where they are the same both are taken for zero.
        var same = Vector.AsVectorSingle(Vector.Equals(end, start));
        Vector.Widen(Vector.AndNot(end, same), out var lowEnd, out var highEnd);
        Vector.Widen(Vector.AndNot(start, same), out var lowStart, out var highStart);
        (low, high) = (lowEnd - lowStart, highEnd - highStart);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Span<Vector<float>> Lanes<T>(Span<T> x) where T : unmanaged =>
        typeof(T) == typeof(float) ? MemoryMarshal.Cast<T, Vector<float>>(x) : default;

    /// <summary>The sums of a row as whole vectors.</summary>
    public static Span<Vector<double>> Lanes(Span<double> x) => MemoryMarshal.Cast<double, Vector<double>>(x);

    private static ReadOnlySpan<Vector<double>> Lanes(ReadOnlySpan<double> x) => MemoryMarshal.Cast<double, Vector<double>>(x);

    // Eight elements in double.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen<T>(ReadOnlySpan<T> x, out Vector256<double> low, out Vector256<double> high)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            (low, high) = Vector256.Widen(Vector256.Create(MemoryMarshal.Cast<T, float>(x)));
            return;
        }
        low = Vector256.Create(double.CreateTruncating(x[0]), double.CreateTruncating(x[1]), double.CreateTruncating(x[2]),
            double.CreateTruncating(x[3]));
        high = Vector256.Create(double.CreateTruncating(x[4]), double.CreateTruncating(x[5]), double.CreateTruncating(x[6]),
            double.CreateTruncating(x[7]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double AtOrZero<T>(ReadOnlySpan<T> x, int i) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        i < x.Length ? double.CreateTruncating(x[i]) : 0;

    private static double InPairs(Vector256<double> four)
    {
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
