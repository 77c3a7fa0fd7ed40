namespace Whence.Data;

/// <summary>
/// Where records of a text file begin: how many there are, and the first byte of every 4096th, so that one is found without reading
/// all before it.</summary>
internal sealed class RecordMarks
{
    public const int Every = 4096;

    private const int BlockBytes = 1 << 20;

    private readonly List<long> offsets = [];

    public long Count { get; private set; }

    /// <summary>Notes that the next record begins at this byte.</summary>
    public void Add(long offset)
    {
        if (Count++ % Every == 0)
            offsets.Add(offset);
    }

    /// <summary>The last record with a mark that is not behind this one, and its first byte.</summary>
    public (long Record, long Offset) Before(long record) => (record / Every * Every, offsets[(int)(record / Every)]);

    /// <summary>Goes through a file once, all of it, and asks the scanner where records begin.</summary>
    public static RecordMarks Scan(string path, IRecordScanner scanner)
    {
        var marks = new RecordMarks();
        using var file = OpenAt(path, 0);
        var block = new byte[BlockBytes];
        var offset = 0L;
        while (file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) is > 0 and var read)
        {
            scanner.Scan(block.AsSpan(0, read), offset, marks);
            offset += read;
        }
        return marks;
    }

    /// <summary>The file's text from one of its bytes on; of a compressed file, which is unpacked from its start.</summary>
    public static Stream OpenAt(string path, long offset)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        if (!FileFormats.IsCompressed(path))
        {
            file.Seek(offset, SeekOrigin.Begin);
            return file;
        }
        var text = new GzipText(file);
        var skipped = new byte[Math.Min(BlockBytes, offset)];
        while (offset > 0)
        {
            var part = (int)Math.Min(skipped.Length, offset);
            text.ReadExactly(skipped, 0, part);
            offset -= part;
        }
        return text;
    }
}

/// <summary>Finds where records begin, in a file that comes block by block.</summary>
internal interface IRecordScanner
{
    /// <param name="block">The next bytes.</param>
    /// <param name="offset">The place of the first of them in the file.</param>
    /// <param name="marks">Is told where records begin.</param>
    void Scan(ReadOnlySpan<byte> block, long offset, RecordMarks marks);
}
