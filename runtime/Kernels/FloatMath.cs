using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Quad = Whence.CompilerServices.Vector128Math;

namespace Whence.CompilerServices;

/// <summary>Arithmetic over one float. The functions run in a lane of a vector, so that a number and a vector of it agree.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct FloatMath : ILanes<float>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Constant(double value) => (float)value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float a, float b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float a, float b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float a, float b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => Quad.MultiplyAdd(Lane(a), Lane(b), Lane(c)).ToScalar();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Negate(float a) => -a;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Abs(float a) => MathF.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float a, float b) => a > b || float.IsNaN(a) ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(float a, float b) => a < b || float.IsNaN(a) ? a : b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sqrt(float a) => MathF.Sqrt(a);

    /// <inheritdoc/>
    public static float Exp(float a) => Quad.Exp(Lane(a)).ToScalar();

    /// <inheritdoc/>
    public static float Expm1(float a) => Quad.Expm1(Lane(a)).ToScalar();

    /// <inheritdoc/>
    public static float Log(float a) => Quad.Log(Lane(a)).ToScalar();

    /// <inheritdoc/>
    public static float Log1p(float a) => Quad.Log1p(Lane(a)).ToScalar();

    /// <inheritdoc/>
    public static float Tanh(float a) => Quad.Tanh(Lane(a)).ToScalar();

    /// <inheritdoc/>
    public static float Erf(float a) => Quad.Erf(Lane(a)).ToScalar();

    /// <inheritdoc/>
    public static float Erfc(float a) => Quad.Erfc(Lane(a)).ToScalar();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float IfPositive(float test, float then, float otherwise) => test > 0 ? then : otherwise;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float IfZero(float test, float then, float otherwise) => test == 0 ? then : otherwise;

    static int ILanes<float>.Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float ILanes<float>.Load(ref readonly float from, nuint offset) => Unsafe.Add(ref Unsafe.AsRef(in from), offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void ILanes<float>.Store(float lanes, ref float to, nuint offset) => Unsafe.Add(ref to, offset) = lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float ILanes<float>.IfLess(float a, float b, float then, float otherwise) => a < b ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Lane(float a) => Vector128.CreateScalar(a);
}
