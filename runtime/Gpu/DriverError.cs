namespace Whence.Gpu;

using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

/// <summary>What a driver reports. ILGPU hands it on as exceptions that say a number, and of OpenCL nothing else.</summary>
internal static class DriverError
{
    /// <summary>Whether a call with fewer rows may succeed.</summary>
    public static bool IsOutOfMemory(AcceleratorException error) => error switch
    {
        CLException { Error: CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES or CLError.CL_OUT_OF_HOST_MEMORY
            or CLError.CL_INVALID_BUFFER_SIZE } => true,
        CudaException cuda => cuda.Error == nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY),
        _ => false,
    };

    /// <summary>The error for a caller: which device, what its driver said, and what may be done.</summary>
    public static GpuException Told(GpuDevice device, AcceleratorException error)
    {
        var said = error switch
        {
            CLException cl => cl.Error.ToString(),
            CudaException cuda => $"{cuda.Error}: {cuda.Message}",
            _ => error.Message,
        };
        return new GpuException($"{device.Name} has failed: its driver reports {said}. If the device was reset or taken away, open it "
            + "anew; the network itself still answers on the CPU.", error);
    }
}
