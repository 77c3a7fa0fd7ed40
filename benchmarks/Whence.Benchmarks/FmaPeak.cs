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
            var (lanes, kept) = Vector512.IsHardwareAccelerated ? (16, Wide(Turns)) : (8, Narrow(Turns));
            var seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            if (!float.IsNaN(kept))
                best = Math.Max(best, 2e-9 * Turns * Chains * lanes / seconds);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Wide(int turns)
    {
        var (a, b) = (Vector512.Create(0.5f), Vector512.Create(0.25f));
        var (s0, s1, s2, s3, s4, s5) = (a, a, a, a, a, a);
        var (s6, s7, s8, s9, s10, s11) = (a, a, a, a, a, a);
        for (; turns > 0; turns--)
        {
            s0 = Vector512.FusedMultiplyAdd(s0, a, b);
            s1 = Vector512.FusedMultiplyAdd(s1, a, b);
            s2 = Vector512.FusedMultiplyAdd(s2, a, b);
            s3 = Vector512.FusedMultiplyAdd(s3, a, b);
            s4 = Vector512.FusedMultiplyAdd(s4, a, b);
            s5 = Vector512.FusedMultiplyAdd(s5, a, b);
            s6 = Vector512.FusedMultiplyAdd(s6, a, b);
            s7 = Vector512.FusedMultiplyAdd(s7, a, b);
            s8 = Vector512.FusedMultiplyAdd(s8, a, b);
            s9 = Vector512.FusedMultiplyAdd(s9, a, b);
            s10 = Vector512.FusedMultiplyAdd(s10, a, b);
            s11 = Vector512.FusedMultiplyAdd(s11, a, b);
        }
        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Narrow(int turns)
    {
        var (a, b) = (Vector256.Create(0.5f), Vector256.Create(0.25f));
        var (s0, s1, s2, s3, s4, s5) = (a, a, a, a, a, a);
        var (s6, s7, s8, s9, s10, s11) = (a, a, a, a, a, a);
        for (; turns > 0; turns--)
        {
            s0 = Vector256.FusedMultiplyAdd(s0, a, b);
            s1 = Vector256.FusedMultiplyAdd(s1, a, b);
            s2 = Vector256.FusedMultiplyAdd(s2, a, b);
            s3 = Vector256.FusedMultiplyAdd(s3, a, b);
            s4 = Vector256.FusedMultiplyAdd(s4, a, b);
            s5 = Vector256.FusedMultiplyAdd(s5, a, b);
            s6 = Vector256.FusedMultiplyAdd(s6, a, b);
            s7 = Vector256.FusedMultiplyAdd(s7, a, b);
            s8 = Vector256.FusedMultiplyAdd(s8, a, b);
            s9 = Vector256.FusedMultiplyAdd(s9, a, b);
            s10 = Vector256.FusedMultiplyAdd(s10, a, b);
            s11 = Vector256.FusedMultiplyAdd(s11, a, b);
        }
        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11);
    }
}
