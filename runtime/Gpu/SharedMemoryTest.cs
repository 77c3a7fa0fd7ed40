namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// Whether a group's threads see what the others wrote to shared memory before a barrier. ILGPU's barrier of OpenCL orders global memory
/// only; a driver that takes this at its word computes wrong products.
/// </summary>
internal readonly struct SharedMemoryTest : IKernel<SharedMemoryTest.Arguments>
{
    private const int Rounds = 64;

    public struct Arguments
    {
        public ArrayView<float> Sums;
    }

    /// <exception cref="GpuException">The device fails.</exception>
    public static void Check(GpuDevice device)
    {
        const int groups = 64;
        var lane = device.Lanes.Rent();
        try
        {
            var sums = lane.Take(groups * KernelCache.Group);
            lane.Launch<SharedMemoryTest, Arguments>(new KernelConfig(groups, KernelCache.Group), new Arguments { Sums = sums.View });
            var found = new float[sums.Length];
            sums.Write(found);
            // Each thread adds up what its neighbour wrote in every round: round + neighbour.
            for (var i = 0; i < found.Length; i++)
            {
                var neighbour = (i + 1) % KernelCache.Group;
                if (found[i] != Rounds * (Rounds - 1) / 2 + Rounds * neighbour)
                    throw new GpuException(
                        $"{device.Name} does not keep shared memory in order at barriers, and would compute wrong sums.");
            }
        }
        finally
        {
            device.Lanes.Return(lane);
        }
    }

    public static void Run(Arguments arguments)
    {
        var shared = SharedMemory.Allocate<float>(KernelCache.Group);
        var thread = Group.IdxX;
        var sum = 0f;
        for (var round = 0; round < Rounds; round++)
        {
            shared[thread] = round + thread;
            Group.Barrier();
            sum += shared[(thread + 1) % KernelCache.Group];
            Group.Barrier();
        }
        arguments.Sums[Grid.IdxX * KernelCache.Group + thread] = sum;
    }
}
