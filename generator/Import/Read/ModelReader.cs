namespace Whence.Import.Read;

/// <summary>
/// A model from its file's bytes. The numbers of fields are those of github.com/onnx/onnx, onnx/onnx.proto; fields that say nothing to an
/// importer (documentation, metadata, training, devices) are passed over.
/// </summary>
internal static class ModelReader
{
    public static Model Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length == 0)
            throw new ImportException("The file is empty.");
        var (ir, producer, graph) = (0L, "", (ModelGraph?)null);
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        var functions = new Dictionary<(string, string), ModelFunction>();
        var reader = new WireReader(file);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    ir = reader.Int64();
                    break;
                case 2:
                    producer = reader.Text();
                    break;
                case 7:
                    graph = Graph(reader.Message(), 0);
                    break;
                case 8:
                    var (domain, version) = Opset(reader.Message());
                    opsets[domain == "ai.onnx" ? "" : domain] = version;
                    break;
                case 25:
                    var function = Function(reader.Message());
                    functions[(function.Domain, function.Name)] = function;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        if (graph is null)
            throw new ImportException("This is not an ONNX model: it has no graph.");
        if (ir > Limits.NewestIr)
            throw new ImportException(
                $"The model is of ONNX's file format {ir}, and {Limits.NewestIr} is the newest that is read. Export for an older one.");
        return new(ir, producer, opsets, graph, functions);
    }

    /// <summary>A tensor in a file by itself, as ONNX's test data has them.</summary>
    public static ModelTensor ReadTensor(ReadOnlyMemory<byte> file) => Tensor(new WireReader(file));

    /// <summary>
    /// The file with values made outputs of its graph. A message that comes twice is one whose lists are joined, so that what is there
    /// stays as it is.
    /// </summary>
    public static byte[] WithOutputs(ReadOnlySpan<byte> file, IEnumerable<string> names)
    {
        var outputs = names.SelectMany(name => Lengthy(12, [.. Lengthy(1, System.Text.Encoding.UTF8.GetBytes(name))])).ToArray();
        return outputs.Length == 0 ? file.ToArray() : [.. file, .. Lengthy(7, outputs)];
    }

    private static IEnumerable<byte> Lengthy(int field, byte[] bytes) => [.. Varint(field << 3 | 2), .. Varint(bytes.Length), .. bytes];

    private static IEnumerable<byte> Varint(int number)
    {
        for (; number >= 0x80; number >>= 7)
            yield return (byte)(number & 0x7f | 0x80);
        yield return (byte)number;
    }

    private static (string Domain, long Version) Opset(WireReader reader)
    {
        var (domain, version) = ("", 0L);
        while (reader.Next())
        {
            if (reader.Field == 1)
                domain = reader.Text();
            else if (reader.Field == 2)
                version = reader.Int64();
            else
                reader.Skip();
        }
        return (domain, version);
    }

    private static ModelFunction Function(WireReader reader)
    {
        var function = new ModelFunction();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    function.Name = reader.Text();
                    break;
                case 4:
                    function.Inputs.Add(reader.Text());
                    break;
                case 5:
                    function.Outputs.Add(reader.Text());
                    break;
                case 7:
                    function.Nodes.Add(Node(reader.Message(), 1));
                    break;
                case 10:
                    function.Domain = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return function;
    }

    private static ModelGraph Graph(WireReader reader, int depth)
    {
        if (depth > Limits.Depth)
            throw new ImportException($"The model has graphs within graphs, more than {Limits.Depth} deep.");
        var graph = new ModelGraph();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    graph.Nodes.Add(Node(reader.Message(), depth));
                    if (graph.Nodes.Count > Limits.Nodes)
                        throw new ImportException($"The model has more than {Limits.Nodes} nodes.");
                    break;
                case 5:
                    graph.Initialisers.Add(Tensor(reader.Message()));
                    break;
                case 11:
                    graph.Inputs.Add(Value(reader.Message()));
                    break;
                case 12:
                    graph.Outputs.Add(Value(reader.Message()));
                    break;
                case 15:
                    throw new ImportException("The model has sparse tensors, which are not read. Export it with dense ones.");
                default:
                    reader.Skip();
                    break;
            }
        }
        return graph;
    }

    private static ModelNode Node(WireReader reader, int depth)
    {
        var node = new ModelNode();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    node.Inputs.Add(reader.Text());
                    break;
                case 2:
                    node.Outputs.Add(reader.Text());
                    break;
                case 3:
                    node.Name = reader.Text();
                    break;
                case 4:
                    node.Operator = reader.Text();
                    break;
                case 5:
                    var attribute = Attribute(reader.Message(), depth);
                    node.Attributes[attribute.Name] = attribute;
                    break;
                case 7:
                    var domain = reader.Text();
                    node.Domain = domain == "ai.onnx" ? "" : domain;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return node;
    }

    private static ModelAttribute Attribute(WireReader reader, int depth)
    {
        var attribute = new ModelAttribute();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    attribute.Name = reader.Text();
                    break;
                case 2:
                    attribute.Single = reader.Single();
                    break;
                case 3:
                    attribute.Whole = reader.Int64();
                    break;
                case 4:
                    attribute.Text = Letters(reader.Bytes());
                    break;
                case 5:
                    attribute.Tensor = Tensor(reader.Message());
                    break;
                case 6:
                    attribute.Graph = Graph(reader.Message(), depth + 1);
                    break;
                case 7:
                    reader.Singles(attribute.Singles);
                    break;
                case 8:
                    reader.Int64s(attribute.Wholes);
                    break;
                case 9:
                    attribute.Texts.Add(Letters(reader.Bytes()));
                    break;
                case 21:
                    attribute.Reference = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return attribute;
    }

    /// <summary>Text of a setting, which may be any bytes.</summary>
    private static string Letters(ReadOnlyMemory<byte> bytes) =>
        System.Text.Encoding.UTF8.GetString(bytes.Span[..Math.Min(bytes.Length, Limits.Name)]);

    private static ModelTensor Tensor(WireReader reader)
    {
        var tensor = new ModelTensor();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Int64s(tensor.Axes);
                    break;
                case 2:
                    tensor.Type = (ElementType)reader.Int32();
                    break;
                case 4:
                    reader.Singles(tensor.Singles);
                    break;
                case 5 or 7 or 11:
                    reader.Int64s(tensor.Wholes);
                    break;
                case 8:
                    tensor.Name = reader.Text();
                    break;
                case 9:
                    tensor.Raw = reader.Bytes();
                    break;
                case 10:
                    reader.Doubles(tensor.Doubles);
                    break;
                case 13:
                    var (key, text) = Entry(reader.Message());
                    tensor.External[key] = text;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return tensor;
    }

    private static (string Key, string Text) Entry(WireReader reader)
    {
        var (key, text) = ("", "");
        while (reader.Next())
        {
            if (reader.Field == 1)
                key = reader.Text();
            else if (reader.Field == 2)
                text = reader.Text();
            else
                reader.Skip();
        }
        return (key, text);
    }

    private static ModelValue Value(WireReader reader)
    {
        var (name, type, axes) = ("", ElementType.Undefined, (List<(long?, string)>?)null);
        while (reader.Next())
        {
            if (reader.Field == 1)
                name = reader.Text();
            else if (reader.Field == 2)
                (type, axes) = Type(reader.Message());
            else
                reader.Skip();
        }
        return new(name, type, axes);
    }

    private static (ElementType, List<(long?, string)>?) Type(WireReader reader)
    {
        var (type, axes) = (ElementType.Undefined, (List<(long?, string)>?)null);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }
            var tensor = reader.Message();
            while (tensor.Next())
            {
                if (tensor.Field == 1)
                    type = (ElementType)tensor.Int32();
                else if (tensor.Field == 2)
                    axes = Axes(tensor.Message());
                else
                    tensor.Skip();
            }
        }
        return (type, axes);
    }

    private static List<(long?, string)> Axes(WireReader reader)
    {
        var axes = new List<(long?, string)>();
        while (reader.Next())
        {
            if (reader.Field == 1)
                axes.Add(Axis(reader.Message()));
            else
                reader.Skip();
        }
        return axes;
    }

    private static (long?, string) Axis(WireReader reader)
    {
        var (size, symbol) = ((long?)null, "");
        while (reader.Next())
        {
            if (reader.Field == 1)
                size = reader.Int64();
            else if (reader.Field == 2)
                symbol = reader.Text();
            else
                reader.Skip();
        }
        // Zero and less stand for "any" in old exporters' files.
        return (size > 0 ? size : null, symbol);
    }
}
