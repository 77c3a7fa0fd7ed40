namespace Whence.Gpu;

using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

/// <summary>
/// What one call has of a device: a stream, in which its copies and kernels run in their order, and memory that it takes and gives back
/// like a stack. A thread that is inside a call has one.
/// </summary>
internal sealed class Lane(GpuDevice device) : IDisposable
{
    // Views of values begin where a device reads whole vectors.
    private const int Line = 64;
    private const int Least = 1 << 16;

    [ThreadStatic]
    private static Lane? current;

    private readonly List<MemoryBuffer1D<float, Stride1D.Dense>> blocks = [];
    private Lane? outer;
    private int block = -1;
    private long used;

    public GpuDevice Device => device;

    public AcceleratorStream Stream { get; } = device.Accelerator.CreateStream();

    /// <summary>What is copied beside it.</summary>
    public Copies Copies { get; } = new(device);

    /// <summary>Whether kernels are compiled but not launched.</summary>
    public bool CompilesOnly { get; set; }

    /// <summary>The lane of the call that this thread is in.</summary>
    public static Lane Current => current ?? throw new InvalidOperationException("No call to a device is under way on this thread.");

    /// <summary>How much is in use: to be given back to <see cref="Release"/>.</summary>
    public (int Block, long Used) Mark => (block, used);

    /// <summary>Makes it this thread's, inside whichever it was in.</summary>
    public Lane Enter()
    {
        device.Accelerator.Bind();
        outer = current;
        return current = this;
    }

    /// <summary>Goes back to the one that this thread was in before.</summary>
    public void Leave()
    {
        current = outer;
        outer = null;
        current?.Device.Accelerator.Bind();
    }

    /// <summary>Whether this thread is inside a call to a device.</summary>
    public static bool IsInside(GpuDevice device)
    {
        for (var lane = current; lane is not null; lane = lane.outer)
        {
            if (lane.Device == device)
                return true;
        }
        return false;
    }

    /// <summary>Bytes of the device that this thread's present call to it has.</summary>
    public static long HeldBy(GpuDevice device) => current?.Device == device ? current.Held * sizeof(float) : 0;

    private long Held => blocks.Sum(each => each.Length);

    /// <summary>How many kernels it has launched.</summary>
    public long Launches { get; set; }

    /// <summary>Launches a kernel with a thread for each of so many elements.</summary>
    public void Launch<TKernel, TArguments>(long elements, in TArguments arguments)
        where TKernel : struct, IKernel<TArguments>
        where TArguments : struct => device.Kernels.Launch<TKernel, TArguments>(this, elements, arguments);

    /// <summary>Launches a kernel over a grid of groups.</summary>
    public void Launch<TKernel, TArguments>(KernelConfig grid, in TArguments arguments)
        where TKernel : struct, IKernel<TArguments>
        where TArguments : struct => device.Kernels.Launch<TKernel, TArguments>(this, grid, arguments);

    /// <summary>So many floats, their contents undefined.</summary>
    /// <exception cref="GpuException">The device has no more memory.</exception>
    public Rows Take(long floats)
    {
        if (floats == 0)
            return default;
        var rounded = Lines(floats);
        if (block < 0 || blocks[block].Length - used < rounded)
            Next(rounded);
        var rows = new Rows(blocks[block].View.SubView(used, floats).BaseView);
        used += rounded;
        return rows;
    }

    /// <summary>So many floats and what is left of the last line.</summary>
    public static long Lines(long floats) => (floats + Line - 1) / Line * Line;

    /// <inheritdoc cref="Lines(long)"/>
    public static int Lines(int floats) => checked((int)Lines((long)floats));

    /// <summary>A copy of numbers on the host; none of none.</summary>
    public Rows Up(ReadOnlySpan<float> from)
    {
        var rows = Take(from.Length);
        rows.Read(from);
        return rows;
    }

    /// <summary>A copy of whole numbers, which kernels read by a cast.</summary>
    public Rows Up(ReadOnlySpan<int> from) => Up(MemoryMarshal.Cast<int, float>(from));

    public void Release((int Block, long Used) mark)
    {
        (block, used) = mark;
        if (block >= 0 || blocks.Count < 2)
            return;
        // What took several blocks finds everything in one the next time.
        var all = Held;
        Stream.Synchronize();
        Free();
        try
        {
            Add(all);
        }
        catch (OutOfDeviceMemoryException)
        {
            // Then in several again.
        }
    }

    private void Next(long floats)
    {
        block++;
        used = 0;
        if (block < blocks.Count && blocks[block].Length >= floats)
            return;
        for (var i = blocks.Count - 1; i >= block; i--)
        {
            blocks[i].Dispose();
            blocks.RemoveAt(i);
        }
        Add(Math.Max(floats, Least));
    }

    private void Add(long floats)
    {
        if ((Held + floats) * sizeof(float) > device.LaneMemory)
            throw new OutOfDeviceMemoryException(device, floats * sizeof(float));
        try
        {
            blocks.Add(device.Accelerator.Allocate1D<float>(floats));
        }
        catch (AcceleratorException e) when (DriverError.IsOutOfMemory(e))
        {
            throw new OutOfDeviceMemoryException(device, floats * sizeof(float), e);
        }
    }

    private void Free()
    {
        foreach (var each in blocks)
            each.Dispose();
        blocks.Clear();
    }

    public void Dispose()
    {
        Free();
        Copies.Dispose();
        Stream.Dispose();
    }
}
