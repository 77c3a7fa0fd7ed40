using System.Buffers.Binary;
using System.Text;

namespace Whence.Runtime.Tests.WeightFiles;

/// <summary>Writes safetensors files for the tests, right ones and wrong ones.</summary>
internal sealed class SafetensorsWriter
{
    private readonly List<string> entries = [];
    private readonly MemoryStream data = new();

    public SafetensorsWriter Add(string name, string dtype, long[] axes, byte[] bytes)
    {
        var begin = data.Length;
        data.Write(bytes);
        entries.Add(
            $$"""{{Json(name)}}:{"dtype":"{{dtype}}","shape":[{{string.Join(',', axes)}}],"data_offsets":[{{begin}},{{data.Length}}]}""");
        return this;
    }

    public SafetensorsWriter Add(string name, long[] axes, params float[] values) =>
        Add(name, "F32", axes, values.SelectMany(BitConverter.GetBytes).ToArray());

    public SafetensorsWriter AddMetadata(string json)
    {
        entries.Add($"\"__metadata__\":{json}");
        return this;
    }

    public byte[] ToBytes() => File("{" + string.Join(',', entries) + "}", data.ToArray());

    /// <summary>A file with this header, whatever it says.</summary>
    public static byte[] File(string header, byte[] data) => File(Encoding.UTF8.GetBytes(header), data);

    /// <summary>A file with this header, whatever it says.</summary>
    public static byte[] File(byte[] header, byte[] data) => [.. Length((ulong)header.Length), .. header, .. data];

    public static byte[] Length(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
