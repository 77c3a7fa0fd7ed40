namespace Whence.Gpu;

using System.Collections.Concurrent;
using ILGPU.Runtime;

/// <summary>The lanes of a device: as many as threads that have been inside a call at once.</summary>
internal sealed class LanePool(GpuDevice device) : IDisposable
{
    private readonly ConcurrentBag<Lane> free = [];
    private readonly Lock opening = new();
    private int inUse;

    /// <summary>A lane for the calling thread, until it is given back.</summary>
    /// <exception cref="ObjectDisposedException">The device was disposed.</exception>
    /// <exception cref="GpuException">The device is gone.</exception>
    public Lane Rent()
    {
        // Counted before the device is looked at: one that is disposed of waits for whoever came before.
        Interlocked.Increment(ref inUse);
        try
        {
            ObjectDisposedException.ThrowIf(device.IsDisposed, device);
            return Take().Enter();
        }
        catch (AcceleratorException e)
        {
            Interlocked.Decrement(ref inUse);
            throw DriverError.Told(device, e);
        }
        catch
        {
            Interlocked.Decrement(ref inUse);
            throw;
        }
    }

    private Lane Take()
    {
        if (free.TryTake(out var lane))
            return lane;
        lock (opening)
            return new Lane(device);
    }

    /// <summary>Gives it back after all that it was asked to do.</summary>
    public void Return(Lane lane)
    {
        try
        {
            lane.Copies.Wait();
            lane.Stream.Synchronize();
            lane.Release((-1, 0));
            free.Add(lane);
        }
        catch (AcceleratorException e)
        {
            // Its stream is of no more use; what it holds goes with the device.
            throw DriverError.Told(device, e);
        }
        finally
        {
            lane.Leave();
            Interlocked.Decrement(ref inUse);
            device.Returned();
        }
    }

    /// <summary>Waits for the calls that are under way, and gives all memory back.</summary>
    public void Dispose()
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref inUse) == 0);
        Clear();
    }

    /// <summary>Gives the memory back of lanes that no call uses.</summary>
    internal void Clear()
    {
        while (free.TryTake(out var lane))
            lane.Dispose();
    }
}
