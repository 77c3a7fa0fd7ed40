namespace Whence.Data;

/// <summary>
/// What stands before each page of a Parquet file, in Thrift's compact protocol: struct PageHeader of
/// github.com/apache/parquet-format, parquet.thrift.
/// </summary>
/// <param name="Bytes">How long the head itself is.</param>
/// <param name="Unpacked">How many bytes the page has unpacked.</param>
/// <param name="Packed">How many bytes of the file it takes, behind its head.</param>
/// <param name="Crc">The CRC-32 of these; null where the writer gave none.</param>
/// <param name="Values">How many values a page of data has, missing ones too; null of any other page.</param>
/// <param name="Words">How many values a dictionary has; null of any other page.</param>
internal readonly record struct PageHead(int Bytes, int Unpacked, int Packed, uint? Crc, int? Values, int? Words)
{
    private enum Field
    {
        Unpacked = 2,
        Packed = 3,
        Crc = 4,
        Data = 5,
        Dictionary = 7,
        DataOfVersion2 = 8,
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">The bytes are none, or end within it.</exception>
    public static PageHead Read(ReadOnlySpan<byte> bytes)
    {
        var thrift = new ThriftReader(bytes);
        var head = default(PageHead);
        var (unpacked, packed) = (-1, -1);
        var field = 0;
        while (thrift.Next(ref field) is not ThriftType.Stop and var type)
        {
            switch ((Field)field, type)
            {
                case (Field.Unpacked, ThriftType.Int32):
                    unpacked = thrift.Int32();
                    break;
                case (Field.Packed, ThriftType.Int32):
                    packed = thrift.Int32();
                    break;
                case (Field.Crc, ThriftType.Int32):
                    head = head with { Crc = (uint)thrift.Int32() };
                    break;
                case (Field.Data or Field.DataOfVersion2, ThriftType.Struct):
                    head = head with { Values = Count(ref thrift) };
                    break;
                case (Field.Dictionary, ThriftType.Struct):
                    head = head with { Words = Count(ref thrift) };
                    break;
                default:
                    thrift.Skip(type);
                    break;
            }
        }
        return unpacked >= 0 && packed >= 0 ? head with { Bytes = thrift.Position, Unpacked = unpacked, Packed = packed }
            : throw new FormatException("it is no head of a page");
    }

    // The first field of all three kinds of pages' structs.
    private static int Count(ref ThriftReader thrift)
    {
        var (field, count) = (0, -1);
        while (thrift.Next(ref field) is not ThriftType.Stop and var type)
        {
            if (field == 1 && type == ThriftType.Int32)
                count = thrift.Int32();
            else
                thrift.Skip(type);
        }
        return count >= 0 ? count : throw new FormatException("it says no count of values");
    }
}
