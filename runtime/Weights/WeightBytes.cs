using Microsoft.Win32.SafeHandles;

namespace Whence;

/// <summary>The bytes of a file of weights, to be read in pieces and from any thread.</summary>
internal abstract class WeightBytes : IDisposable
{
    /// <summary>How many there are.</summary>
    public abstract long Length { get; }

    /// <summary>Reads as many bytes as the span is long.</summary>
    /// <exception cref="WeightsException">They are no longer there.</exception>
    public abstract void Read(long from, Span<byte> bytes);

    /// <summary>Asked when a tensor has been read: whether all its pieces are of one state of the file.</summary>
    /// <exception cref="WeightsException">They may not be.</exception>
    public virtual void CheckUnchanged()
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Bytes in memory.</summary>
    public sealed class Memory(ReadOnlyMemory<byte> bytes) : WeightBytes
    {
        /// <inheritdoc/>
        public override long Length => bytes.Length;

        /// <inheritdoc/>
        public override void Read(long from, Span<byte> to) => bytes.Span.Slice((int)from, to.Length).CopyTo(to);
    }

    /// <summary>Bytes that the collector does not move, such as those of the program's own image.</summary>
    public sealed unsafe class Unmanaged(UnmanagedMemoryStream stream) : WeightBytes
    {
        private readonly byte* start = stream.PositionPointer;

        /// <inheritdoc/>
        public override long Length { get; } = stream.Length - stream.Position;

        /// <inheritdoc/>
        public override void Read(long from, Span<byte> to)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(from + to.Length, Length);
            new ReadOnlySpan<byte>(start + from, to.Length).CopyTo(to);
            GC.KeepAlive(stream);
        }
    }

    /// <summary>
    /// A file's, read and never mapped: touching a mapped page behind the end of a file that was shortened ends the process, but a read
    /// there returns nothing. A file that is deleted, or replaced by renaming another over it, stays readable through its handle.
    /// </summary>
    public sealed class OnDisk : WeightBytes
    {
        private readonly string path;
        private readonly SafeFileHandle handle;
        private readonly DateTime written;

        /// <summary>Opens a file.</summary>
        /// <exception cref="IOException">There is none, or it cannot be read.</exception>
        /// <exception cref="InvalidDataException">It is a pipe or a device.</exception>
        public OnDisk(string path)
        {
            this.path = path;
            handle = FileFault.Reading(path, static path =>
                File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
            try
            {
                Length = RandomAccess.GetLength(handle);
                written = File.GetLastWriteTimeUtc(handle);
            }
            catch (NotSupportedException unseekable)
            {
                handle.Dispose();
                throw new InvalidDataException("It is no file with a beginning and an end, but a pipe or a device.", unseekable);
            }
        }

        /// <inheritdoc/>
        public override long Length { get; }

        /// <inheritdoc/>
        public override void Read(long from, Span<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var read = RandomAccess.Read(handle, bytes, from);
                if (read == 0)
                    throw Changed($"it ends at byte {from}, but had {Length} bytes");
                bytes = bytes[read..];
                from += read;
            }
        }

        /// <inheritdoc/>
        public override void CheckUnchanged()
        {
            var length = RandomAccess.GetLength(handle);
            if (length != Length)
                throw Changed($"it has {length} bytes, but had {Length}");
            if (File.GetLastWriteTimeUtc(handle) != written)
                throw Changed("it was written to");
        }

        /// <inheritdoc/>
        public override void Dispose() => handle.Dispose();

        private WeightsException Changed(string how) =>
            new($"'{path}' was changed since it was opened: {how}. Write new weights into another file and rename it over the old one, as "
                + "Weights.Save does.");
    }
}
