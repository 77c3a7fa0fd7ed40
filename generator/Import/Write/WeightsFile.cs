using System.Buffers.Binary;
using System.Text.Json;
using Whence.Import.Declare;
using Whence.Import.Read;

namespace Whence.Import.Write;

/// <summary>A tensor of a layer.</summary>
/// <param name="Name">Its name in the weights file.</param>
/// <param name="Values">What it holds.</param>
/// <param name="Layer">The layer's number.</param>
/// <param name="Role">The part of its name that the layer adds.</param>
internal sealed record LayerTensor(string Name, Literal Values, int Layer, string Role);

/// <summary>
/// The weights as safetensors in single precision (github.com/huggingface/safetensors): tensor by tensor, so that not all are held at once.
/// </summary>
internal static class WeightsFile
{
    /// <summary>Each tensor by its name in the file.</summary>
    public static IReadOnlyList<LayerTensor> Tensors(Declaration declaration)
    {
        var tensors = new List<LayerTensor>();
        Collect(declaration, "", null, tensors);
        return [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
    }

    private static void Collect(Declaration declaration, string prefix, Block? of, List<LayerTensor> tensors)
    {
        var layers = 0;
        foreach (var layer in declaration.Steps.Select(step => step.Layer).OfType<Layer>().Distinct())
        {
            var own = of is null ? layer : of.Layers[layers++];
            var name = prefix + (layer.Path.Length > 0 ? layer.Path : TensorNames.Of(layer.Member)[0]);
            foreach (var (role, values) in own.Tensors)
                tensors.Add(new(TensorNames.Join(name, role), values, own.Number, role));
        }
        foreach (var block in declaration.Steps.Select(step => step.Block).OfType<Block>().Distinct())
        {
            var name = block.Path.Length > 0 ? block.Path : TensorNames.Of(block.Field)[0];
            Collect(block.Type.Declaration, prefix + TensorNames.Prefix(name), block, tensors);
        }
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="ImportException">A number is not finite, or beyond single precision.</exception>
    public static void Write(Stream stream, IReadOnlyList<LayerTensor> tensors)
    {
        var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            var end = 0L;
            foreach (var (name, values, _, _) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var axis in values.Axes)
                    json.WriteNumberValue(axis);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += 4L * values.Count);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach (var (name, values, _, _) in tensors)
            Write(stream, name, values);
    }

    private static void Write(Stream stream, string name, Literal values)
    {
        const int piece = 1 << 14;
        var bytes = new byte[4 * piece];
        for (var start = 0; start < values.Count; start += piece)
        {
            var count = Math.Min(piece, values.Count - start);
            for (var i = 0; i < count; i++)
            {
                var value = (float)values[start + i];
                if (!float.IsFinite(value))
                    throw new ImportException(
                        $"The tensor '{name}' holds {values[start + i]}, with which no explanation would be complete.");
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), value);
            }
            stream.Write(bytes, 0, 4 * count);
        }
    }
}
