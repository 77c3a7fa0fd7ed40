namespace Whence;

/// <summary>A device that is not there, a kernel that it refuses, or memory that it does not have.</summary>
public sealed class GpuException : Exception
{
    /// <summary>With what was looked for and what to do.</summary>
    public GpuException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
