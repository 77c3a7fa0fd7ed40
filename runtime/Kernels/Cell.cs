using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>
/// What pools and reductions do for the channels of one output. Every step is one addition, multiplication, division or comparison,
/// which round alike at every width; so the last channels may run in narrower vectors, and alone at the end.
/// </summary>
internal static class Cell
{
    /// <summary>y[c] = the fold of x over the places, in ascending order.</summary>
    public static void Fold<F>(F fold, ref float x, in Places places, ref float y, int channels) where F : struct, IFold
    {
        var c = 0;
        if (Vector512.IsHardwareAccelerated && channels >= Vector512<float>.Count)
            c = Fold<Vector512<float>, Vector512Math, F>(fold, ref x, places, ref y, c, channels);
        if (Vector256.IsHardwareAccelerated && channels >= Vector256<float>.Count)
            c = Fold<Vector256<float>, Vector256Math, F>(fold, ref x, places, ref y, c, channels);
        c = Fold<Vector128<float>, Vector128Math, F>(fold, ref x, places, ref y, c, channels);
        Fold<float, FloatMath, F>(fold, ref x, places, ref y, c, channels);
    }

    /// <summary>dx[place, c] += m[c] / count at every place.</summary>
    public static void Spread(ref float m, int count, in Places places, ref float dx, int channels)
    {
        var c = 0;
        if (Vector512.IsHardwareAccelerated && channels >= Vector512<float>.Count)
            c = Spread<Vector512<float>, Vector512Math>(ref m, count, places, ref dx, c, channels);
        if (Vector256.IsHardwareAccelerated && channels >= Vector256<float>.Count)
            c = Spread<Vector256<float>, Vector256Math>(ref m, count, places, ref dx, c, channels);
        c = Spread<Vector128<float>, Vector128Math>(ref m, count, places, ref dx, c, channels);
        Spread<float, FloatMath>(ref m, count, places, ref dx, c, channels);
    }

    /// <summary>dx[place, c] += m[c] at the first place where x is largest.</summary>
    public static void MaxBack(ref float m, ref float x, in Places places, ref float dx, int channels)
    {
        var c = 0;
        if (Vector512.IsHardwareAccelerated && channels >= Vector512<float>.Count)
            c = MaxBack<Vector512<float>, Vector512Math>(ref m, ref x, places, ref dx, c, channels);
        if (Vector256.IsHardwareAccelerated && channels >= Vector256<float>.Count)
            c = MaxBack<Vector256<float>, Vector256Math>(ref m, ref x, places, ref dx, c, channels);
        c = MaxBack<Vector128<float>, Vector128Math>(ref m, ref x, places, ref dx, c, channels);
        MaxBack<float, FloatMath>(ref m, ref x, places, ref dx, c, channels);
    }

    /// <summary>
    /// dx[place, c] += m[c] times the winners' shares of the move of the maximum from x0 to x; see <see cref="Pool.MaxSplit"/>.
    /// </summary>
    public static void MaxSplit(ref float m, ref float x, ref float x0, in Places places, ref float dx, int channels)
    {
        var c = 0;
        if (Vector512.IsHardwareAccelerated && channels >= Vector512<float>.Count)
            c = MaxSplit<Vector512<float>, Vector512Math>(ref m, ref x, ref x0, places, ref dx, c, channels);
        if (Vector256.IsHardwareAccelerated && channels >= Vector256<float>.Count)
            c = MaxSplit<Vector256<float>, Vector256Math>(ref m, ref x, ref x0, places, ref dx, c, channels);
        c = MaxSplit<Vector128<float>, Vector128Math>(ref m, ref x, ref x0, places, ref dx, c, channels);
        MaxSplit<float, FloatMath>(ref m, ref x, ref x0, places, ref dx, c, channels);
    }

