namespace Whence.Gpu;

using System.Runtime.InteropServices;
using ILGPU.Runtime;

/// <summary>
/// Copies that run beside a lane's kernels: a stream of their own, and memory of the host that is locked in place, which a device reads and
/// writes by itself. Copies through different places of it may be under way at once. Whoever begins one waits before anything else touches
/// its numbers on the device, and before the call ends, also where it fails.
/// </summary>
internal sealed class Copies(GpuDevice device) : IDisposable
{
    private AcceleratorStream? stream;
    private PageLockedArray1D<float>? up;
    private PageLockedArray1D<float>? down;

    /// <summary>Makes room for the largest copies; false where the host locks no memory for the device.</summary>
    public bool Reserve(int mostUp, int mostDown)
    {
        try
        {
            stream ??= device.Accelerator.CreateStream();
            Grow(ref up, mostUp);
            Grow(ref down, mostDown);
            return true;
        }
        catch (Exception e) when (e is AcceleratorException or NotSupportedException or OutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>Begins to copy from the host, whose numbers may change as soon as this returns.</summary>
    /// <param name="from">The numbers.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="at">Where of the memory that is locked they pass through, beside other copies that are under way.</param>
    public void Up(ReadOnlySpan<float> from, Rows to, int at = 0)
    {
        if (from.IsEmpty)
            return;
        var passed = up!.Span.Slice(at, from.Length);
        from.CopyTo(passed);
        to.View.SubView(0, from.Length).CopyFromCPUUnsafeAsync(stream!, ref MemoryMarshal.GetReference(passed), from.Length);
        device.Traffic.Up((long)from.Length * sizeof(float));
    }

    /// <summary>Begins to copy to the host, to a place of what is locked: <see cref="Came"/>, once it is waited for.</summary>
    public void Down(Rows from, int at = 0)
    {
        if (from.IsEmpty)
            return;
        from.View.CopyToCPUUnsafeAsync(stream!, ref MemoryMarshal.GetReference(down!.Span[at..]), from.Length);
        device.Traffic.Down((long)from.Length * sizeof(float));
    }

    /// <summary>So many numbers that came to a place, until another copy goes there.</summary>
    public ReadOnlySpan<float> Came(int at, int count) => down is null ? default : down.Span.Slice(at, count);

    /// <summary>Waits for both.</summary>
    public void Wait() => stream?.Synchronize();

    private void Grow(ref PageLockedArray1D<float>? locked, int floats)
    {
        if (locked is not null && locked.Length >= floats)
            return;
        locked?.Dispose();
        locked = null;
        locked = device.Accelerator.AllocatePageLocked1D<float>(Math.Max(floats, 1));
    }

    public void Dispose()
    {
        up?.Dispose();
        down?.Dispose();
        stream?.Dispose();
        (up, down, stream) = (null, null, null);
    }
}
