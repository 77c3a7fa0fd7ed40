namespace Whence.Import.Read;

/// <summary>The element types of ONNX, by their numbers in files.</summary>
internal enum ElementType
{
    Undefined = 0, Float = 1, UInt8 = 2, Int8 = 3, UInt16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, Text = 8, Bool = 9, Float16 = 10,
    Double = 11, UInt32 = 12, UInt64 = 13, Complex64 = 14, Complex128 = 15, BFloat16 = 16,
}

/// <summary>A model as its file says it.</summary>
internal sealed record Model(long IrVersion, string Producer, IReadOnlyDictionary<string, long> Opsets, ModelGraph Graph,
    IReadOnlyDictionary<(string Domain, string Name), ModelFunction> Functions);

/// <summary>A graph: the model's own, or a branch of one.</summary>
internal sealed class ModelGraph
{
    public List<ModelNode> Nodes { get; } = [];

    public List<ModelTensor> Initialisers { get; } = [];

    public List<ModelValue> Inputs { get; } = [];

    public List<ModelValue> Outputs { get; } = [];
}

/// <summary>A node; an input that is left out has an empty name.</summary>
internal sealed class ModelNode
{
    public string Name { get; set; } = "";

    public string Operator { get; set; } = "";

    public string Domain { get; set; } = "";

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public Dictionary<string, ModelAttribute> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>What to call it in a message.</summary>
    public string Title => Name.Length > 0 ? Name : Outputs.FirstOrDefault(output => output.Length > 0) ?? Operator;
}

/// <summary>A setting of a node. What it is not is null or empty.</summary>
internal sealed class ModelAttribute
{
    public string Name { get; set; } = "";

    public float? Single { get; set; }

    public long? Whole { get; set; }

    public string? Text { get; set; }

    public ModelTensor? Tensor { get; set; }

    public ModelGraph? Graph { get; set; }

    public List<float> Singles { get; } = [];

    public List<long> Wholes { get; } = [];

    public List<string> Texts { get; } = [];

    /// <summary>In a function, the name of the caller's attribute that this one is.</summary>
    public string Reference { get; set; } = "";
}

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Undefined if it is no tensor.</param>
/// <param name="Axes">Null if the file does not say them; an axis is a size, or a symbol, which may be empty.</param>
internal sealed record ModelValue(string Name, ElementType Type, IReadOnlyList<(long? Size, string Symbol)>? Axes);

/// <summary>A function of the model's own, which is written out where it is called.</summary>
internal sealed class ModelFunction
{
    public string Name { get; set; } = "";

    public string Domain { get; set; } = "";

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public List<ModelNode> Nodes { get; } = [];
}

/// <summary>A tensor of the file. Its numbers stay where they lie until they are asked for.</summary>
internal sealed class ModelTensor
{
    public string Name { get; set; } = "";

    public ElementType Type { get; set; }

    public List<long> Axes { get; } = [];

    public ReadOnlyMemory<byte>? Raw { get; set; }

    public List<float> Singles { get; } = [];

    public List<double> Doubles { get; } = [];

    public List<long> Wholes { get; } = [];

    /// <summary>Where the numbers lie if not in this file: "location", "offset" and "length".</summary>
    public Dictionary<string, string> External { get; } = new(StringComparer.Ordinal);
}
