using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>Everything the generator knows of one [Network] class: values only, so that equal networks are compiled once.</summary>
internal sealed record Network
{
    /// <summary>The namespace, or empty.</summary>
    public required string Namespace { get; init; }

    /// <summary>The headers of the classes around this one, outermost first: "partial class Outer".</summary>
    public required EquatableArray<string> Containers { get; init; }

    /// <summary>The class's own name.</summary>
    public required string Name { get; init; }

    /// <summary>What the class is to C#: "class"; of what is no network for this, "struct", "record" or "interface".</summary>
    public string Keyword { get; init; } = "class";

    /// <summary>The full metadata name.</summary>
    public required string MetadataName { get; init; }

    /// <summary>The class's constructor parameters; a network that has any can only be a sub-network.</summary>
    public required EquatableArray<string> ConstructorParameters { get; init; }

    /// <summary>The class's own layers, whose bodies are always written.</summary>
    public required EquatableArray<LayerDeclaration> Layers { get; init; }

    /// <summary>The class's fields which are networks.</summary>
    public required EquatableArray<FieldDeclaration> Fields { get; init; }

    /// <summary>
    /// What Forward computes, shaped and free of problems; null for a block without input shapes and for a wrong network.
    /// </summary>
    public required Graph? Graph { get; init; }

    /// <summary>What is written where the network cannot be compiled; null of a block in which nothing is wrong.</summary>
    public MissingMembers? Members { get; init; }

    /// <summary>
    /// The written methods that override one of a base class, by name and types of parameters:
    /// "Predict(global::System.ReadOnlySpan&lt;float&gt;)".
    /// </summary>
    public EquatableArray<string> Overrides { get; init; } = EquatableArray.Of<string>();

    /// <summary>Whether it has a place for its weights, which a name of the user's, or what it is, may stand in the way of.</summary>
    public bool HasScope { get; init; } = true;

    /// <summary>Whether the name of the written property Signature is the user's, in the class or above it.</summary>
    public bool HasSignature { get; init; }

    /// <summary>What it was asked to explain.</summary>
    public required AskedMethods Explain { get; init; }

    /// <summary>The layers that can be asked about, by name.</summary>
    public required EquatableArray<string> Points { get; init; }

    /// <summary>Max-pooling routes the multiplier like a gradient.</summary>
    public bool MaxPoolGradient { get; init; }

    /// <summary>Softmax is rescaled element by element, as SHAP does.</summary>
    public bool SoftmaxElementwise { get; init; }

    /// <summary>The names of features that inputs have.</summary>
    public EquatableArray<InputFeatures> Features { get; init; } = EquatableArray.Of<InputFeatures>();

    /// <summary>Whether it is compiled for GPUs too.</summary>
    public bool IsOnGpu { get; init; }

    /// <summary>What keeps LRP's divisions from zero.</summary>
    public double LrpEpsilon { get; init; } = Derive.LrpEpsilon.DefaultEpsilon;
}

/// <summary>The names of one axis of an input.</summary>
internal sealed record InputFeatures(string Input, int Axis, EquatableArray<string> Names);

/// <summary>
/// A layer method of a class. <paramref name="Declaration"/> is its C# header, up to the body; <paramref name="Kind"/> the attribute
/// ("Conv2d"), or empty for a method that is no layer and is reported; <paramref name="Settings"/> its arguments as C# expressions by
/// parameter name (a constant, or the name of a constructor parameter); <paramref name="TensorNames"/> its tensors' names relative to this
/// class, without ".weight"; <paramref name="Inputs"/> its parameters' names; <paramref name="Holders"/> the constructor parameters and
/// fields among its arguments.
/// </summary>
internal sealed record LayerDeclaration(
    string Declaration,
    string Method,
    string Kind,
    EquatableArray<(string Name, string Value)> Settings,
    EquatableArray<string> TensorNames,
    EquatableArray<string> Inputs,
    EquatableArray<string> Holders)
{
    /// <summary>What begins the name of a property that stands for a constructor parameter where a layer's parameter hides it.</summary>
    public const string HeldPrefix = "whenceHeld_";

    /// <summary>Whether one of the layer's parameters has this name.</summary>
    public bool Hides(string holder) => Inputs.Any(input => input.TrimEnd('!') == holder);
}

/// <summary>
/// The members that a network would have, of those whose names are not the user's: the headers of Load, Predict and Embed, whether it reads
/// tokens, and whether it has a form for devices.
/// </summary>
internal sealed record MissingMembers(EquatableArray<string> Headers, bool HasTokens, bool IsOnGpu);

/// <summary>A sub-network field: its name, and the names its prefix may have in a weights file.</summary>
internal sealed record FieldDeclaration(string Name, EquatableArray<string> Prefixes);
