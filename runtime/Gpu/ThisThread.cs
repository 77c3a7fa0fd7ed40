namespace Whence.Gpu;

using ILGPU;

/// <summary>The thread that a kernel runs in.</summary>
internal static class ThisThread
{
    /// <summary>Its element, of kernels that have a thread for each; the last group's threads may lie beyond the last element.</summary>
    public static int Element => Grid.IdxX * KernelCache.Group + Group.IdxX;
}