    /// <summary>
    /// dx[place, c] += m[c] times the fraction of the way from x0 to x on which the place is the largest; see <see cref="Pool.MaxPath"/>.
    /// </summary>
    public static void MaxPath(ref float m, ref float x, ref float x0, in Places places, ref float dx, int channels)
    {
        var c = 0;
        if (Vector512.IsHardwareAccelerated && channels >= Vector512<float>.Count)
            c = MaxPath<Vector512<float>, Vector512Math>(ref m, ref x, ref x0, places, ref dx, c, channels);
        if (Vector256.IsHardwareAccelerated && channels >= Vector256<float>.Count)
            c = MaxPath<Vector256<float>, Vector256Math>(ref m, ref x, ref x0, places, ref dx, c, channels);
        c = MaxPath<Vector128<float>, Vector128Math>(ref m, ref x, ref x0, places, ref dx, c, channels);
        MaxPath<float, FloatMath>(ref m, ref x, ref x0, places, ref dx, c, channels);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Fold<V, M, F>(F fold, ref float x, in Places places, ref float y, int c, int channels)
        where M : struct, ILanes<V>
        where F : struct, IFold
    {
        for (; c <= channels - M.Count; c += M.Count)
            M.Store(fold.End<V, M>(Over<V, M, F>(fold, ref x, places, c)), ref y, (nuint)c);
        return c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Over<V, M, F>(F fold, ref float x, in Places places, int c)
        where M : struct, ILanes<V>
        where F : struct, IFold
    {
        var value = fold.Start<V, M>();
        for (var r = 0; r < places.Rows; r++)
        {
            var at = c + places.Start + r * places.RowStep;
            for (var k = 0; k < places.Columns; k++, at += places.ColumnStep)
                value = fold.Next<V, M>(value, M.Load(in x, (nuint)at));
        }
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Spread<V, M>(ref float m, int count, in Places places, ref float dx, int c, int channels) where M : struct, ILanes<V>
    {
        for (; c <= channels - M.Count; c += M.Count)
        {
            var share = M.Divide(M.Load(in m, (nuint)c), M.Constant(count));
            for (var r = 0; r < places.Rows; r++)
            {
                var at = c + places.Start + r * places.RowStep;
                for (var k = 0; k < places.Columns; k++, at += places.ColumnStep)
                    Increase<V, M>(ref dx, at, share);
            }
        }
        return c;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MaxBack<V, M>(ref float m, ref float x, in Places places, ref float dx, int c, int channels)
        where M : struct, ILanes<V>
    {
        var none = M.Constant(0);
        for (; c <= channels - M.Count; c += M.Count)
        {
            var largest = Over<V, M, Largest>(default, ref x, places, c);
            var left = M.Load(in m, (nuint)c);
            for (var r = 0; r < places.Rows; r++)
            {
                var at = c + places.Start + r * places.RowStep;
                for (var k = 0; k < places.Columns; k++, at += places.ColumnStep)
                {
                    var value = M.Load(in x, (nuint)at);
                    Increase<V, M>(ref dx, at, M.IfLess(value, largest, none, left));
                    left = M.IfLess(value, largest, left, none);
                }
            }
        }
        return c;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MaxSplit<V, M>(ref float m, ref float x, ref float x0, in Places places, ref float dx, int c, int channels)
        where M : struct, ILanes<V>
    {
        // Differences of halves do not overflow, and have the same quotients.
        var (none, one, half) = (M.Constant(0), M.Constant(1), M.Constant(0.5));
        for (; c <= channels - M.Count; c += M.Count)
        {
            var (y, from) = Winner<V, M>(ref x, ref x0, places, c);
            var (y0, to) = Winner<V, M>(ref x0, ref x, places, c);
            var between = M.Max(y, y0);
            var middle = M.Multiply(half, between);
            var (rise, fall) = (M.Subtract(middle, M.Multiply(half, y0)), M.Subtract(M.Multiply(half, y), middle));
            var multiplier = M.Load(in m, (nuint)c);
            var (left, left0) = (one, one);
            for (var r = 0; r < places.Rows; r++)
            {
                var at = c + places.Start + r * places.RowStep;
                for (var k = 0; k < places.Columns; k++, at += places.ColumnStep)
                {
                    var (value, value0) = (M.Load(in x, (nuint)at), M.Load(in x0, (nuint)at));
                    var wins = M.IfLess(value, y, none, M.IfLess(value0, from, none, left));
                    var wins0 = M.IfLess(value0, y0, none, M.IfLess(value, to, none, left0));
                    (left, left0) = (M.Subtract(left, wins), M.Subtract(left0, wins0));
                    var move = M.IfPositive(wins, rise, M.IfPositive(wins0, fall, none));
                    var share = M.IfZero(move, none, M.Divide(move, M.Subtract(M.Multiply(half, value), M.Multiply(half, value0))));
                    share = M.IfPositive(M.Multiply(wins, wins0), one, share);
                    Increase<V, M>(ref dx, at, Steep.Times<V, M>(multiplier, share));
                }
            }
        }
        return c;
    }

    /// <summary>The largest of x, and, of the places that have it, the largest of <paramref name="beside"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (V Value, V Beside) Winner<V, M>(ref float x, ref float beside, in Places places, int c) where M : struct, ILanes<V>
    {
        var largest = M.Constant(double.NegativeInfinity);
        var chosen = largest;
        for (var r = 0; r < places.Rows; r++)
        {
            var at = c + places.Start + r * places.RowStep;
            for (var k = 0; k < places.Columns; k++, at += places.ColumnStep)
            {
                var (value, other) = (M.Load(in x, (nuint)at), M.Load(in beside, (nuint)at));
                chosen = M.IfLess(largest, value, other, M.IfLess(value, largest, chosen, M.Max(chosen, other)));
                largest = M.Max(largest, value);
            }
        }
        return (largest, chosen);
    }

    // From crossing to crossing along the upper envelope of the lines from x0 to x: the largest gives way to the steeper line that meets
    // it first. The stretches add up to the whole way, whatever is rounded.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MaxPath<V, M>(ref float m, ref float x, ref float x0, in Places places, ref float dx, int c, int channels)
        where M : struct, ILanes<V>
    {
        for (; c <= channels - M.Count; c += M.Count)
        {
            var multiplier = M.Load(in m, (nuint)c);
            var at = Lead<V, M>.First(ref x, ref x0, places, c);
            for (var step = places.Rows * places.Columns; step > 0; step--)
            {
                var next = at.Next(ref x, ref x0, places, c);
                at.Credit(M.Multiply(multiplier, M.Subtract(next.Since, at.Since)), places, c, ref dx);
                at = next;
            }
        }
        return c;
    }

    /// <summary>
    /// In each lane, the line which is the largest from a point of the way on: its place among the others, a quarter of its value at x0,
    /// and of its rise.
    /// </summary>
    private readonly struct Lead<V, M>(V place, V start, V rise, V since) where M : struct, ILanes<V>
    {
        public V Since => since;

        public static Lead<V, M> First(ref float x, ref float x0, in Places places, int c)
        {
            var (place, start, rise) = (M.Constant(-1), M.Constant(double.NegativeInfinity), M.Constant(0));
            for (var i = 0; i < places.Rows * places.Columns; i++)
            {
                var at = (nuint)At(places, c, i);
                var value = Quarter(in x0, at);
                place = M.IfLess(start, value, M.Constant(i), place);
                rise = M.IfLess(start, value, M.Subtract(Quarter(in x, at), value), rise);
                start = M.IfLess(start, value, value, start);
            }
            return new Lead<V, M>(place, start, rise, M.Constant(0));
        }

        public Lead<V, M> Next(ref float x, ref float x0, in Places places, int c)
        {
            var (nextPlace, nextStart, nextRise, until) = (place, start, rise, M.Constant(1));
            for (var i = 0; i < places.Rows * places.Columns; i++)
            {
                var at = (nuint)At(places, c, i);
                var value = Quarter(in x0, at);
                var slope = M.Subtract(Quarter(in x, at), value);
                // A line that is no steeper never overtakes.
                var meets = M.IfLess(rise, slope, M.Max(since, M.Divide(M.Subtract(start, value), M.Subtract(slope, rise))), M.Constant(2));
                nextPlace = M.IfLess(meets, until, M.Constant(i), nextPlace);
                nextStart = M.IfLess(meets, until, value, nextStart);
                nextRise = M.IfLess(meets, until, slope, nextRise);
                until = M.IfLess(meets, until, meets, until);
            }
            return new Lead<V, M>(nextPlace, nextStart, nextRise, until);
        }

        public void Credit(V by, in Places places, int c, ref float dx)
        {
            for (var i = 0; i < places.Rows * places.Columns; i++)
                Increase<V, M>(ref dx, At(places, c, i), M.IfZero(M.Subtract(place, M.Constant(i)), by, M.Constant(0)));
        }

        // Of quarters no difference of differences overflows, and quotients are the same.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Quarter(ref readonly float x, nuint at) => M.Multiply(M.Constant(0.25), M.Load(in x, at));

        private static int At(in Places places, int c, int i) =>
            c + places.Start + i / places.Columns * places.RowStep + i % places.Columns * places.ColumnStep;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Increase<V, M>(ref float dx, int at, V by) where M : struct, ILanes<V> =>
        M.Store(M.Add(M.Load(in dx, (nuint)at), by), ref dx, (nuint)at);
}
