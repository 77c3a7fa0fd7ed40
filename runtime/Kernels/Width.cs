using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>How a vector width meets memory, as the products need it.</summary>
internal unsafe interface IWidth<V>
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    static abstract V Load(float* from);

    static abstract void Store(V value, float* to);

    /// <summary>One float in every lane.</summary>
    static abstract V Broadcast(float* from);
}

/// <summary>Which vector width this machine is best at.</summary>
internal static class Width
{
    /// <summary>The most floats that a vector has on any machine.</summary>
    public const int Most = 16;

    /// <summary>In floats: 4, 8 or 16.</summary>
    public static int Best => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
}

internal readonly unsafe struct Width128 : IWidth<Vector128<float>>
{
    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, float* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float* from) => Vector128.Create(*from);
}

internal readonly unsafe struct Width256 : IWidth<Vector256<float>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, float* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float* from) => Vector256.Create(*from);
}

internal readonly unsafe struct Width512 : IWidth<Vector512<float>>
{
    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, float* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float* from) => Vector512.Create(*from);
}
