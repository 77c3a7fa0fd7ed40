using System.Buffers.Binary;

namespace Whence.Data;

/// <summary>
/// Rows that tensors of a safetensors file hold along their first axis: for each input of the network the tensor of its name, or the file's
/// only one.
/// </summary>
internal sealed class SafetensorsRows : RowSource
{
    private readonly FileStream file;
    private readonly string name;
    private readonly Part[] parts;
    private readonly byte[] bytes;

    public SafetensorsRows(string path, Signature network, RowOptions options)
        : base(network.InputSize, ScoreLayout.Of(network))
    {
        name = Path.GetFileName(path);
        file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            var text = SafetensorsHeader.ReadText(file);
            var start = file.Position;
            var header = SafetensorsHeader.Parse(text, file.Length - start);
            parts = [.. network.Inputs.Select(input => new Part(Find(header, network, input, options), input.Shape.Size, start, name))];
            if (parts.FirstOrDefault(part => part.Rows != parts[0].Rows) is { } other)
                throw new InvalidDataException(
                    $"{name} has {parts[0].Rows} rows in \"{parts[0].Name}\" and {other.Rows} in \"{other.Name}\".");
            bytes = new byte[parts.Max(part => part.RowBytes)];
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override bool HasIds => false;

    public override long Count => parts[0].Rows;

    private SafetensorsEntry Find(SafetensorsHeader header, Signature network, TensorInfo input, RowOptions options)
    {
        if (network.Inputs.Count == 1 && options.Tensor is { } asked)
            return header.Find(asked) ?? throw Missing(header, asked);
        return header.Find(input.Name) ?? (header.Entries.Count == 1 && network.Inputs.Count == 1 ? header.Entries[0]
            : throw Missing(header, input.Name));
    }

    private InvalidDataException Missing(SafetensorsHeader header, string tensor) =>
        new($"{name} has no tensor \"{tensor}\"; it has {Listing.Quoted(header.Entries.Select(entry => entry.Name))}.");

    private protected override void Fill(RowBatch batch, long first, int count)
    {
        for (var row = first; row < first + count; row++)
        {
            var elements = batch.Next();
            var at = 0;
            var wrong = -1;
            foreach (var part in parts)
            {
                var read = bytes.AsSpan(0, part.RowBytes);
                if (RandomAccess.Read(file.SafeFileHandle, read, part.Start + row * part.RowBytes) < read.Length)
                    throw new InvalidDataException($"{name} ends within row {row} of \"{part.Name}\".");
                wrong = Math.Max(wrong, part.Write(read, elements[at..], at));
                at += part.Size;
            }
            if (wrong >= 0)
                batch.Refuse(row, null, $"the number at place {wrong} is not finite");
            else
                batch.Accept(row, null);
        }
    }

    public override void Dispose()
    {
        file.Dispose();
        base.Dispose();
    }

    /// <summary>The tensor of one input.</summary>
    private sealed class Part
    {
        private readonly string type;
        private readonly int elementBytes;

        public Part(SafetensorsEntry entry, int size, long start, string file)
        {
            (Name, Size, Start, type) = (entry.Name, size, start + entry.Begin, entry.DType);
            elementBytes = type switch { "F64" => 8, "F32" => 4, "F16" or "BF16" => 2, "U8" or "I8" => 1, _ => 0 };
            if (elementBytes == 0)
                throw new InvalidDataException($"\"{Name}\" of {file} holds {type}, but rows are read of F64, F32, F16, BF16, U8 and I8.");
            var elements = entry.Axes.Skip(1).Aggregate(1L, (product, axis) => product * axis);
            if (entry.Axes.Count < 1 || elements != size)
                throw new InvalidDataException($"\"{Name}\" of {file} is {entry.ShapeText}, but should be [rows, ...] with {size} numbers "
                    + "in a row.");
            Rows = entry.Axes[0];
        }

        public string Name { get; }

        public int Size { get; }

        public long Start { get; }

        public long Rows { get; }

        public int RowBytes => Size * elementBytes;

        /// <summary>The place in the row of a number that is not finite, or -1.</summary>
        public int Write(ReadOnlySpan<byte> from, Span<float> to, int at)
        {
            for (var i = 0; i < Size; i++)
            {
                to[i] = Number(from[(i * elementBytes)..]);
                if (!float.IsFinite(to[i]))
                    return at + i;
            }
            return -1;
        }

        private float Number(ReadOnlySpan<byte> from) => type switch
        {
            "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(from),
            "F32" => BinaryPrimitives.ReadSingleLittleEndian(from),
            "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(from),
            "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(from) << 16),
            "U8" => from[0],
            _ => (sbyte)from[0],
        };
    }
}
