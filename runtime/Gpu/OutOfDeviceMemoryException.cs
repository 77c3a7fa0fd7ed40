namespace Whence.Gpu;

/// <summary>A device has no more memory: a call with fewer rows may succeed.</summary>
internal sealed class OutOfDeviceMemoryException(GpuDevice device, long bytes, Exception? inner = null)
    : Exception($"{device.Name} has no room for {bytes / 1048576.0:f1} MiB more, of {device.Memory / 1048576} MiB.", inner);
