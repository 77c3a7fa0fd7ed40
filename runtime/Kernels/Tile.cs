using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

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
/// Where some neighbouring inputs of an output are, from its place in the input on, and their weights, from the block's start on.
/// </summary>
internal readonly record struct Run(nint Input, nint Weight);

/// <summary>What one output sums over: <paramref name="count"/> runs of <paramref name="length"/> inputs each.</summary>
internal readonly unsafe struct Taps(Run* runs, int count, int length)
{
    public readonly Run* Runs = runs;
    public readonly int Count = count;
    public readonly nint Length = length;
}

/// <summary>
/// The innermost loops of every product. Each output is one chain of fused multiply-adds from its bias over ascending taps,
/// in one lane of one accumulator, whatever the tile: so an output has the same bits in every tile, place and batch.
/// </summary>
internal static unsafe class Tile
{
    /// <summary>The most rows of a tile two vectors wide: 12 chains in flight, which fit with their operands into 16 registers.</summary>
    public const int MaxRows = 6;

    /// <summary>The most rows of a tile one vector wide: 8 chains are what two units of four cycles can work on.</summary>
    public const int MaxNarrowRows = 8;

    /// <summary>The most vectors of a single row.</summary>
    public const int MaxVectors = 8;

    /// <summary>
    /// Tiles of R rows by C vectors of one block, from <paramref name="column"/> on and <paramref name="second"/> columns after
    /// that: y[r] = then(bias + a[r] weights), or with starts[r] in place of the bias where that is not null.
    /// The loop over tiles is in here because a call costs as much as a sum of ten products.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Block<V, L, M, F, R, C>(float** a, in Taps taps, float* weights, float* bias, float** starts, float** y,
        nint column, nint second, int tiles, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where R : struct, ICount
        where C : struct, ICount
    {
        bias += column;
        for (; tiles > 0; tiles--, a += R.Value, y += R.Value)
        {
            var a0 = a[0];
            var a1 = R.Value > 1 ? a[1] : a0;
            var a2 = R.Value > 2 ? a[2] : a0;
            var a3 = R.Value > 3 ? a[3] : a0;
            var a4 = R.Value > 4 ? a[4] : a0;
            var a5 = R.Value > 5 ? a[5] : a0;
            var a6 = R.Value > 6 ? a[6] : a0;
            var a7 = R.Value > 7 ? a[7] : a0;

            V s00, s10, s20, s30, s40, s50, s60, s70;
            V s01, s11, s21, s31, s41, s51;
            s00 = s10 = s20 = s30 = s40 = s50 = s60 = s70 = L.Load(bias);
            s01 = s11 = s21 = s31 = s41 = s51 = C.Value > 1 ? L.Load(bias + second) : s00;
            if (starts != null)
            {
                Begin<V, L, C>(starts[0] + column, second, ref s00, ref s01);
                if (R.Value > 1) Begin<V, L, C>(starts[1] + column, second, ref s10, ref s11);
                if (R.Value > 2) Begin<V, L, C>(starts[2] + column, second, ref s20, ref s21);
                if (R.Value > 3) Begin<V, L, C>(starts[3] + column, second, ref s30, ref s31);
                if (R.Value > 4) Begin<V, L, C>(starts[4] + column, second, ref s40, ref s41);
                if (R.Value > 5) Begin<V, L, C>(starts[5] + column, second, ref s50, ref s51);
                if (R.Value > 6) Begin<V, L, C>(starts[6] + column, second, ref s60, ref s51);
                if (R.Value > 7) Begin<V, L, C>(starts[7] + column, second, ref s70, ref s51);
                starts += R.Value;
            }

            var run = taps.Runs;
            var lastRun = run + taps.Count;
            for (; run < lastRun; run++)
            {
                var b = weights + run->Weight;
                var k = run->Input;
                for (var end = k + taps.Length; k < end; k++, b += 2 * L.Count)
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
                    if (R.Value > 6)
                    {
                        v = L.Broadcast(a6 + k);
                        s60 = M.MultiplyAdd(v, b0, s60);
                    }
                    if (R.Value > 7)
                    {
                        v = L.Broadcast(a7 + k);
                        s70 = M.MultiplyAdd(v, b0, s70);
                    }
                }
            }

            Finish<V, L, M, F, C>(s00, s01, y[0] + column, second, then);
            if (R.Value > 1) Finish<V, L, M, F, C>(s10, s11, y[1] + column, second, then);
            if (R.Value > 2) Finish<V, L, M, F, C>(s20, s21, y[2] + column, second, then);
            if (R.Value > 3) Finish<V, L, M, F, C>(s30, s31, y[3] + column, second, then);
            if (R.Value > 4) Finish<V, L, M, F, C>(s40, s41, y[4] + column, second, then);
            if (R.Value > 5) Finish<V, L, M, F, C>(s50, s51, y[5] + column, second, then);
            if (R.Value > 6) Finish<V, L, M, F, C>(s60, s01, y[6] + column, second, then);
            if (R.Value > 7) Finish<V, L, M, F, C>(s70, s01, y[7] + column, second, then);
        }
    }

    /// <summary>
    /// One row by W vectors of neighbouring blocks, <paramref name="stride"/> floats apart; the last vector is
    /// <paramref name="last"/> columns after the first. Reading the weights is all the work here, and a chain waits four
    /// cycles for itself: so as many chains at once as there are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row<V, L, M, F, W>(float* a, in Taps taps, float* weights, nint stride, float* bias, nint last, float* y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where W : struct, ICount
    {
        var weights2 = weights + stride;
        var weights4 = weights2 + stride;
        var weights6 = weights4 + stride;
        V s0, s1, s2, s3, s4, s5, s6, s7;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = L.Load(bias);
        if (W.Value > 1) s1 = L.Load(bias + (W.Value == 2 ? last : L.Count));
        if (W.Value > 2) s2 = L.Load(bias + (W.Value == 3 ? last : 2 * L.Count));
        if (W.Value > 3) s3 = L.Load(bias + (W.Value == 4 ? last : 3 * L.Count));
        if (W.Value > 4) s4 = L.Load(bias + (W.Value == 5 ? last : 4 * L.Count));
        if (W.Value > 5) s5 = L.Load(bias + (W.Value == 6 ? last : 5 * L.Count));
        if (W.Value > 6) s6 = L.Load(bias + (W.Value == 7 ? last : 6 * L.Count));
        if (W.Value > 7) s7 = L.Load(bias + (W.Value == 8 ? last : 7 * L.Count));

        var run = taps.Runs;
        var lastRun = run + taps.Count;
        for (; run < lastRun; run++)
        {
            var at = run->Weight;
            var k = run->Input;
            for (var end = k + taps.Length; k < end; k++, at += 2 * L.Count)
            {
                var v = L.Broadcast(a + k);
                s0 = M.MultiplyAdd(v, L.Load(weights + at), s0);
                if (W.Value > 1) s1 = M.MultiplyAdd(v, L.Load(weights + at + L.Count), s1);
                if (W.Value > 2) s2 = M.MultiplyAdd(v, L.Load(weights2 + at), s2);
                if (W.Value > 3) s3 = M.MultiplyAdd(v, L.Load(weights2 + at + L.Count), s3);
                if (W.Value > 4) s4 = M.MultiplyAdd(v, L.Load(weights4 + at), s4);
                if (W.Value > 5) s5 = M.MultiplyAdd(v, L.Load(weights4 + at + L.Count), s5);
                if (W.Value > 6) s6 = M.MultiplyAdd(v, L.Load(weights6 + at), s6);
                if (W.Value > 7) s7 = M.MultiplyAdd(v, L.Load(weights6 + at + L.Count), s7);
            }
        }

        L.Store(then.Value<V, M>(s0), y);
        if (W.Value > 1) L.Store(then.Value<V, M>(s1), y + (W.Value == 2 ? last : L.Count));
        if (W.Value > 2) L.Store(then.Value<V, M>(s2), y + (W.Value == 3 ? last : 2 * L.Count));
        if (W.Value > 3) L.Store(then.Value<V, M>(s3), y + (W.Value == 4 ? last : 3 * L.Count));
        if (W.Value > 4) L.Store(then.Value<V, M>(s4), y + (W.Value == 5 ? last : 4 * L.Count));
        if (W.Value > 5) L.Store(then.Value<V, M>(s5), y + (W.Value == 6 ? last : 5 * L.Count));
        if (W.Value > 6) L.Store(then.Value<V, M>(s6), y + (W.Value == 7 ? last : 6 * L.Count));
        if (W.Value > 7) L.Store(then.Value<V, M>(s7), y + (W.Value == 8 ? last : 7 * L.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin<V, L, C>(float* start, nint second, ref V s0, ref V s1)
        where V : struct
        where L : struct, IWidth<V>
        where C : struct, ICount
    {
        s0 = L.Load(start);
        if (C.Value > 1) s1 = L.Load(start + second);
    }

    /// <summary>Writes one row of sums, of a vector or two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<V, L, M, F, C>(V s0, V s1, float* y, nint second, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where C : struct, ICount
    {
        L.Store(then.Value<V, M>(s0), y);
        if (C.Value > 1) L.Store(then.Value<V, M>(s1), y + second);
    }
}
