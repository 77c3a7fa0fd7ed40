namespace Whence.Gpu;

using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

/// <summary>What never changes, copied to a device when it is first used there: weights, biases, constants.</summary>
internal sealed class UploadCache(GpuDevice device) : IDisposable
{
    private readonly ConditionalWeakTable<Array, MemoryBuffer> uploaded = [];
    private readonly Lock uploading = new();

    /// <summary>An array of numbers on the device; empty for none.</summary>
    public ArrayView<T> Of<T>(T[] values) where T : unmanaged
    {
        if (values.Length == 0)
            return default;
        if (uploaded.TryGetValue(values, out var known))
            return ((MemoryBuffer1D<T, Stride1D.Dense>)known).View.BaseView;
        lock (uploading)
        {
            if (!uploaded.TryGetValue(values, out known))
                uploaded.Add(values, known = Upload(values));
            return ((MemoryBuffer1D<T, Stride1D.Dense>)known).View.BaseView;
        }
    }

    private MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(T[] values) where T : unmanaged
    {
        try
        {
            var buffer = device.Accelerator.Allocate1D(values);
            device.Traffic.Up((long)values.Length * Unsafe.SizeOf<T>());
            return buffer;
        }
        catch (AcceleratorException e) when (DriverError.IsOutOfMemory(e))
        {
            throw new OutOfDeviceMemoryException(device, (long)values.Length * Unsafe.SizeOf<T>(), e);
        }
    }

    public void Dispose()
    {
        foreach (var (_, buffer) in uploaded)
            buffer.Dispose();
        uploaded.Clear();
    }
}
