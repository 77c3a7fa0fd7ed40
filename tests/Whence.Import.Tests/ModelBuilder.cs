using System.Text;

namespace Whence.Import.Tests;

/// <summary>Writes small ONNX files, right ones and wrong ones.</summary>
internal sealed class ModelBuilder
{
    private const string Microsoft = "com.microsoft";

    private readonly List<byte[]> nodes = [];
    private readonly List<byte[]> initialisers = [];
    private readonly List<byte[]> inputs = [];
    private readonly List<byte[]> outputs = [];

    public long Opset { get; init; } = 17;

    public long Ir { get; init; } = 8;

    public string Producer { get; init; } = "test";

    public ModelBuilder Input(string name, params long[] axes) => With(inputs, Value(name, 1, axes));

    public ModelBuilder Tokens(string name, params long[] axes) => With(inputs, Value(name, 7, axes));

    public ModelBuilder Output(string name) => With(outputs, Bytes(1, name));

    /// <summary>A tensor of numbers 0.1, 0.2, ..., or of those given.</summary>
    public ModelBuilder Tensor(string name, long[] axes, params float[] numbers)
    {
        var count = axes.Aggregate(1L, (all, axis) => all * axis);
        if (numbers.Length == 0)
            numbers = [.. Enumerable.Range(1, (int)count).Select(i => (float)Math.Sin(i))];
        return With(initialisers, [.. TensorFile(axes, numbers), .. Bytes(8, name)]);
    }

    /// <summary>A tensor as a file by itself.</summary>
    public static byte[] TensorFile(long[] axes, float[] numbers) => [.. axes.SelectMany(axis => Varint(1, axis)), .. Varint(2, 1),
        .. Lengthy(9, [.. numbers.SelectMany(BitConverter.GetBytes)])];

    /// <summary>A tensor that claims what is given.</summary>
    public ModelBuilder Raw(string name, long type, long[] axes, byte[] raw, params (string Key, string Value)[] external) =>
        With(initialisers, [.. axes.SelectMany(axis => Varint(1, axis)), .. Varint(2, type), .. Bytes(8, name),
            .. external.Length == 0 ? Lengthy(9, raw) : [],
            .. external.SelectMany(entry => Lengthy(13, [.. Bytes(1, entry.Key), .. Bytes(2, entry.Value)])),
            .. external.Length == 0 ? [] : Varint(14, 1)]);

    public ModelBuilder Wholes(string name, params long[] numbers) =>
        Raw(name, 7, [numbers.Length], [.. numbers.SelectMany(BitConverter.GetBytes)]);

    public ModelBuilder Node(string type, string inputs, string output, params (string Name, object Value)[] settings) =>
        Node(type, type + nodes.Count, inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, settings);

    public ModelBuilder Node(string type, string name, string[] inputs, string output, params (string Name, object Value)[] settings) =>
        Node(type, name, inputs, [output], settings);

    public ModelBuilder Node(string type, string name, string[] inputs, string[] outputs, params (string Name, object Value)[] settings) =>
        With(nodes,
            [
                .. inputs.SelectMany(input => Bytes(1, input == "_" ? "" : input)),
                .. outputs.SelectMany(output => Bytes(2, output)), .. Bytes(3, name),
                .. Bytes(4, type[(type.LastIndexOf('.') + 1)..]),
                .. settings.SelectMany(setting => Lengthy(5, Attribute(setting.Name, setting.Value))),
                .. type.StartsWith(Microsoft, StringComparison.Ordinal) ? Bytes(7, Microsoft) : []]);

    /// <summary>The graph alone: a setting of a node, such as a branch.</summary>
    public byte[] Graph() =>
        [.. Each(1, nodes), .. Bytes(2, "graph"), .. Each(5, initialisers), .. Each(11, inputs), .. Each(12, outputs)];

    public byte[] Build() =>
    [
        .. Varint(1, Ir), .. Bytes(2, Producer), .. Lengthy(7, Graph()),
        .. Lengthy(8, [.. Bytes(1, ""), .. Varint(2, Opset)]), .. Lengthy(8, [.. Bytes(1, Microsoft), .. Varint(2, 1)]),
    ];

    private ModelBuilder With(List<byte[]> list, byte[] item)
    {
        list.Add(item);
        return this;
    }

    private static byte[] Attribute(string name, object value) =>
    [
        .. Bytes(1, name),
        .. value switch
        {
            float number => (byte[])[.. Tag(2, 5), .. BitConverter.GetBytes(number), .. Varint(20, 1)],
            int whole => [.. Varint(3, whole), .. Varint(20, 2)],
            string text => [.. Bytes(4, text), .. Varint(20, 3)],
            byte[] graph => [.. Lengthy(6, graph), .. Varint(20, 5)],
            string[] texts => [.. texts.SelectMany(text => Bytes(9, text)), .. Varint(20, 8)],
            int[] wholes => [.. wholes.SelectMany(whole => Varint(8, whole)), .. Varint(20, 7)],
            _ => throw new ArgumentException("No such setting.", nameof(value)),
        },
    ];

    private static byte[] Value(string name, long type, long[] axes) =>
        [.. Bytes(1, name),
            .. Lengthy(2, Lengthy(1, [.. Varint(1, type), .. Lengthy(2, [.. axes.SelectMany(axis => Lengthy(1, Varint(1, axis)))])]))];

    private static IEnumerable<byte> Each(int field, List<byte[]> messages) => messages.SelectMany(message => Lengthy(field, message));

    private static byte[] Bytes(int field, string text) => Lengthy(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Lengthy(int field, byte[] bytes) => [.. Tag(field, 2), .. Number((ulong)bytes.Length), .. bytes];

    private static byte[] Varint(int field, long number) => [.. Tag(field, 0), .. Number(unchecked((ulong)number))];

    private static byte[] Tag(int field, int wire) => Number((ulong)(field << 3 | wire));

    private static byte[] Number(ulong number)
    {
        var bytes = new List<byte>();
        for (; number >= 0x80; number >>= 7)
            bytes.Add((byte)(number & 0x7f | 0x80));
        bytes.Add((byte)number);
        return [.. bytes];
    }
}
