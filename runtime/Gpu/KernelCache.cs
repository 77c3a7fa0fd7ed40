namespace Whence.Gpu;

using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

/// <summary>Launches kernels on a device, each compiled when it is first launched.</summary>
internal sealed class KernelCache(GpuDevice device, CompiledKernels kernels)
{
    /// <summary>Threads of a group in every kernel that has a thread for each element.</summary>
    public const int Group = 128;

    /// <summary>What has been compiled.</summary>
    public CompiledKernels Compiled => kernels;

    /// <summary>How many kernels have been compiled.</summary>
    public int Count => kernels.Count;

    /// <summary>How often a kernel has been launched.</summary>
    public long Launches => Interlocked.Read(ref launches);

    private long launches;

    /// <summary>
    /// The kernels that were to be launched and how many threads a group has, in the order of their first launch, of a device that only
    /// takes note of them; null of one that runs them.
    /// </summary>
    public List<(Type Kernel, int Group)>? Recorded { get; init; }

    /// <summary>Launches a kernel with a thread for each of so many elements.</summary>
    public void Launch<TKernel, TArguments>(Lane lane, long elements, in TArguments arguments)
        where TKernel : struct, IKernel<TArguments>
        where TArguments : struct
    {
        if (elements > 0)
            Launch<TKernel, TArguments>(lane, new KernelConfig((int)((elements + Group - 1) / Group), Group), arguments);
    }

    /// <summary>Launches a kernel over a grid of groups.</summary>
    public void Launch<TKernel, TArguments>(Lane lane, KernelConfig grid, in TArguments arguments)
        where TKernel : struct, IKernel<TArguments>
        where TArguments : struct
    {
        if (Recorded is not null)
        {
            Record(typeof(TKernel), grid.GroupDim.X);
        }
        else
        {
            var kernel = kernels.Of<TKernel, TArguments>();
            if (lane.CompilesOnly)
                return;
            device.Launching?.Invoke();
            kernel.Launch(lane.Stream, grid, arguments);
        }
        Interlocked.Increment(ref launches);
        lane.Launches++;
    }

    private void Record(Type kernel, int group)
    {
        if (!Recorded!.Exists(known => known.Kernel == kernel))
            Recorded.Add((kernel, group));
    }

    /// <summary>Compiles a kernel without launching it.</summary>
    public void Prepare<TKernel, TArguments>() where TKernel : struct, IKernel<TArguments> where TArguments : struct =>
        kernels.Of<TKernel, TArguments>();
}

/// <summary>
/// The kernels of a device's context. A launch holds its kernel's lock: launched from several threads at once, a kernel of OpenCL would get
/// mixed arguments, since they are set on the one kernel object.
/// </summary>
internal sealed class CompiledKernels(Accelerator accelerator)
{
    private readonly ConcurrentDictionary<Type, object> kernels = new();
    private readonly Lock compiling = new();
    private string? refused;

    /// <summary>How many there are.</summary>
    public int Count => kernels.Count;

    /// <summary>A kernel, compiled if it has not been yet.</summary>
    /// <exception cref="GpuException">The device refuses it, or has refused another.</exception>
    public Compiled<TArguments> Of<TKernel, TArguments>() where TKernel : struct, IKernel<TArguments> where TArguments : struct =>
        (Compiled<TArguments>)(kernels.TryGetValue(typeof(TKernel), out var known) ? known : Compile<TKernel, TArguments>());

    private object Compile<TKernel, TArguments>() where TKernel : struct, IKernel<TArguments> where TArguments : struct
    {
        // One at a time: ILGPU's loading of kernels is not safe from several threads.
        lock (compiling)
        {
            if (kernels.TryGetValue(typeof(TKernel), out var known))
                return known;
            if (refused is not null)
                throw new GpuException($"{refused} A context that has refused a kernel compiles no other: open the device anew.");
            try
            {
                Action<TArguments> run = TKernel.Run;
                return kernels[typeof(TKernel)] = new Compiled<TArguments>(accelerator.LoadKernel(run));
            }
            catch (Exception e)
            {
                refused = $"{accelerator.Name} refuses the kernel {typeof(TKernel)}: {e.Message}";
                throw new GpuException(refused, e);
            }
        }
    }

    /// <summary>One of them.</summary>
    internal sealed class Compiled<TArguments>(Action<AcceleratorStream, KernelConfig, TArguments> go) where TArguments : struct
    {
        private readonly Lock gate = new();

        /// <summary>Launches it; it may still be at work when this returns.</summary>
        public void Launch(AcceleratorStream stream, KernelConfig grid, in TArguments arguments)
        {
            lock (gate)
                go(stream, grid, arguments);
        }
    }
}
