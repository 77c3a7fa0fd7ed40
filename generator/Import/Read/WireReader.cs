using System.Buffers.Binary;
using System.Text;

namespace Whence.Import.Read;

/// <summary>
/// The wire format of protocol buffers (protobuf.dev/programming-guides/encoding), field by field. Written by hand for the few messages
/// that ONNX has: tensors stay where they lie in the file, of which nothing is copied, and no claim of a length is believed beyond its end.
/// </summary>
internal struct WireReader(ReadOnlyMemory<byte> bytes)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Lengthy = 2;
    private const int Fixed32 = 5;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int at;
    private int wire;

    /// <summary>The field's number; 0 at the end.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (at == bytes.Length)
            return false;
        var tag = ReadVarint();
        Field = tag >> 3 is > 0 and < 1 << 29 ? (int)(tag >> 3) : throw Damaged("a field without a number");
        wire = (int)(tag & 7);
        return true;
    }

    /// <summary>The field's whole number.</summary>
    public long Int64() => wire == Varint ? unchecked((long)ReadVarint()) : throw Damaged($"field {Field} is no whole number");

    /// <summary>The field's whole number, of 32 bits.</summary>
    public int Int32() => unchecked((int)Int64());

    /// <summary>The field's number in single precision.</summary>
    public float Single() => wire == Fixed32 ? BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span)
        : throw Damaged($"field {Field} is no number");

    /// <summary>The field's bytes, where they lie.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        if (wire != Lengthy)
            throw Damaged($"field {Field} has no length");
        var length = ReadVarint();
        return length <= (ulong)(bytes.Length - at) ? Take((int)length)
            : throw Damaged($"field {Field} claims {length} bytes, more than are left");
    }

    /// <summary>The field's text.</summary>
    public string Text()
    {
        var text = Bytes().Span;
        if (text.Length > Limits.Name)
            throw new ImportException($"The model has a name of {text.Length} bytes, and {Limits.Name} is the most that is read.");
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged($"field {Field} is no text");
        }
    }

    /// <summary>The field as a message of its own.</summary>
    public WireReader Message() => new(Bytes());

    /// <summary>Adds the field's numbers: one, or many that are packed.</summary>
    public void Int64s(List<long> numbers)
    {
        if (wire == Varint)
        {
            numbers.Add(Int64());
            return;
        }
        var packed = Message();
        while (packed.HasMore)
            numbers.Add(unchecked((long)packed.ReadVarint()));
    }

    /// <summary>Adds the field's numbers: one, or many that are packed.</summary>
    public void Singles(List<float> numbers)
    {
        if (wire == Fixed32)
        {
            numbers.Add(Single());
            return;
        }
        var packed = Bytes().Span;
        for (var i = 0; i + 4 <= packed.Length; i += 4)
            numbers.Add(BinaryPrimitives.ReadSingleLittleEndian(packed[i..]));
    }

    /// <summary>Adds the field's numbers: one, or many that are packed.</summary>
    public void Doubles(List<double> numbers)
    {
        var packed = wire == Fixed64 ? Take(8).Span : Bytes().Span;
        for (var i = 0; i + 8 <= packed.Length; i += 8)
            numbers.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed[i..]));
    }

    private readonly bool HasMore => at < bytes.Length;

    /// <summary>Passes over the field.</summary>
    public void Skip()
    {
        switch (wire)
        {
            case Varint:
                ReadVarint();
                break;
            case Fixed64:
                Take(8);
                break;
            case Lengthy:
                Bytes();
                break;
            case Fixed32:
                Take(4);
                break;
            default:
                throw Damaged($"field {Field} has no known form");
        }
    }

    private ulong ReadVarint()
    {
        ulong number = 0;
        var span = bytes.Span;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == span.Length)
                throw Damaged("it ends within a number");
            var part = span[at++];
            number |= unchecked((ulong)(part & 0x7f) << shift);
            if (part < 0x80)
                return number;
        }
        throw Damaged("a number of more than 64 bits");
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > bytes.Length - at)
            throw Damaged("it ends within a field");
        at += count;
        return bytes.Slice(at - count, count);
    }

    private readonly ImportException Damaged(string why) =>
        new($"This is not an ONNX model, or a damaged one: {why} (byte {at} of {bytes.Length} in its part).");
}
