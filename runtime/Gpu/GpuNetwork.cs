namespace Whence.Gpu;

using System.Collections.Concurrent;
using System.ComponentModel;
using Whence.Authoring;
using Whence.CompilerServices;

/// <summary>
/// A compiled network on a device: every explainer asks it as it asks the network itself. Safe to call from many threads at once, each of
/// which has a stream and memory of its own. What is not finite is looked for on the CPU.
/// </summary>
public abstract class GpuNetwork : INetwork, IDeviceModel<float>
{
    private readonly Signature signature;

    /// <summary>Made by generated code.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected GpuNetwork(GpuDevice device, INetwork host, GpuPrograms programs)
    {
        ArgumentNullException.ThrowIfNull(device);
        (Device, Host, Programs) = (device, host, programs);
        signature = host.Signature.WithChunks(device.ChunkRows(programs.RowSize));
    }

    /// <summary>Where it runs.</summary>
    public GpuDevice Device { get; }

    /// <summary>The network on the CPU.</summary>
    protected INetwork Host { get; }

    internal GpuPrograms Programs { get; }

    /// <summary>Names and shapes, and what was compiled.</summary>
    public Signature Signature => signature;

    /// <summary>What is known of paths; null where nothing is.</summary>
    internal IPathPasses<float>? Paths => Host as IPathPasses<float>;

    /// <summary>Executors that no job has.</summary>
    internal ConcurrentBag<DeviceExecutor> Executors { get; } = [];

    bool IDeviceModel<float>.TakesAnswers => true;

    IExactPaths<float>? IDeviceModel<float>.ExactPaths => Host as IExactPaths<float>;

    IExecutor<float> IDeviceModel<float>.Rent(in Recipe recipe, in Job<float> job, Placement placement)
    {
        if (!Executors.TryTake(out var executor))
            executor = new DeviceExecutor(this);
        executor.Begin(recipe, job, placement);
        return executor;
    }

    /// <summary>
    /// Compiles the kernels of all that the network can be asked, on another thread; those that it has not compiled by then are compiled
    /// when they are first run. Once a process and device.
    /// </summary>
    /// <param name="cancellation">Ends it before its next pass.</param>
    /// <exception cref="GpuException">The device refuses one; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    public Task CompileKernelsAsync(CancellationToken cancellation = default) =>
        Task.Run(() => Device.Fits(new KernelsOfEveryProgram(this, cancellation)), cancellation);

    internal int KeptSize(Pass pass) => ((IHostPasses<float>)Host).KeptSize(pass);

    void IModel<float>.Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows)
    {
        var size = point < 0 ? signature.OutputSize : Sizes.Of(signature.Points[point].Shape);
        Device.Ask(new RowCall(rows, value[..(rows * size)], (on, to, count) => Programs.RunForward(on, point, to, count))
        {
            X = x[..(rows * signature.InputSize)],
        });
    }

    float[] IDeviceModel<float>.Keep(Pass pass, ReadOnlySpan<float> references, int count)
    {
        var kept = new float[checked(count * KeptSize(pass))];
        if (kept.Length > 0)
        {
            Device.Ask(new RowCall(count, kept, (on, to, rows) => Programs.Keep(pass, on, to, rows))
            {
                X = references[..(count * signature.InputSize)],
            });
        }
        return kept;
    }

    string? IModel<float>.FirstNonFinite(ReadOnlySpan<float> x) => Host.FirstNonFinite(x);

    Fault? IModel<float>.FirstFault(ReadOnlySpan<float> x, bool steep) => Host.FirstFault(x, steep);

    Fault? IModel<float>.FirstFault(in FaultSearch<float> search) => Host.FirstFault(search);
}
