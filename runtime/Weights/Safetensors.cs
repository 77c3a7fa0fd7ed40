using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace Whence;

/// <summary>The tensors of a safetensors file, in memory or mapped into it.</summary>
internal sealed class Safetensors : WeightSource
{
    private const int BlockBytes = 1 << 16;
    private const int PrefixLength = 8;

    private readonly string file;
    private readonly SafetensorsHeader header;
    private readonly long dataStart;
    private readonly MemoryMappedViewAccessor? view;
    private readonly ReadOnlyMemory<byte> memory;
    private volatile bool disposed;

    private Safetensors(string file, string headerText, long length, MemoryMappedViewAccessor? view, ReadOnlyMemory<byte> memory)
    {
        this.file = file;
        this.view = view;
        this.memory = memory;
        dataStart = PrefixLength + Encoding.UTF8.GetByteCount(headerText);
        header = SafetensorsHeader.Parse(headerText, length - dataStart);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SafetensorsEntry> Entries => header.Entries;

    /// <summary>Maps a file into memory; nothing but its header is read now.</summary>
    public static Safetensors Open(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            var text = SafetensorsHeader.ReadText(stream);
            // The view keeps the file mapped when the mapping's own handle is closed.
            using var mapping = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            var view = mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            try
            {
                return new Safetensors($"'{path}'", text, stream.Length, view, default);
            }
            catch
            {
                view.Dispose();
                throw;
            }
        }
        catch (InvalidDataException e)
        {
            throw new WeightsException($"'{path}' cannot be read as safetensors. {e.Message}", e);
        }
    }

    /// <summary>Reads a file that is in memory.</summary>
    public static Safetensors Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var prefix = bytes.Span[..Math.Min(PrefixLength, bytes.Length)].ToArray();
            var length = SafetensorsHeader.LengthOf(prefix, bytes.Length);
            var text = SafetensorsHeader.Decode(bytes.Span.Slice(PrefixLength, length).ToArray());
            return new Safetensors("the file", text, bytes.Length, null, bytes);
        }
        catch (InvalidDataException e)
        {
            throw new WeightsException($"The weights cannot be read as safetensors. {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override string Choose(ReadOnlySpan<string> candidates, Shape shape)
    {
        foreach (var name in candidates)
        {
            if (header.Find(name) is not null)
                return name;
        }
        throw Missing(candidates.ToArray(), shape);
    }

    /// <inheritdoc/>
    public override double[] Read(string name, Shape shape)
    {
        var entry = header.Find(name) ?? throw Missing([name], shape);
        Check(entry, shape);
        ObjectDisposedException.ThrowIf(disposed, this);
        var values = new double[shape.Size];
        Convert(entry, values);
        CheckFinite(entry, shape, values);
        return values;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        disposed = true;
        view?.Dispose();
    }

    private WeightsException Missing(string[] candidates, Shape shape)
    {
        var nearest = TensorNames.Nearest(candidates, shape.ToArray(), header.Entries);
        var tried = candidates.Length > 1 ? $" (nor {Listed(candidates.Skip(1))})" : "";
        var hint = nearest.Count == 0
            ? "it has no name like it"
            : $"the nearest of its names {(nearest.Count == 1 ? "is" : "are")} {Listed(nearest)}";
        return new WeightsException(
            $"There is no tensor {SafetensorsHeader.Quote(candidates[0])}{tried} of shape {shape} in {file}: {hint}. Set Name on the layer if the file calls it otherwise.",
            candidates[0], shape, null, nearest);
    }

    private void Check(SafetensorsEntry entry, Shape shape)
    {
        var name = SafetensorsHeader.Quote(entry.Name);
        var found = $"{entry.DType} {entry.ShapeText}";
        if (!entry.HasAxes(shape.ToArray()))
            throw new WeightsException($"Tensor {name} has the shape {entry.ShapeText} in {file}, but the network needs {shape}.", entry.Name, shape, found);
        if (entry.DType is not ("F64" or "F32" or "F16" or "BF16"))
            throw new WeightsException($"Tensor {name} is of type {SafetensorsHeader.Quote(entry.DType)} in {file}, but weights must be F64, F32, F16 or BF16.", entry.Name, shape, found);
    }

    private void CheckFinite(SafetensorsEntry entry, Shape shape, double[] values)
    {
        var bad = Array.FindIndex(values, value => !(Math.Abs(value) <= float.MaxValue));
        if (bad >= 0)
            throw new WeightsException($"Tensor {SafetensorsHeader.Quote(entry.Name)} has {values[bad]} at element {bad} in {file}, but weights must be finite and fit float32.", entry.Name, shape, $"{entry.DType} {entry.ShapeText}");
    }

    private void Convert(SafetensorsEntry entry, Span<double> values)
    {
        var size = SafetensorsEntry.ElementSize(entry.DType);
        var block = new byte[Math.Min(BlockBytes, (long)values.Length * size)];
        var from = dataStart + entry.Begin;
        while (values.Length > 0)
        {
            var count = Math.Min(values.Length, block.Length / size);
            var bytes = block.AsSpan(0, count * size);
            ReadBytes(from, bytes);
            ConvertBlock(entry.DType, bytes, values[..count]);
            values = values[count..];
            from += bytes.Length;
        }
    }

    private void ReadBytes(long from, Span<byte> bytes)
    {
        if (view is not null)
            view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(view.PointerOffset + from), bytes);
        else
            memory.Span.Slice((int)from, bytes.Length).CopyTo(bytes);
    }

    private static void ConvertBlock(string dtype, ReadOnlySpan<byte> bytes, Span<double> values)
    {
        switch (dtype)
        {
            case "F64":
                for (var i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                break;
            case "F32":
                for (var i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case "F16":
                for (var i = 0; i < values.Length; i++)
                    values[i] = (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            default:
                for (var i = 0; i < values.Length; i++)
                    values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                break;
        }
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(SafetensorsHeader.Quote));
}
