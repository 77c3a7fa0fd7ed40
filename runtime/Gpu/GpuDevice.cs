namespace Whence;

using System.Diagnostics.CodeAnalysis;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Whence.Gpu;

/// <summary>
/// A device that runs compiled networks: <c>using var gpu = GpuDevice.Best(); var fast = net.OnGpu(gpu);</c>. Safe to share between
/// threads. Dispose it after the networks that run on it.
/// </summary>
[RequiresDynamicCode("ILGPU compiles kernels when they are first run.")]
public sealed class GpuDevice : IDisposable
{
    // Of a chunk's values: 64 MiB, which keep any device at work and the better part of which its caches hold.
    private const int ChunkFloats = 1 << 24;
    // But of large networks as many rows as fill a GPU's processors.
    private const int FewestRows = 256;

    private readonly Context context;
    private int disposed;

    private readonly bool isBeside;

    private GpuDevice(Context context, Accelerator accelerator, bool records = false, CompiledKernels? beside = null)
    {
        (this.context, Accelerator, isBeside) = (context, accelerator, beside is not null);
        MostRows = IsProcessor ? 1 << 12 : 1 << 16;
        Overlaps = !IsProcessor;
        // What is recorded is for a GPU.
        HasGroups = records || !IsProcessor;
        Kernels = new KernelCache(this, beside ?? new CompiledKernels(accelerator)) { Recorded = records ? [] : null };
        Lanes = new LanePool(this);
        Uploads = new UploadCache(this);
    }

    /// <summary>The device's name as its driver says it.</summary>
    public string Name => Accelerator.Name;

    /// <summary>Bytes of memory that it has.</summary>
    public long Memory => Accelerator.MemorySize;

    /// <summary>Bytes that one thread's values may take; less than there are, to be tested.</summary>
    internal long LaneMemory { get; set; } = long.MaxValue;

    /// <summary>
    /// Bytes of memory that nobody has: of a driver that does not say, as OpenCL's do not, all that there are. To be tested, what is set.
    /// </summary>
    internal long FreeMemory
    {
        get => freeMemory ?? (Accelerator is CudaAccelerator ? FreeOfCuda() : Memory);
        set => freeMemory = value;
    }

    private long? freeMemory;

    /// <summary>
    /// Whether inputs go up and answers come down beside the computation of others, where they are many; on the host's own processor copies
    /// would only take its time.
    /// </summary>
    internal bool Overlaps { get; set; }

    /// <summary>Floats of a copy, 256 KiB, than which less takes no longer than to begin it; less, to be tested.</summary>
    internal int LeastCopy { get; set; } = 1 << 16;

    /// <summary>Called before each launch of a kernel: to throw what a driver would, to be tested.</summary>
    internal Action? Launching { get; set; }

    /// <summary>The most rows of a chunk.</summary>
    internal int MostRows { get; set; }

    /// <summary>What runs its kernels: "Cuda", "OpenCL" or "CPU".</summary>
    public string Kind => Accelerator.AcceleratorType.ToString();

    internal Accelerator Accelerator { get; }

    /// <summary>Whether products are computed by groups of threads, as on a GPU; on a processor each thread computes by itself.</summary>
    internal bool HasGroups { get; set; }

    internal KernelCache Kernels { get; }

    internal LanePool Lanes { get; }

    internal UploadCache Uploads { get; }

    /// <summary>How often and how much was copied to it and from it.</summary>
    internal Traffic Traffic { get; } = new();

    /// <summary>Whether it has been disposed.</summary>
    internal bool IsDisposed => Volatile.Read(ref disposed) != 0;

    // By a thread inside a question on it, which gives it back.
    private int isLeft;

    /// <summary>The first CUDA device.</summary>
    /// <exception cref="GpuException">There is none; it says why.</exception>
    public static GpuDevice Best() => Cuda();

    /// <summary>A CUDA device, counted from 0.</summary>
    /// <exception cref="GpuException">There is none; it says why.</exception>
    public static GpuDevice Cuda(int index = 0) => Open<CudaDevice>(builder => builder.Cuda(), index, "CUDA",
        "an NVIDIA GPU and its driver (libcuda.so.1, on Windows nvcuda.dll)");

