namespace Whence.Gpu;

/// <summary>How often and how much was copied between the host and a device.</summary>
internal sealed class Traffic
{
    private long uploads;
    private long uploadedBytes;
    private long downloads;
    private long downloadedBytes;

    /// <summary>Copies to the device.</summary>
    public long Uploads => Interlocked.Read(ref uploads);

    /// <summary>Bytes of them.</summary>
    public long UploadedBytes => Interlocked.Read(ref uploadedBytes);

    /// <summary>Copies from the device.</summary>
    public long Downloads => Interlocked.Read(ref downloads);

    /// <summary>Bytes of them.</summary>
    public long DownloadedBytes => Interlocked.Read(ref downloadedBytes);

    /// <summary>Counts a copy to the device.</summary>
    public void Up(long bytes)
    {
        Interlocked.Increment(ref uploads);
        Interlocked.Add(ref uploadedBytes, bytes);
    }

    /// <summary>Counts a copy from the device.</summary>
    public void Down(long bytes)
    {
        Interlocked.Increment(ref downloads);
        Interlocked.Add(ref downloadedBytes, bytes);
    }
}
