using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Whence.Import.Read;

/// <summary>
/// Tensors of a model as constants: what a file claims of them is checked when they are met, their numbers are read when they are asked
/// for.
/// </summary>
/// <param name="folder">The model's, in which other files of it must lie; null if it is not from a file.</param>
internal sealed class TensorReader(string? folder)
{
    public Literal Read(ModelTensor tensor)
    {
        var axes = Axes(tensor);
        var size = ElementSize(tensor);
        var count = Literal.CountOf(axes);
        if (tensor.External.Count > 0)
        {
            var (path, offset) = Place(tensor, (long)count * size);
            return new(tensor.Type, axes, () => Numbers(tensor, ReadRange(path, offset, count * size), count), tensor.Name);
        }
        if (tensor.Raw is { } raw)
        {
            if (raw.Length != (long)count * size)
                throw Refusal(tensor, $"has {raw.Length} bytes and needs {(long)count * size}");
            return new(tensor.Type, axes, () => Numbers(tensor, raw.Span, count), tensor.Name);
        }
        var there = Math.Max(tensor.Singles.Count, Math.Max(tensor.Doubles.Count, tensor.Wholes.Count));
        if (there != count)
            throw Refusal(tensor, $"has {there} numbers and needs {count}");
        return new(tensor.Type, axes, () => Listed(tensor), tensor.Name);
    }

    private static int[] Axes(ModelTensor tensor)
    {
        if (tensor.Axes.Count > Limits.Rank)
            throw Refusal(tensor, $"has {tensor.Axes.Count} axes");
        var count = 1L;
        foreach (var axis in tensor.Axes)
        {
            if (axis is < 0 or > int.MaxValue || (count *= Math.Max(axis, 1)) > int.MaxValue / 8)
                throw Refusal(tensor, $"claims axes [{string.Join(", ", tensor.Axes)}], more than can be held");
        }
        return [.. tensor.Axes.Select(axis => (int)axis)];
    }

    private static int ElementSize(ModelTensor tensor) => tensor.Type switch
    {
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Double or ElementType.Int64 or ElementType.UInt64 => 8,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
        ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 1,
        _ => throw Refusal(tensor, $"has elements of type {tensor.Type}, which are not read"),
    };

    /// <summary>Where numbers that lie in another file are, made sure of.</summary>
    private (string Path, long Offset) Place(ModelTensor tensor, long length)
    {
        var location = tensor.External.GetValueOrDefault("location", "");
        if (folder is null)
            throw Refusal(tensor, "lies in another file, but the model is not from a file");
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Contains('\0', StringComparison.Ordinal)
            || location.Split('/', '\\').Any(part => part is ".." or ""))
            throw Refusal(tensor, $"lies in '{location}', which is not inside the model's folder");
        var path = folder;
        foreach (var part in location.Split('/', '\\'))
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null || new DirectoryInfo(path).LinkTarget is not null)
                throw Refusal(tensor, $"lies in '{location}', which is a link");
        }
        var file = new FileInfo(path);
        if (!file.Exists)
            throw Refusal(tensor, $"lies in '{location}', which is not beside the model");
        var offset = Number(tensor, "offset", 0);
        if (Number(tensor, "length", length) != length)
            throw Refusal(tensor, $"has {tensor.External["length"]} bytes in '{location}' and needs {length}");
        if (offset < 0 || offset > file.Length - length)
            throw Refusal(tensor, $"lies at byte {offset} of '{location}', which has {file.Length} bytes and not {length} more");
        return (path, offset);
    }

    private static long Number(ModelTensor tensor, string key, long otherwise) =>
        !tensor.External.TryGetValue(key, out var text) ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Refusal(tensor, $"has '{text}' for its {key}");

    private static byte[] ReadRange(string path, long offset, int length)
    {
        var bytes = new byte[length];
        using var file = File.OpenHandle(path);
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
            done += read > 0 ? read : throw new ImportException($"'{Path.GetFileName(path)}' became shorter while it was read.");
        }
        return bytes;
    }

    private static Array Listed(ModelTensor tensor) => tensor.Type switch
    {
        ElementType.Float => tensor.Singles.ToArray(),
        ElementType.Double => tensor.Doubles.ToArray(),
        ElementType.Float16 => tensor.Wholes.Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)(bits & 0xffff))).ToArray(),
        ElementType.BFloat16 => tensor.Wholes.Select(bits => BitConverter.Int32BitsToSingle(unchecked((int)bits << 16))).ToArray(),
        _ => tensor.Wholes.ToArray(),
    };

    private static Array Numbers(ModelTensor tensor, ReadOnlySpan<byte> bytes, int count)
    {
        switch (tensor.Type)
        {
            case ElementType.Float:
                return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            case ElementType.Double:
                return MemoryMarshal.Cast<byte, double>(bytes).ToArray();
            case ElementType.Int64 or ElementType.UInt64:
                return MemoryMarshal.Cast<byte, long>(bytes).ToArray();
            case ElementType.Float16 or ElementType.BFloat16:
                var singles = new float[count];
                for (var i = 0; i < count; i++)
                {
                    var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
                    singles[i] = tensor.Type == ElementType.Float16 ? (float)BitConverter.UInt16BitsToHalf(bits)
                        : BitConverter.UInt32BitsToSingle((uint)bits << 16);
                }
                return singles;
            default:
                var wholes = new long[count];
                for (var i = 0; i < count; i++)
                    wholes[i] = Whole(tensor.Type, bytes, i);
                return wholes;
        }
    }

    private static long Whole(ElementType type, ReadOnlySpan<byte> bytes, int i) => type switch
    {
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]),
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]),
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]),
        ElementType.Int8 => unchecked((sbyte)bytes[i]),
        _ => bytes[i],
    };

    private static ImportException Refusal(ModelTensor tensor, string why) => new($"The tensor '{tensor.Name}' {why}.");
}