    /// <summary>
    /// An OpenCL device, counted from 0. Verified on PoCL, OpenCL on the CPU; when it is opened it runs a test of its shared memory, since
    /// ILGPU's barriers order global memory only.
    /// </summary>
    /// <exception cref="GpuException">There is none, or it fails the test.</exception>
    public static GpuDevice OpenCL(int index = 0)
    {
        var device = Open<CLDevice>(builder => builder.OpenCL(Admit), index, "OpenCL",
            "an OpenCL loader (libOpenCL.so.1: ocl-icd-libopencl1 on Debian) and a driver, such as PoCL (pocl-opencl-icd)");
        try
        {
            SharedMemoryTest.Check(device);
            return device;
        }
        catch (AcceleratorException e)
        {
            device.Dispose();
            throw DriverError.Told(device, e);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>A device that has memory, and takes note of kernels instead of running them. For one thread.</summary>
    internal static GpuDevice Recorder()
    {
        var context = Context.Create(builder => builder.CPU(new CPUDevice(32, 4, 1)));
        return new GpuDevice(context, context.Devices[0].CreateAccelerator(context), records: true);
    }

    /// <summary>
    /// The same device with memory, limits and counts of its own. What is compiled for one serves both. Dispose it before the device.
    /// </summary>
    internal GpuDevice Beside() => new(context, Accelerator, beside: Kernels.Compiled) { HasGroups = HasGroups, Overlaps = Overlaps };

    /// <summary>
    /// ILGPU's accelerator on the CPU: slow, and for debugging, since it checks every index. A failed check ends the process.
    /// </summary>
    public static GpuDevice Debug() => Open<CPUDevice>(builder => builder.CPU(new CPUDevice(32, 8, 1)), 0, "CPU", "ILGPU itself");

    // Drivers such as PoCL's know no generic address space, and ILGPU passes over them; but optimised as we do it leaves none in our
    // kernels.
    private static bool Admit(CLDevice device)
    {
        typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!.SetValue(device.Capabilities, true);
        return true;
    }

    private static GpuDevice Open<D>(Action<Context.Builder> add, int index, string kind, string needs) where D : Device
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        NativeLibraries.Resolve();
        Context? context = null;
        try
        {
            context = Context.Create(builder =>
            {
                builder.Optimize(OptimizationLevel.O2).EnableAlgorithms();
                add(builder);
            });
            var devices = context.Devices.OfType<D>().ToList();
            if (index < devices.Count)
                return new GpuDevice(context, devices[index].CreateAccelerator(context));
            var found = devices.Count == 0
                ? $"There is no {kind} device: it needs {needs}."
                : $"There is no {kind} device {index}: there are {devices.Count}, {Listing.Of(devices.Select(d => d.Name))}.";
            throw new GpuException(found);
        }
        catch (Exception e) when (e is not GpuException)
        {
            context?.Dispose();
            throw new GpuException($"No {kind} device could be opened: it needs {needs}. {e.Message}", e);
        }
        catch
        {
            context?.Dispose();
            throw;
        }
    }

    /// <summary>Rows of a chunk whose values take so many floats each.</summary>
    internal int ChunkRows(int rowSize)
    {
        rowSize = Math.Max(1, rowSize);
        var rows = Math.Max(ChunkFloats / rowSize, IsProcessor ? 1 : FewestRows);
        // An eighth of what a thread may have, and places that an int counts.
        var room = Math.Min(Room / (8 * sizeof(float)), int.MaxValue) / rowSize;
        return (int)Math.Clamp(Math.Min(rows, room), 1, MostRows);
    }

    /// <summary>Bytes that the call that this thread is in may have: what it has, and what is free.</summary>
    internal long Room
    {
        get
        {
            // Not a sum: a processor's memory may be said to be the largest number that there is.
            var (free, held) = (FreeMemory, Lane.HeldBy(this));
            return Math.Min(LaneMemory, free < Memory - held ? free + held : Memory);
        }
    }

    private long FreeOfCuda()
    {
        Accelerator.Bind();
        return CudaAPI.CurrentAPI.GetMemoryInfo(out long free, out long _) == CudaError.CUDA_SUCCESS ? free : Memory;
    }

    // One that computes on the host's own processor is as well at work with one row.
    private bool IsProcessor => Accelerator is CPUAccelerator
        || Accelerator is CLAccelerator cl && cl.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU);

    /// <summary>Asks a call of rows, in parts where all do not fit into the device's memory.</summary>
    /// <exception cref="GpuException">Not even one row does.</exception>
    internal void Ask(scoped in RowCall call)
    {
        if (call.Rows == 0 || Fits(call))
            return;
        var half = call.Rows / 2;
        Ask(call.Part(0, half));
        Ask(call.Part(half, call.Rows - half));
    }

    /// <summary>Asks a call on a lane of its own; false if it does not fit into the device's memory and can be cut.</summary>
    /// <exception cref="GpuException">It does not fit, and is about one example.</exception>
    internal bool Fits<TCall>(scoped in TCall call) where TCall : IDeviceCall, allows ref struct
    {
        var lane = Lanes.Rent();
        try
        {
            call.Run(lane);
            return true;
        }
        catch (OutOfDeviceMemoryException e)
        {
            return call.Rows > 1
                ? false
                : throw new GpuException($"Not even one example fits into the device's memory. {e.Message}", e);
        }
        catch (AcceleratorException e)
        {
            throw DriverError.Told(this, e);
        }
        finally
        {
            Lanes.Return(lane);
        }
    }

    /// <summary>
    /// Gives back the device's memory and what was compiled for it. Networks that ran on it throw <see cref="ObjectDisposedException"/>
    /// from then on, questions that are under way as soon as their present chunk is done, for which it waits; but where this thread itself
    /// is inside a question, in its progress, what the device has goes when the question ends.
    /// </summary>
    public void Dispose()
    {
        // Seen by every call that comes later, before those under way are waited for.
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        if (Lane.IsInside(this))
            Volatile.Write(ref isLeft, 1);
        else
            Release();
    }

    /// <summary>A lane was given back: the last one of a thread that has disposed of the device.</summary>
    internal void Returned()
    {
        if (Volatile.Read(ref isLeft) != 0 && !Lane.IsInside(this) && Interlocked.Exchange(ref isLeft, 0) != 0)
            Release();
    }

    private void Release()
    {
        try
        {
            Lanes.Dispose();
            Uploads.Dispose();
            if (!isBeside)
                Accelerator.Dispose();
        }
        catch (AcceleratorException)
        {
            // A device that is gone has nothing to give back.
        }
        if (!isBeside)
            context.Dispose();
    }
}
