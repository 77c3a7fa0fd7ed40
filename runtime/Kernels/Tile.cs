using System.Runtime.CompilerServices;

namespace Whence.Kernels;

/// <summary>A number as a type, so that the JIT compiles a kernel for each.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct One : ICount { public static int Value => 1; }
internal readonly struct Two : ICount { public static int Value => 2; }
internal readonly struct Three : ICount { public static int Value => 3; }
internal readonly struct Four : ICount { public static int Value => 4; }
internal readonly struct Five : ICount { public static int Value => 5; }
internal readonly struct Six : ICount { public static int Value => 6; }
internal readonly struct Seven : ICount { public static int Value => 7; }
internal readonly struct Eight : ICount { public static int Value => 8; }

/// <summary>
/// What one output sums over: <paramref name="count"/> runs of <paramref name="length"/> neighbouring inputs each, run i from
/// offsets[i] on, counted from the place in the input that belongs to the output.
/// </summary>
internal readonly unsafe struct Taps(nint* offsets, int count, int length)
{
    public readonly nint* Offsets = offsets;
    public readonly int Count = count;
    public readonly nint Length = length;
}

/// <summary>
/// The innermost loops of every product. Each output is one chain of fused multiply-adds from its bias over ascending taps,
/// in one lane of one accumulator, whatever the tile: so an output has the same bits in every tile, place and batch.
/// </summary>
internal static unsafe class Tile
{
    /// <summary>The most rows of a tile. 6 rows of 2 vectors keep 12 chains in flight and fit, with their operands, into 16 registers.</summary>
    public const int MaxRows = 6;

    /// <summary>The most vectors of a single row.</summary>
    public const int MaxVectors = 8;

    /// <summary>R rows by C vectors of one block: y[r] = then(bias + a[r] b).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Block<V, L, M, F, R, C>(float** a, in Taps taps, float* b, float* bias, float** y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where R : struct, ICount
        where C : struct, ICount
    {
        var a0 = a[0];
        var a1 = R.Value > 1 ? a[1] : a0;
        var a2 = R.Value > 2 ? a[2] : a0;
        var a3 = R.Value > 3 ? a[3] : a0;
        var a4 = R.Value > 4 ? a[4] : a0;
        var a5 = R.Value > 5 ? a[5] : a0;

        V s00, s01, s10, s11, s20, s21, s30, s31, s40, s41, s50, s51;
        s00 = s10 = s20 = s30 = s40 = s50 = L.Load(bias);
        s01 = s11 = s21 = s31 = s41 = s51 = C.Value > 1 ? L.Load(bias + L.Count) : s00;

        var offsets = taps.Offsets;
        var lastOffset = offsets + taps.Count;
        var length = taps.Length;
        for (; offsets < lastOffset; offsets++)
        {
            var k = *offsets;
            for (var end = k + length; k < end; k++, b += 2 * L.Count)
            {
                var b0 = L.Load(b);
                var b1 = C.Value > 1 ? L.Load(b + L.Count) : b0;

                var v = L.Broadcast(a0 + k);
                s00 = M.MultiplyAdd(v, b0, s00);
                if (C.Value > 1) s01 = M.MultiplyAdd(v, b1, s01);
                if (R.Value > 1)
                {
                    v = L.Broadcast(a1 + k);
                    s10 = M.MultiplyAdd(v, b0, s10);
                    if (C.Value > 1) s11 = M.MultiplyAdd(v, b1, s11);
                }
                if (R.Value > 2)
                {
                    v = L.Broadcast(a2 + k);
                    s20 = M.MultiplyAdd(v, b0, s20);
                    if (C.Value > 1) s21 = M.MultiplyAdd(v, b1, s21);
                }
                if (R.Value > 3)
                {
                    v = L.Broadcast(a3 + k);
                    s30 = M.MultiplyAdd(v, b0, s30);
                    if (C.Value > 1) s31 = M.MultiplyAdd(v, b1, s31);
                }
                if (R.Value > 4)
                {
                    v = L.Broadcast(a4 + k);
                    s40 = M.MultiplyAdd(v, b0, s40);
                    if (C.Value > 1) s41 = M.MultiplyAdd(v, b1, s41);
                }
                if (R.Value > 5)
                {
                    v = L.Broadcast(a5 + k);
                    s50 = M.MultiplyAdd(v, b0, s50);
                    if (C.Value > 1) s51 = M.MultiplyAdd(v, b1, s51);
                }
            }
        }

        Finish<V, L, M, F, C>(s00, s01, y[0], then);
        if (R.Value > 1) Finish<V, L, M, F, C>(s10, s11, y[1], then);
        if (R.Value > 2) Finish<V, L, M, F, C>(s20, s21, y[2], then);
        if (R.Value > 3) Finish<V, L, M, F, C>(s30, s31, y[3], then);
        if (R.Value > 4) Finish<V, L, M, F, C>(s40, s41, y[4], then);
        if (R.Value > 5) Finish<V, L, M, F, C>(s50, s51, y[5], then);
    }

