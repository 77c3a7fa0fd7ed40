namespace Whence.Pictures;

/// <summary>The checksum of PNG's chunks, gzip and Parquet's pages: CRC-32 of ISO 3309, polynomial 0x04C11DB7, reflected.</summary>
internal static class Crc32
{
    private static readonly uint[] table = MakeTable();

    /// <summary>Of bytes that lie in two places, one after the other.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) =>
        Add(Add(uint.MaxValue, first), second) ^ uint.MaxValue;

    private static uint Add(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeTable()
    {
        var made = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            made[i] = crc;
        }
        return made;
    }
}
