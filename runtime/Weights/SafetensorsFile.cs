using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Whence;

/// <summary>A safetensors file that is to be written: tensors in order of their names, checked as loading would check them.</summary>
internal sealed class SafetensorsFile
{
    private const int PieceBytes = 1 << 16;
    private const string Reserved = "__metadata__";

    private readonly List<KeyValuePair<string, Tensor>> tensors;
    private readonly WeightType type;
    private readonly byte[] header;

    public SafetensorsFile(IEnumerable<KeyValuePair<string, Tensor>> given, WeightType type, IReadOnlyDictionary<string, string>? metadata)
    {
        ArgumentNullException.ThrowIfNull(given, "tensors");
        if (!Enum.IsDefined(type))
            throw new ArgumentOutOfRangeException(nameof(type), type,
                $"An element type of weights is one of {string.Join(", ", Enum.GetNames<WeightType>())}.");
        this.type = type;
        tensors = [.. given.OrderBy(tensor => tensor.Key, StringComparer.Ordinal)];
        CheckNames();
        foreach (var (name, tensor) in tensors)
            CheckValues(name, tensor);
        header = Header(metadata);
    }

    private int ElementSize => SafetensorsEntry.ElementSize(type.ToString());

    public void Write(Stream stream, CancellationToken cancellation, IProgress<double>? progress)
    {
        var told = ToldProgress.Of(progress, tensors.Sum(tensor => (long)tensor.Value.Values.Length));
        cancellation.ThrowIfCancellationRequested();
        var prefix = new byte[SafetensorsHeader.PrefixLength];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        var piece = new byte[PieceBytes];
        foreach (var (_, tensor) in tensors)
        {
            var values = tensor.Values;
            while (!values.IsEmpty)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(values.Length, piece.Length / ElementSize);
                Convert(values[..count], piece);
                stream.Write(piece, 0, count * ElementSize);
                told?.Add(count);
                values = values[count..];
            }
        }
    }

    private void CheckNames()
    {
        string? before = null;
        foreach (var (name, tensor) in tensors)
        {
            if (string.IsNullOrEmpty(name) || name == Reserved)
                throw new ArgumentException($"A tensor must have a name, and not the reserved {Reserved}, but one has "
                    + $"{(name is null ? "null" : SafetensorsHeader.Quote(name))}.", nameof(tensors));
            if (tensor is null)
                throw new ArgumentException($"The tensor {SafetensorsHeader.Quote(name)} is null.", nameof(tensors));
            if (name == before)
                throw new ArgumentException($"There are two tensors of the name {SafetensorsHeader.Quote(name)}.", nameof(tensors));
            CheckText(name);
            before = name;
        }
    }

    private static void CheckText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
                throw new ArgumentException($"{SafetensorsHeader.Quote(text)} has half a surrogate pair, which cannot be written as UTF-8.",
                    nameof(tensors));
        }
    }

    private void CheckValues(string name, Tensor tensor)
    {
        for (var i = 0; i < tensor.Values.Length; i++)
        {
            var value = tensor.Values[i];
            if (!(Math.Abs(value) <= float.MaxValue) || !double.IsFinite(Rounded(value)))
                throw new ArgumentException($"The tensor {SafetensorsHeader.Quote(name)} has {value} at element {i}, but weights must be "
                    + $"finite and fit float32{(type == WeightType.F32 ? "" : $" and {type}")}.", nameof(tensors));
        }
    }

    private double Rounded(double value) => type switch
    {
        WeightType.F64 => value,
        WeightType.F32 => (float)value,
        WeightType.F16 => (double)(Half)value,
        _ => BitConverter.UInt32BitsToSingle((uint)Brain(value) << 16),
    };

    private byte[] Header(IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            var begin = 0L;
            foreach (var (name, tensor) in tensors)
                WriteEntry(writer, name, tensor, ref begin);
            writer.WriteEndObject();
        }
        if (buffer.WrittenCount > SafetensorsHeader.MaxLength)
            throw new ArgumentException($"The names and the metadata take {buffer.WrittenCount} bytes, but the header of a file that can "
                + $"be loaded has at most {SafetensorsHeader.MaxLength}.", nameof(tensors));
        // Spaces, so that the data behind the header lies at a multiple of eight bytes: others map it.
        buffer.Write(Encoding.ASCII.GetBytes(new string(' ', -buffer.WrittenCount & 7)));
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 })
            return;
        writer.WriteStartObject(Reserved);
        foreach (var (key, text) in metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            if (text is null)
                throw new ArgumentException($"The metadata {SafetensorsHeader.Quote(key)} is null.", nameof(metadata));
            CheckText(key);
            CheckText(text);
            writer.WriteString(key, text);
        }
        writer.WriteEndObject();
    }

    private void WriteEntry(Utf8JsonWriter writer, string name, Tensor tensor, ref long begin)
    {
        var end = begin + (long)tensor.Values.Length * ElementSize;
        writer.WriteStartObject(name);
        writer.WriteString("dtype", type.ToString());
        writer.WriteStartArray("shape");
        foreach (var axis in tensor.Shape.ToArray())
            writer.WriteNumberValue(axis);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(end);
        writer.WriteEndArray();
        writer.WriteEndObject();
        begin = end;
    }

    private void Convert(ReadOnlySpan<double> values, Span<byte> bytes)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var to = bytes[(i * ElementSize)..];
            switch (type)
            {
                case WeightType.F64: BinaryPrimitives.WriteDoubleLittleEndian(to, values[i]); break;
                case WeightType.F32: BinaryPrimitives.WriteSingleLittleEndian(to, (float)values[i]); break;
                case WeightType.F16: BinaryPrimitives.WriteHalfLittleEndian(to, (Half)values[i]); break;
                default: BinaryPrimitives.WriteUInt16LittleEndian(to, Brain(values[i])); break;
            }
        }
    }

    /// <summary>
    /// The upper sixteen bits of a single, rounded to nearest, ties to even. Through a single rounded to odd, since two roundings to
    /// nearest could move a value just above a tie down to it.
    /// </summary>
    private static ushort Brain(double value)
    {
        var single = (float)value;
        var bits = BitConverter.SingleToUInt32Bits(single);
        if (single != value && (bits & 1) == 0)
            bits = BitConverter.SingleToUInt32Bits(
                Math.Abs((double)single) > Math.Abs(value) ? MathF.BitDecrement(MathF.Abs(single)) : MathF.Abs(single))
                | 1 | (bits & 0x80000000);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
