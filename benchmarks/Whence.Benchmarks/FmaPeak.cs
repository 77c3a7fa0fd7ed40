using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whence.Benchmarks;

/// <summary>How many fused multiply-adds one core can do: twelve chains of the widest vectors, all in registers.</summary>
internal static class FmaPeak
{
    private const int Chains = 12;
    private const int Turns = 200_000;

    /// <summary>In GFLOP/s of single precision, two for each multiply-add; the best of many tries, by processor time.</summary>
    public static double Measure()
    {
        var best = 0.0;
        for (var i = 0; i < 60; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var (lanes, kept) = Vector512.IsHardwareAccelerated
                ? (Vector512<float>.Count, Chained<Vector512<float>, Wide>(Turns))
                : (Vector256<float>.Count, Chained<Vector256<float>, Narrow>(Turns));
            var seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            if (!float.IsNaN(kept))
                best = Math.Max(best, 2e-9 * Turns * Chains * lanes / seconds);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chained<V, M>(int turns)
        where V : struct
        where M : struct, ILanes<V>
    {
        var (a, b) = (M.All(0.5f), M.All(0.25f));
        var (s0, s1, s2, s3, s4, s5) = (a, a, a, a, a, a);
        var (s6, s7, s8, s9, s10, s11) = (a, a, a, a, a, a);
        for (; turns > 0; turns--)
        {
            s0 = M.MultiplyAdd(s0, a, b);
            s1 = M.MultiplyAdd(s1, a, b);
            s2 = M.MultiplyAdd(s2, a, b);
            s3 = M.MultiplyAdd(s3, a, b);
            s4 = M.MultiplyAdd(s4, a, b);
            s5 = M.MultiplyAdd(s5, a, b);
            s6 = M.MultiplyAdd(s6, a, b);
            s7 = M.MultiplyAdd(s7, a, b);
            s8 = M.MultiplyAdd(s8, a, b);
            s9 = M.MultiplyAdd(s9, a, b);
            s10 = M.MultiplyAdd(s10, a, b);
            s11 = M.MultiplyAdd(s11, a, b);
        }
        return M.Sum([s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11]);
    }

    /// <summary>Vectors of one width.</summary>
    private interface ILanes<V>
    {
        static abstract V All(float value);

        static abstract V MultiplyAdd(V a, V b, V c);

        static abstract float Sum(ReadOnlySpan<V> all);
    }

    private readonly struct Wide : ILanes<Vector512<float>>
    {
        public static Vector512<float> All(float value) => Vector512.Create(value);

        public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
            Vector512.FusedMultiplyAdd(a, b, c);

        public static float Sum(ReadOnlySpan<Vector512<float>> all)
        {
            var sum = 0f;
            foreach (var one in all)
                sum += Vector512.Sum(one);
            return sum;
        }
    }

    private readonly struct Narrow : ILanes<Vector256<float>>
    {
        public static Vector256<float> All(float value) => Vector256.Create(value);

        public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
            Vector256.FusedMultiplyAdd(a, b, c);

        public static float Sum(ReadOnlySpan<Vector256<float>> all)
        {
            var sum = 0f;
            foreach (var one in all)
                sum += Vector256.Sum(one);
            return sum;
        }
    }
}
