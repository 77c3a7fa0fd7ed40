using Microsoft.Win32.SafeHandles;
using Parquet.Meta;
using Whence.Pictures;

namespace Whence.Data;

/// <summary>
/// Checks the pages of a Parquet file before they are read: that each lies where it should, has as many values as its column says, and the
/// checksum that its writer gave it, which the library does not look at. Without one, what was changed amid a page's numbers is not seen.
/// </summary>
internal static class ParquetPages
{
    private const int HeadBytes = 1 << 10;
    private const int MostHeadBytes = 1 << 24;

    // What writers are known to count too little: heads, in a column's unpacked size; a dictionary's head, in what it takes of the file.
    private const int UnpackedSlack = 1 << 20;
    private const int PackedSlack = 100;

    /// <summary>Checks the pages of one column in one row group.</summary>
    /// <exception cref="FormatException">A page is damaged; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Check(SafeFileHandle file, ColumnMetaData column)
    {
        var at = column.DictionaryPageOffset is > 0 and var first ? Math.Min(first, column.DataPageOffset) : column.DataPageOffset;
        var end = Math.Min(RandomAccess.GetLength(file), at + column.TotalCompressedSize + PackedSlack);
        if (at < 0 || column.TotalCompressedSize < 0 || column.NumValues < 0)
            throw new FormatException($"its column starts at byte {at}");
        var values = 0L;
        for (var page = 0; values < column.NumValues; page++)
        {
            try
            {
                var head = Head(file, at, end);
                Check(file, head, at + head.Bytes, end, column);
                values += head.Values ?? 0;
                at += head.Bytes + head.Packed;
            }
            catch (FormatException error)
            {
                throw new FormatException($"page {page}, at byte {at}: {error.Message}", error);
            }
        }
        if (values != column.NumValues)
            throw new FormatException($"its pages have {values} values, but {column.NumValues} are announced");
    }

    // A head is short, but for statistics of long texts.
    private static PageHead Head(SafeFileHandle file, long at, long end)
    {
        for (var size = HeadBytes; ; size *= 16)
        {
            var bytes = new byte[Math.Max(0, Math.Min(size, end - at))];
            var read = RandomAccess.Read(file, bytes, at);
            try
            {
                return PageHead.Read(bytes.AsSpan(0, read));
            }
            catch (FormatException) when (read == size && size < MostHeadBytes)
            {
                // It may go on.
            }
        }
    }

    private static void Check(SafeFileHandle file, PageHead head, long at, long end, ColumnMetaData column)
    {
        if (head.Packed > end - at)
            throw new FormatException($"it announces {head.Packed} bytes, where {Math.Max(0, end - at)} are left of its column");
        if (head.Unpacked > column.TotalUncompressedSize + UnpackedSlack)
            throw new FormatException($"it announces {head.Unpacked} bytes unpacked, where its column has {column.TotalUncompressedSize}");
        if (head.Values > column.NumValues)
            throw new FormatException($"it announces {head.Values} values, where its column has {column.NumValues}");
        if (head.Words > head.Unpacked)
            throw new FormatException($"it announces {head.Words} words in {head.Unpacked} bytes");
        if (head.Crc is { } crc && crc != ChecksumOf(file, at, head.Packed))
            throw new FormatException("its checksum is wrong");
    }

    private static uint ChecksumOf(SafeFileHandle file, long at, int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count && RandomAccess.Read(file, bytes.AsSpan(read), at + read) is > 0 and var part)
            read += part;
        return read == count ? Crc32.Of(bytes) : throw new FormatException("the file ends within it");
    }
}
