using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>Reductions over the middle axis of [outer][axis][inner], for each row; sums in ascending order, one chain per output.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Reduce
{
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
        Fold(default(Largest), x, y, rows * outer, axis, inner);
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

    private static void Fold<F>(F fold, ReadOnlySpan<float> x, Span<float> y, int cells, int axis, int inner) where F : struct, IFold
    {
        for (var o = 0; o < cells; o++)
            Cell.Fold(fold, ref At(x, o * axis * inner), new Places(axis, inner), ref At(y, o * inner), inner);
    }

    private static void LogSumExp<V, M>(ReadOnlySpan<float> x, Span<float> y, int cells, int axis, int inner) where M : struct, ILanes<V>
    {
        for (var o = 0; o < cells; o++)
        {
            ref var from = ref At(x, o * axis * inner);
            ref var to = ref At(y, o * inner);
            if (inner == 1)
            {
                to = Along<V, M>(ref from, axis);
                continue;
            }
            var i = 0;
            for (; i <= inner - M.Count; i += M.Count)
                M.Store(Across<V, M, Whole>(default, ref from, i, axis, inner), ref to, (nuint)i);
            if (i < inner)
                Part.Store<V, M>(Across<V, M, Part>(new Part(inner - i), ref from, i, axis, inner), ref Unsafe.Add(ref to, i), inner - i);
        }
    }

    /// <summary>For as many neighbours on the inner axis as a vector holds.</summary>
    private static V Across<V, M, L>(L load, ref float x, int i, int axis, int inner)
        where M : struct, ILanes<V>
        where L : struct, ILoad
    {
        var largest = M.Constant(double.NegativeInfinity);
        for (var k = 0; k < axis; k++)
            largest = M.Max(largest, load.At<V, M>(ref x, (nuint)(k * inner + i)));
        var shift = Shift<V, M>(largest);
        var sum = M.Constant(0);
        for (var k = 0; k < axis; k++)
            sum = M.Add(sum, M.Exp(M.Subtract(load.At<V, M>(ref x, (nuint)(k * inner + i)), shift)));
        return M.Add(shift, M.Log(sum));
    }

    /// <summary>For one output whose addends lie side by side: exponentials in vectors, added one after the other.</summary>
    private static float Along<V, M>(ref float x, int axis) where M : struct, ILanes<V>
    {
        var shift = Shift<float, FloatMath>(Largest<V, M>(ref x, axis));
        var wide = M.Constant(shift);
        var sum = 0f;
        if (axis < M.Count)
            sum = Part.Sum<V, M>(sum, M.Exp(M.Subtract(new Part(axis).At<V, M>(ref x, 0), wide)), 0, axis);
        for (var k = 0; axis >= M.Count && k < axis; k += M.Count)
        {
            // The last vector overlaps the one before, whose lanes it does not add again.
            var from = Math.Min(k, axis - M.Count);
            sum = Part.Sum<V, M>(sum, M.Exp(M.Subtract(M.Load(ref x, (nuint)from), wide)), k - from, M.Count);
        }
        return shift + FloatMath.Log(sum);
    }

    private static float Largest<V, M>(ref float x, int axis) where M : struct, ILanes<V>
    {
        var largest = float.NegativeInfinity;
        var k = 0;
        // Below this, bringing the lanes together costs more than they save.
        if (axis >= 4 * M.Count)
        {
            var lanes = M.Load(ref x, 0);
            for (; k <= axis - M.Count; k += M.Count)
                lanes = M.Max(lanes, M.Load(ref x, (nuint)k));
            largest = Part.Max<V, M>(lanes);
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
