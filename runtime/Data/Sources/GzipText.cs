using System.IO.Compression;

namespace Whence.Data;

/// <summary>
/// What a gzip file holds, of one member or several, and no less: of a file that is cut the framework's reader gives what there is. So a
/// member of a few bytes is read behind the file's own, which nobody comes to in a file that is cut, and which is not passed on.
/// </summary>
internal sealed class GzipText : ForwardStream
{
    private static readonly byte[] sentinel = Guid.Parse("7d1c3b6e-52f1-4c7e-9a08-3f0be5d1a946").ToByteArray();
    private static readonly byte[] member = Compressed(sentinel);

    private readonly string name;
    private readonly Followed file;
    private readonly GZipStream text;
    private readonly byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    public GzipText(FileStream file)
    {
        name = Path.GetFileName(file.Name);
        this.file = new Followed(file);
        text = new GZipStream(this.file, CompressionMode.Decompress);
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var zip = new GZipStream(to, CompressionLevel.Fastest))
            zip.Write(bytes);
        return to.ToArray();
    }

    /// <exception cref="InvalidDataException">The file is damaged, or cut.</exception>
    public override int Read(Span<byte> to)
    {
        // The last bytes there are may be the member's.
        while (end - start <= sentinel.Length)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            var read = Unpack(buffer.AsSpan(end));
            if (read == 0)
            {
                RequireEnd();
                return 0;
            }
            end += read;
        }
        var count = Math.Min(to.Length, end - start - sentinel.Length);
        buffer.AsSpan(start, count).CopyTo(to);
        start += count;
        return count;
    }

    private int Unpack(Span<byte> to)
    {
        try
        {
            return text.Read(to);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{name} is no whole gzip file: it is cut or damaged ({error.Message.TrimEnd('.')}).", error);
        }
    }

    private void RequireEnd()
    {
        if (!buffer.AsSpan(start, end - start).SequenceEqual(sentinel))
            throw new InvalidDataException($"{name} is no whole gzip file: it ends too early, or something follows its end.");
    }

    protected override void Dispose(bool disposing)
    {
        text.Dispose();
        file.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A file, and the member behind it.</summary>
    private sealed class Followed(FileStream file) : ForwardStream
    {
        private int place;

        public override int Read(Span<byte> to)
        {
            if (to.Length > 0 && file.Read(to) is > 0 and var read)
                return read;
            var count = Math.Min(to.Length, member.Length - place);
            member.AsSpan(place, count).CopyTo(to);
            place += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }
}