    /// <summary>One row by W vectors of neighbouring blocks, <paramref name="stride"/> floats apart: reading the weights is all the work, so as many streams as there are chains to fill.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row<V, L, M, F, W>(float* a, in Taps taps, float* b, nint stride, float* bias, float* y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where W : struct, ICount
    {
        var b2 = b + stride;
        var b4 = b2 + stride;
        var b6 = b4 + stride;
        V s0, s1, s2, s3, s4, s5, s6, s7;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = L.Load(bias);
        if (W.Value > 1) s1 = L.Load(bias + L.Count);
        if (W.Value > 2) s2 = L.Load(bias + 2 * L.Count);
        if (W.Value > 3) s3 = L.Load(bias + 3 * L.Count);
        if (W.Value > 4) s4 = L.Load(bias + 4 * L.Count);
        if (W.Value > 5) s5 = L.Load(bias + 5 * L.Count);
        if (W.Value > 6) s6 = L.Load(bias + 6 * L.Count);
        if (W.Value > 7) s7 = L.Load(bias + 7 * L.Count);

        nint at = 0;
        var offsets = taps.Offsets;
        var lastOffset = offsets + taps.Count;
        for (; offsets < lastOffset; offsets++)
        {
            var k = *offsets;
            for (var end = k + taps.Length; k < end; k++, at += 2 * L.Count)
            {
                var v = L.Broadcast(a + k);
                s0 = M.MultiplyAdd(v, L.Load(b + at), s0);
                if (W.Value > 1) s1 = M.MultiplyAdd(v, L.Load(b + at + L.Count), s1);
                if (W.Value > 2) s2 = M.MultiplyAdd(v, L.Load(b2 + at), s2);
                if (W.Value > 3) s3 = M.MultiplyAdd(v, L.Load(b2 + at + L.Count), s3);
                if (W.Value > 4) s4 = M.MultiplyAdd(v, L.Load(b4 + at), s4);
                if (W.Value > 5) s5 = M.MultiplyAdd(v, L.Load(b4 + at + L.Count), s5);
                if (W.Value > 6) s6 = M.MultiplyAdd(v, L.Load(b6 + at), s6);
                if (W.Value > 7) s7 = M.MultiplyAdd(v, L.Load(b6 + at + L.Count), s7);
            }
        }

        L.Store(then.Value<V, M>(s0), y);
        if (W.Value > 1) L.Store(then.Value<V, M>(s1), y + L.Count);
        if (W.Value > 2) L.Store(then.Value<V, M>(s2), y + 2 * L.Count);
        if (W.Value > 3) L.Store(then.Value<V, M>(s3), y + 3 * L.Count);
        if (W.Value > 4) L.Store(then.Value<V, M>(s4), y + 4 * L.Count);
        if (W.Value > 5) L.Store(then.Value<V, M>(s5), y + 5 * L.Count);
        if (W.Value > 6) L.Store(then.Value<V, M>(s6), y + 6 * L.Count);
        if (W.Value > 7) L.Store(then.Value<V, M>(s7), y + 7 * L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V, L, M, F, C>(V s0, V s1, float* y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where C : struct, ICount
    {
        L.Store(then.Value<V, M>(s0), y);
        if (C.Value > 1) L.Store(then.Value<V, M>(s1), y + L.Count);
    }
}
