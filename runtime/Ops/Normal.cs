using System.Runtime.CompilerServices;

namespace Whence;

/// <summary>The density of the normal distribution, of which the error function and what is made of it are integrals.</summary>
internal static class Normal
{
    private const double DensityAtZero = 0.39894228040143268;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Density<V, M>(V x) where M : struct, IMath<V> =>
        M.Multiply(M.Constant(DensityAtZero), M.Exp(M.Multiply(M.Constant(-0.5), M.Multiply(x, x))));

    // The mean density from middle - reach to middle + reach, for |reach| <= 1/2: its Taylor series about the middle, whose
    // even derivatives are Hermite polynomials, density(m) * sum of He_2k(m) reach^2k / (2k + 1)!, to k = 8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V MeanDensity<V, M>(V middle, V reach) where M : struct, IMath<V>
    {
        var m = M.Max(M.Constant(-40), M.Min(M.Constant(40), middle));
        var squared = M.Multiply(reach, reach);
        var (even, odd) = (M.Constant(1), m);
        var (sum, power) = (M.Constant(1), M.Constant(1));
        Add<V, M>(2, m, squared, ref even, ref odd, ref power, ref sum);
        Add<V, M>(4, m, squared, ref even, ref odd, ref power, ref sum);
        Add<V, M>(6, m, squared, ref even, ref odd, ref power, ref sum);
        Add<V, M>(8, m, squared, ref even, ref odd, ref power, ref sum);
        Add<V, M>(10, m, squared, ref even, ref odd, ref power, ref sum);
        Add<V, M>(12, m, squared, ref even, ref odd, ref power, ref sum);
        Add<V, M>(14, m, squared, ref even, ref odd, ref power, ref sum);
        Add<V, M>(16, m, squared, ref even, ref odd, ref power, ref sum);
        return M.Multiply(Density<V, M>(middle), sum);
    }

    // From He_n-2 and He_n-1 to He_n and He_n+1, and the term of He_n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<V, M>(int n, V m, V squared, ref V even, ref V odd, ref V power, ref V sum) where M : struct, IMath<V>
    {
        even = M.MultiplyAdd(m, odd, M.Multiply(M.Constant(1 - n), even));
        odd = M.MultiplyAdd(m, even, M.Multiply(M.Constant(-n), odd));
        power = M.Multiply(power, M.Multiply(squared, M.Constant(1.0 / (n * (n + 1)))));
        sum = M.MultiplyAdd(power, even, sum);
    }
}
