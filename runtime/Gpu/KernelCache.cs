namespace Whence.Gpu;

using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

/// <summary>
/// Kernels of one device, each compiled when it is first launched. A launch holds its kernel's lock: launched from several threads at once,
/// a kernel of OpenCL would get mixed arguments, since they are set on the one kernel object.
/// </summary>
internal sealed class KernelCache(GpuDevice device)
{
    private readonly ConcurrentDictionary<Type, object> kernels = new();
    private readonly Lock compiling = new();
    private string? refused;

    /// <summary>Threads of a group in every kernel that has a thread for each element.</summary>
    public const int Group = 128;

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
            if (!Recorded.Exists(known => known.Kernel == typeof(TKernel)))
                Recorded.Add((typeof(TKernel), grid.GroupDim.X));
            return;
        }
        var kernel = (Compiled<TArguments>)(kernels.TryGetValue(typeof(TKernel), out var known) ? known : Compile<TKernel, TArguments>());
        if (lane.CompilesOnly)
            return;
        device.Launching?.Invoke();
        lock (kernel.Gate)
            kernel.Go(lane.Stream, grid, arguments);
        Interlocked.Increment(ref launches);
        lane.Launches++;
    }

    /// <summary>Compiles a kernel without launching it.</summary>
    public void Prepare<TKernel, TArguments>() where TKernel : struct, IKernel<TArguments> where TArguments : struct
    {
        if (!kernels.ContainsKey(typeof(TKernel)))
            Compile<TKernel, TArguments>();
    }

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
                return kernels[typeof(TKernel)] = new Compiled<TArguments>(device.Accelerator.LoadKernel(run));
            }
            catch (Exception e)
            {
                refused = $"{device.Name} refuses the kernel {typeof(TKernel)}: {e.Message}";
                throw new GpuException(refused, e);
            }
        }
    }

    private sealed class Compiled<TArguments>(Action<AcceleratorStream, KernelConfig, TArguments> go) where TArguments : struct
    {
        public Action<AcceleratorStream, KernelConfig, TArguments> Go => go;

        public Lock Gate { get; } = new();
    }
}
