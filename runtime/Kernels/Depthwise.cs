using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>
/// Convolutions of each channel by itself, in vectors along channels. Each output is one chain of fused multiply-adds from its bias over
/// ascending taps, so that it has the same bits in every place and batch.
/// </summary>
internal static unsafe class Depthwise
{
    private const int MaxRows = 4;

    /// <summary>At every site: output = then(bias + taps of the input times weights), channel by channel. A null bias is none.</summary>
    /// <param name="weights">[taps, channels], of at least as many channels as a vector has lanes.</param>
    /// <param name="taps">Runs of one tap each.</param>
    /// <param name="sites">The outputs' places.</param>
    /// <param name="bias">One for each channel; null is none.</param>
    /// <param name="then">What is done to each output.</param>
    public static void Run<F>(PanelView weights, in Taps taps, in Sites sites, float* bias, F then) where F : struct, IElementwise
    {
        if (weights.Lanes == 16)
            Run<Vector512<float>, Width512, Vector512Math, F>(weights, taps, sites, bias, then);
        else if (weights.Lanes == 8)
            Run<Vector256<float>, Width256, Vector256Math, F>(weights, taps, sites, bias, then);
        else
            Run<Vector128<float>, Width128, Vector128Math, F>(weights, taps, sites, bias, then);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V, L, M, F>(PanelView weights, in Taps taps, in Sites sites, float* bias, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var a = stackalloc float*[MaxRows];
        var y = stackalloc float*[MaxRows];
        var zero = stackalloc float[L.Count];
        new Span<float>(zero, L.Count).Clear();
        for (int first = 0, count = sites.Count; first < count;)
        {
            var rows = count - first >= 4 ? 4 : count - first >= 2 ? 2 : 1;
            sites.Locate(first, rows, a, y);
            for (var vector = 0; vector < weights.Vectors; vector += 2)
            {
                var column = weights.Column(vector);
                // Of a lone vector both are the same.
                var second = vector + 1 < weights.Vectors ? weights.Column(vector + 1) - column : 0;
                var block = new Block
                {
                    Column = column,
                    Second = second,
                    Weights = weights.Start + (nint)vector * L.Count * weights.Depth,
                    Start = bias == null ? zero : bias + column,
                    SecondStart = bias == null ? zero : bias + column + second,
                };
                Some<V, L, M, F>(rows, a, taps, block, y, then);
            }
            first += rows;
        }
    }

    // Two vectors of channels, or one.
    private struct Block
    {
        public nint Column;
        public nint Second;
        public float* Weights;
        public float* Start;
        public float* SecondStart;
    }

    private static void Some<V, L, M, F>(int rows, float** a, in Taps taps, in Block block, float** y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        switch (rows, block.Second)
        {
            case (4, > 0): Sum<V, L, M, F, Four, Two>(a, taps, block, y, then); break;
            case (2, > 0): Sum<V, L, M, F, Two, Two>(a, taps, block, y, then); break;
            case (_, > 0): Sum<V, L, M, F, One, Two>(a, taps, block, y, then); break;
            case (4, _): Sum<V, L, M, F, Four, One>(a, taps, block, y, then); break;
            case (2, _): Sum<V, L, M, F, Two, One>(a, taps, block, y, then); break;
            default: Sum<V, L, M, F, One, One>(a, taps, block, y, then); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<V, L, M, F, R, C>(float** a, in Taps taps, in Block block, float** y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
        where R : struct, ICount
        where C : struct, ICount
    {
        var second = block.Second;
        var weights = block.Weights;
        var a0 = a[0] + block.Column;
        var a1 = R.Value > 1 ? a[1] + block.Column : a0;
        var a2 = R.Value > 2 ? a[2] + block.Column : a0;
        var a3 = R.Value > 2 ? a[3] + block.Column : a0;
        V s00, s10, s20, s30, s01, s11, s21, s31;
        s00 = s10 = s20 = s30 = L.Load(block.Start);
        s01 = s11 = s21 = s31 = C.Value > 1 ? L.Load(block.SecondStart) : s00;
        for (Run* run = taps.Runs, end = run + taps.Count; run < end; run++)
        {
            var k = run->Input;
            var b0 = L.Load(weights + run->Weight);
            var b1 = C.Value > 1 ? L.Load(weights + run->Weight + L.Count) : b0;
            s00 = M.MultiplyAdd(L.Load(a0 + k), b0, s00);
            if (C.Value > 1) s01 = M.MultiplyAdd(L.Load(a0 + k + second), b1, s01);
            if (R.Value > 1)
            {
                s10 = M.MultiplyAdd(L.Load(a1 + k), b0, s10);
                if (C.Value > 1) s11 = M.MultiplyAdd(L.Load(a1 + k + second), b1, s11);
            }
            if (R.Value > 2)
            {
                s20 = M.MultiplyAdd(L.Load(a2 + k), b0, s20);
                if (C.Value > 1) s21 = M.MultiplyAdd(L.Load(a2 + k + second), b1, s21);
                s30 = M.MultiplyAdd(L.Load(a3 + k), b0, s30);
                if (C.Value > 1) s31 = M.MultiplyAdd(L.Load(a3 + k + second), b1, s31);
            }
        }
        Tile.Finish<V, L, M, F, C>(s00, s01, y[0] + block.Column, second, then);
        if (R.Value > 1) Tile.Finish<V, L, M, F, C>(s10, s11, y[1] + block.Column, second, then);
        if (R.Value > 2) Tile.Finish<V, L, M, F, C>(s20, s21, y[2] + block.Column, second, then);
        if (R.Value > 2) Tile.Finish<V, L, M, F, C>(s30, s31, y[3] + block.Column, second, then);
    }
}
