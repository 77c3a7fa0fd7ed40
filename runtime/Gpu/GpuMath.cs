namespace Whence.Gpu;

using ILGPU;
using ILGPU.Algorithms;
using Whence.CompilerServices;

/// <summary>
/// Arithmetic of one thread of a kernel. Functions are the runtime's own polynomials, so that a device and the CPU differ in the rounding
/// of a multiplication with an addition alone, and no approximation of the device's is used.
/// </summary>
public readonly struct GpuMath : IMath<float>
{
    /// <inheritdoc/>
    public static float Constant(double value) => (float)value;

    /// <inheritdoc/>
    public static float Add(float a, float b) => a + b;

    /// <inheritdoc/>
    public static float Subtract(float a, float b) => a - b;

    /// <inheritdoc/>
    public static float Multiply(float a, float b) => a * b;

    /// <inheritdoc/>
    public static float Divide(float a, float b) => a / b;

    /// <inheritdoc/>
    public static float MultiplyAdd(float a, float b, float c) => a * b + c;

    /// <inheritdoc/>
    public static float Negate(float a) => -a;

    /// <inheritdoc/>
    public static float Abs(float a) => Math.Abs(a);

    /// <inheritdoc/>
    public static float Max(float a, float b) => a > b | IsNaN(a) ? a : b;

    /// <inheritdoc/>
    public static float Min(float a, float b) => a < b | IsNaN(a) ? a : b;

    /// <inheritdoc/>
    public static float Sqrt(float a) => XMath.Sqrt(a);

    /// <inheritdoc/>
    public static float Exp(float a) => Transcendental.Exp<float, GpuBits>(a);

    /// <inheritdoc/>
    public static float Expm1(float a) => Transcendental.Expm1<float, GpuBits>(a);

    /// <inheritdoc/>
    public static float Log(float a) => Transcendental.Log<float, GpuBits>(a);

    /// <inheritdoc/>
    public static float Log1p(float a) => Transcendental.Log1p<float, GpuBits>(a);

    /// <inheritdoc/>
    public static float Tanh(float a) => Transcendental.Tanh<float, GpuBits>(a);

    /// <inheritdoc/>
    public static float Erf(float a) => Transcendental.Erf<float, GpuBits>(a);

    /// <inheritdoc/>
    public static float Erfc(float a) => Transcendental.Erfc<float, GpuBits>(a);

    /// <inheritdoc/>
    public static float IfPositive(float test, float then, float otherwise) => test > 0f ? then : otherwise;

    /// <inheritdoc/>
    public static float IfZero(float test, float then, float otherwise) => test == 0f ? then : otherwise;

    /// <summary>The largest power of two that is not above a scale between 0 and 1; else 1. As <c>Kernels.Units</c>.</summary>
    internal static float PowerBelow(float scale) =>
        scale > 0f & scale < 1f ? Interop.IntAsFloat(Interop.FloatAsInt(scale) & 0x7F800000u) : 1f;

    // By its bits: a comparison of a number with itself may be taken for true.
    private static bool IsNaN(float a) => (Interop.FloatAsInt(a) & 0x7FFFFFFFu) > 0x7F800000u;
}

/// <summary>The same, with what the functions need to look into a float's binary form.</summary>
internal readonly struct GpuBits : IBinary<float>
{
    public static int Count => 1;

    public static float Load(ref readonly float from, nuint offset) => from;

    public static void Store(float lanes, ref float to, nuint offset) => to = lanes;

    public static float IfLess(float a, float b, float then, float otherwise) => a < b ? then : otherwise;

    public static float CopySign(float size, float sign) =>
        Interop.IntAsFloat((Interop.FloatAsInt(size) & 0x7FFFFFFFu) | (Interop.FloatAsInt(sign) & 0x80000000u));

    // 1.5 * 2^23: what is added and taken away again leaves a whole number, halves to even.
    public static float Round(float a) => Math.Abs(a) < 4194304f ? a + 12582912f - 12582912f : a;

    public static float PowerOfTwo(float n) =>
        Interop.IntAsFloat((uint)(((int)n + Transcendental.ExponentBias) << Transcendental.MantissaBits));

    public static float Exponent(float a, out float mantissa)
    {
        var bits = (int)Interop.FloatAsInt(a) - Transcendental.SqrtHalfBits;
        mantissa = Interop.IntAsFloat((uint)((bits & 0x7FFFFF) + Transcendental.SqrtHalfBits));
        return bits >> Transcendental.MantissaBits;
    }

    public static float Constant(double value) => (float)value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float MultiplyAdd(float a, float b, float c) => a * b + c;

    public static float Negate(float a) => -a;

    public static float Abs(float a) => Math.Abs(a);

    public static float Max(float a, float b) => GpuMath.Max(a, b);

    public static float Min(float a, float b) => GpuMath.Min(a, b);

    public static float Sqrt(float a) => XMath.Sqrt(a);

    public static float Exp(float a) => GpuMath.Exp(a);

    public static float Expm1(float a) => GpuMath.Expm1(a);

    public static float Log(float a) => GpuMath.Log(a);

    public static float Log1p(float a) => GpuMath.Log1p(a);

    public static float Tanh(float a) => GpuMath.Tanh(a);

    public static float Erf(float a) => GpuMath.Erf(a);

    public static float Erfc(float a) => GpuMath.Erfc(a);

    public static float IfPositive(float test, float then, float otherwise) => test > 0f ? then : otherwise;

    public static float IfZero(float test, float then, float otherwise) => test == 0f ? then : otherwise;
}
