namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;

/// <summary>The group of threads that a kernel runs in. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ThisGroup
{
    internal const int Threads = KernelCache.Group;

    /// <summary>Which of the groups it is.</summary>
    public static int Index => Grid.IdxX;

    /// <summary>How many groups there are.</summary>
    public static int Count => Grid.DimX;

    /// <summary>Which of the group's threads this one is.</summary>
    internal static int Thread => Group.IdxX;

    /// <summary>Waits until all threads of the group are here, and sees what they wrote.</summary>
    public static void Barrier() => Group.Barrier();

    /// <summary>So many floats, a multiple of four, that the threads of the group share. Called once, with a constant.</summary>
    public static Rows Shared(int floats) => new(SharedMemory.Allocate<Float4>(floats / 4).Cast<float>());
}
