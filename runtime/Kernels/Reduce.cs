using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>Reductions over the middle axis of [outer][axis][inner], for each row; sums in ascending order, one chain per output.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Reduce
{
    // Added to a difference from the largest, it is not 0.
    private const double Found = 1e38;

    /// <summary>y = scale * the sum. Shapes: x [rows, outer, axis, inner], y [rows, outer, inner].</summary>
    /// <exception cref="ArgumentException">A span is too short for its rows.</exception>
    public static void Sum(ReadOnlySpan<float> x, Span<float> y, int rows, int outer, int axis, int inner, float scale)
    {
        Require(x, y, rows, outer, axis, inner);
        Fold(new Scaled(scale), x, y, rows * outer, axis, inner);
    }

    /// <summary>y = the largest; NaN if there is one. Shapes as for <see cref="Sum"/>.</summary>
    /// <exception cref="ArgumentException">A span is too short for its rows.</exception>
    public static void Max(ReadOnlySpan<float> x, Span<float> y, int rows, int outer, int axis, int inner)
    {
        Require(x, y, rows, outer, axis, inner);
        if (inner > 1)
            Fold(default(Largest), x, y, rows * outer, axis, inner);
        else if (Vector512.IsHardwareAccelerated)
            LargestAlong<Vector512<float>, Vector512Math>(x, y, rows * outer, axis);
        else if (Vector256.IsHardwareAccelerated)
            LargestAlong<Vector256<float>, Vector256Math>(x, y, rows * outer, axis);
        else
            LargestAlong<Vector128<float>, Vector128Math>(x, y, rows * outer, axis);
    }

    /// <summary>
    /// dx = m routed to the first maximum along the axis, the gradient of <see cref="Max"/>.
    /// Shapes: m [rows, outer, inner], x and dx [rows, outer, axis, inner]; dx is overwritten.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows.</exception>
    public static void MaxBack(ReadOnlySpan<float> m, ReadOnlySpan<float> x, Span<float> dx, int rows, int outer, int axis, int inner)
    {
        Require(x, m, rows, outer, axis, inner, nameof(m));
        Lengths.Require(dx, rows, outer * axis * inner, nameof(dx));
        dx[..(rows * outer * axis * inner)].Clear();
        for (var o = 0; o < rows * outer; o++)
            Cell.MaxBack(ref At(m, o * inner), ref At(x, o * axis * inner), new Places(axis, inner), ref At(dx, o * axis * inner), inner);
    }

    /// <summary>
    /// DeepLIFT's multipliers of <see cref="Max"/>, as <see cref="Pool.MaxSplit"/>. Shapes: x0 and the others as for <see cref="MaxBack"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows.</exception>
    public static void MaxSplit(ReadOnlySpan<float> m, ReadOnlySpan<float> x, Operand x0, Span<float> dx, int rows, int outer, int axis,
        int inner)
    {
        Require(x, m, rows, outer, axis, inner, nameof(m));
        x0.Require(rows, outer * axis * inner, nameof(x0));
        Lengths.Require(dx, rows, outer * axis * inner, nameof(dx));
        dx[..(rows * outer * axis * inner)].Clear();
        for (var r = 0; r < rows; r++)
        {
            for (var o = 0; o < outer; o++)
            {
                var cell = r * outer + o;
                ref var reference = ref At(x0.Data, r * x0.RowStride + o * axis * inner);
                Cell.MaxSplit(ref At(m, cell * inner), ref At(x, cell * axis * inner), ref reference, new Places(axis, inner),
                    ref At(dx, cell * axis * inner), inner);
            }
        }
    }

    /// <summary>
    /// y = log(sum(exp(x))), relative to the largest x, so that nothing overflows; minus infinity where all are.
    /// Shapes as for <see cref="Sum"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A span is too short for its rows.</exception>
    public static void LogSumExp(ReadOnlySpan<float> x, Span<float> y, int rows, int outer, int axis, int inner)
    {
        Require(x, y, rows, outer, axis, inner);
        if (Vector512.IsHardwareAccelerated)
            LogSumExp<Vector512<float>, Vector512Math>(x, y, rows * outer, axis, inner);
        else if (Vector256.IsHardwareAccelerated)
            LogSumExp<Vector256<float>, Vector256Math>(x, y, rows * outer, axis, inner);
        else
            LogSumExp<Vector128<float>, Vector128Math>(x, y, rows * outer, axis, inner);
    }

    /// <summary>
    /// y = x - log(sum(exp(x))), the logarithms of a softmax's shares. The largest x is taken out of each before anything is rounded:
    /// however large they are, the shares add up to 1. Shapes: x and y [rows, outer, axis, inner]; y is not x.
    /// </summary>
    /// <param name="x">What the softmax is of.</param>
    /// <param name="y">The logarithms.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="outer">The axes before.</param>
    /// <param name="axis">The axis of the sum.</param>
    /// <param name="inner">The axes behind.</param>
    /// <param name="least">Where all x are below it by far, so are all y: their shares are 0. Minus infinity for none.</param>
    /// <exception cref="ArgumentException">A span is too short for its rows.</exception>
    public static void LogSoftmax(ReadOnlySpan<float> x, Span<float> y, int rows, int outer, int axis, int inner,
        float least)
    {
        Require(x, x, rows, outer, axis, inner);
        Lengths.Require(y, rows, outer * axis * inner, nameof(y));
        if (Vector512.IsHardwareAccelerated)
            LogSoftmax<Vector512<float>, Vector512Math>(x, y, rows * outer, axis, inner, least);
        else if (Vector256.IsHardwareAccelerated)
            LogSoftmax<Vector256<float>, Vector256Math>(x, y, rows * outer, axis, inner, least);
        else
            LogSoftmax<Vector128<float>, Vector128Math>(x, y, rows * outer, axis, inner, least);
    }

    private static void Fold<F>(F fold, ReadOnlySpan<float> x, Span<float> y, int cells, int axis, int inner) where F : struct, IFold
    {
        for (var o = 0; o < cells; o++)
            Cell.Fold(fold, ref At(x, o * axis * inner), new Places(axis, inner), ref At(y, o * inner), inner);
    }

    private static void LargestAlong<V, M>(ReadOnlySpan<float> x, Span<float> y, int cells, int axis) where M : struct, ILanes<V>
    {
        for (var o = 0; o < cells; o++)
            At(y, o) = Largest<V, M>(ref At(x, o * axis), axis, float.NegativeInfinity);
    }

    private static void LogSumExp<V, M>(ReadOnlySpan<float> x, Span<float> y, int cells, int axis, int inner) where M : struct, ILanes<V>
    {
        for (var o = 0; o < cells; o++)
        {
            ref var from = ref At(x, o * axis * inner);
            ref var to = ref At(y, o * inner);
            if (inner == 1)
            {
                var (top, above) = Along<V, M>(ref from, axis, float.NegativeInfinity);
                to = top + above;
                continue;
            }
            var i = 0;
            for (; i <= inner - M.Count; i += M.Count)
            {
                var (shift, log) = Across<V, M, Whole>(default, ref from, i, axis, inner, float.NegativeInfinity);
                M.Store(M.Add(shift, log), ref to, (nuint)i);
            }
            if (i == inner)
                continue;
            var (largest, rest) = Across<V, M, Part>(new Part(inner - i), ref from, i, axis, inner, float.NegativeInfinity);
            Part.Store<V, M>(M.Add(largest, rest), ref Unsafe.Add(ref to, i), inner - i);
        }
    }

    private static void LogSoftmax<V, M>(ReadOnlySpan<float> x, Span<float> y, int cells, int axis, int inner, float least)
        where M : struct, ILanes<V>
    {
        for (var o = 0; o < cells; o++)
        {
            ref var from = ref At(x, o * axis * inner);
            ref var to = ref At(y, o * axis * inner);
            if (inner == 1)
            {
                var (top, above) = Along<V, M>(ref from, axis, least);
                Less<V, M>(ref from, ref to, axis, top, above);
                continue;
            }
            var i = 0;
            for (; i <= inner - M.Count; i += M.Count)
            {
                var (shift, log) = Across<V, M, Whole>(default, ref from, i, axis, inner, least);
                for (var k = i; k < axis * inner; k += inner)
                    M.Store(M.Subtract(M.Subtract(M.Load(ref from, (nuint)k), shift), log), ref to, (nuint)k);
            }
            if (i == inner)
                continue;
            var part = new Part(inner - i);
            var (largest, rest) = Across<V, M, Part>(part, ref from, i, axis, inner, least);
            for (var k = i; k < axis * inner; k += inner)
            {
                Part.Store<V, M>(M.Subtract(M.Subtract(part.At<V, M>(ref from, (nuint)k), largest), rest), ref Unsafe.Add(ref to, k),
                    inner - i);
            }
        }
    }

    /// <summary>y = x - shift - log, element by element.</summary>
    private static void Less<V, M>(ref float x, ref float y, int count, float shift, float log) where M : struct, ILanes<V>
    {
        var (largest, rest) = (M.Constant(shift), M.Constant(log));
        var k = 0;
        for (; k <= count - M.Count; k += M.Count)
            M.Store(M.Subtract(M.Subtract(M.Load(ref x, (nuint)k), largest), rest), ref y, (nuint)k);
        for (; k < count; k++)
            Unsafe.Add(ref y, k) = Unsafe.Add(ref x, k) - shift - log;
    }

    /// <summary>
    /// The largest, and how far the logarithm of the sum lies above it, for as many neighbours on the inner axis as a vector holds.
    /// </summary>
    private static (V Shift, V Log) Across<V, M, L>(L load, ref float x, int i, int axis, int inner, float least)
        where M : struct, ILanes<V>
        where L : struct, ILoad
    {
        var largest = M.Constant(least);
        for (var k = 0; k < axis; k++)
            largest = M.Max(largest, load.At<V, M>(ref x, (nuint)(k * inner + i)));
        var shift = Shift<V, M>(largest);
        var (others, found) = (M.Constant(0), M.Constant(0));
        for (var k = 0; k < axis; k++)
        {
            var below = M.Subtract(load.At<V, M>(ref x, (nuint)(k * inner + i)), shift);
            // The first of the largest, whose exponential is 1, is left out: in single precision it would take the others' digits.
            others = M.Add(others, M.IfZero(M.Add(below, found), M.Constant(0), M.Exp(below)));
            found = M.IfZero(below, M.Constant(Found), found);
        }
        return (shift, Above<V, M>(others, M.IfZero(found, M.Constant(-1), M.Constant(0)), least));
    }

    /// <summary>The same of addends that lie side by side: exponentials in vectors, added one after the other.</summary>
    private static (float Shift, float Log) Along<V, M>(ref float x, int axis, float least) where M : struct, ILanes<V>
    {
        var shift = Shift<float, FloatMath>(Largest<V, M>(ref x, axis, least));
        var wide = M.Constant(shift);
        var others = 0f;
        var first = Place(ref x, axis, shift);
        if (axis < M.Count)
            others = Part.Sum<V, M>(others, M.Exp(M.Subtract(new Part(axis).At<V, M>(ref x, 0), wide)), 0, axis, first);
        for (var k = 0; axis >= M.Count && k < axis; k += M.Count)
        {
            // The last vector overlaps the one before, whose lanes it does not add again.
            var from = Math.Min(k, axis - M.Count);
            var each = M.Exp(M.Subtract(M.Load(ref x, (nuint)from), wide));
            others = Part.Sum<V, M>(others, each, k - from, M.Count, first < from ? -1 : first - from);
        }
        return (shift, Above<float, FloatMath>(others, first < 0 ? -1 : 0, least));
    }

    /// <summary>Where the first of some values lies that is this one, to the bit; below 0 if none is.</summary>
    private static int Place(ref float x, int count, float value) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<float, int>(ref x), count).IndexOf(BitConverter.SingleToInt32Bits(value));

    /// <summary>
    /// How far the logarithm of a sum lies above its largest addend's, of the others relative to that; what is lacking is -1 where none was
    /// found, and at least 0 where the largest is what there is at least.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Above<V, M>(V others, V lacking, float least) where M : struct, ILanes<V> =>
        M.Log1p(float.IsNegativeInfinity(least) ? M.Add(others, lacking) : M.Max(M.Add(others, lacking), M.Constant(0)));

    private static float Largest<V, M>(ref float x, int axis, float least) where M : struct, ILanes<V>
    {
        var largest = least;
        var k = 0;
        // Below this, bringing the lanes together costs more than they save.
        if (axis >= 4 * M.Count)
        {
            var lanes = M.Load(ref x, 0);
            for (; k <= axis - M.Count; k += M.Count)
                lanes = M.Max(lanes, M.Load(ref x, (nuint)k));
            largest = FloatMath.Max(least, Part.Max<V, M>(lanes));
        }
        for (; k < axis; k++)
            largest = FloatMath.Max(largest, Unsafe.Add(ref x, k));
        return largest;
    }

    /// <summary>
    /// What to subtract before the exponential: the largest, or 0 where that is infinite and the difference would be NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Shift<V, M>(V largest) where M : struct, ILanes<V> =>
        M.IfLess(M.Abs(largest), M.Constant(double.PositiveInfinity), largest, M.Constant(0));

    private static void Require(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int rows, int outer, int axis, int inner, string other = "y")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(axis);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inner);
        Lengths.Require(x, rows, checked(outer * axis * inner), nameof(x));
        Lengths.Require(y, rows, outer * inner, other);
    }

    private static ref float At(ReadOnlySpan<float> span, int offset) => ref Unsafe.Add(ref MemoryMarshal.GetReference(span), offset);
}
