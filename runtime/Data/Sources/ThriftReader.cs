namespace Whence.Data;

/// <summary>Types of Thrift's compact protocol.</summary>
internal enum ThriftType
{
    Stop,
    True,
    False,
    Int8,
    Int16,
    Int32,
    Int64,
    Double,
    Binary,
    List,
    Set,
    Map,
    Struct,
}

/// <summary>
/// Reads structs in Thrift's compact protocol (github.com/apache/thrift, thrift-compact-protocol.md), of bytes that may be anything.
/// What does not follow it, or ends too early, is a <see cref="FormatException"/>.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int MostNested = 16;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How many bytes are read.</summary>
    public int Position { get; private set; }

    /// <summary>The type of a struct's next field, <see cref="ThriftType.Stop"/> behind its last.</summary>
    /// <param name="field">The number of the field before, 0 at first; becomes its own.</param>
    public ThriftType Next(ref int field)
    {
        var head = Byte();
        var type = (ThriftType)(head & 0xF);
        if (type > ThriftType.Struct)
            throw new FormatException($"it has a field of type {head & 0xF}");
        if (type != ThriftType.Stop)
            field = head >> 4 == 0 ? Int32() : field + (head >> 4);
        return type;
    }

    public int Int32() => (int)Int64();

    public void Skip(ThriftType type) => Skip(type, 0);

    private long Int64()
    {
        var number = Varint();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    private byte Byte() => Position < bytes.Length ? bytes[Position++] : throw new FormatException("it ends within its head");

    private ulong Varint()
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return number;
        }
        throw new FormatException("it has a number of more than 64 bits");
    }

    private void Advance(ulong count)
    {
        if (count > (ulong)(bytes.Length - Position))
            throw new FormatException("it ends within its head");
        Position += (int)count;
    }

    private void Skip(ThriftType type, int nested)
    {
        if (nested > MostNested)
            throw new FormatException("its head is nested too deeply");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Int8:
                Advance(1);
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Varint();
                break;
            case ThriftType.Double:
                Advance(8);
                break;
            case ThriftType.Binary:
                Advance(Varint());
                break;
            case ThriftType.Struct:
                SkipStruct(nested);
                break;
            case ThriftType.List or ThriftType.Set:
                SkipList(nested);
                break;
            default:
                throw new FormatException("it has a map, which no head of a page has");
        }
    }

    private void SkipStruct(int nested)
    {
        var field = 0;
        while (Next(ref field) is not ThriftType.Stop and var type)
            Skip(type, nested + 1);
    }

    private void SkipList(int nested)
    {
        var head = Byte();
        var count = head >> 4 == 0xF ? Varint() : (ulong)(head >> 4);
        var type = (ThriftType)(head & 0xF);
        if (type is ThriftType.True or ThriftType.False)
        {
            Advance(count);
            return;
        }
        for (var i = 0UL; i < count && type != ThriftType.Stop; i++)
            Skip(type, nested + 1);
    }
}
