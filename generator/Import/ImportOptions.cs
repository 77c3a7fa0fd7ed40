namespace Whence.Import;

/// <summary>What a model's file leaves open.</summary>
public sealed record ImportOptions
{
    /// <summary>The class's name; made of the file's if null.</summary>
    public string? Name { get; init; }

    /// <summary>The class's namespace; none if null.</summary>
    public string? Namespace { get; init; }

    /// <summary>Sizes of inputs by their names, the batch's included; an axis that is null or missing is as the file says.</summary>
    public IReadOnlyDictionary<string, int?[]> Shapes { get; init; } = new Dictionary<string, int?[]>();

    /// <summary>Inputs that are constants, and their numbers, row by row: of one number, all of an input's elements are it.</summary>
    public IReadOnlyDictionary<string, double[]> Set { get; init; } = new Dictionary<string, double[]>();

    /// <summary>
    /// Inputs of variable length, by their names: tokens, or a sequence of rows. The axis behind the batch's is the longest that they may
    /// be. Their attention masks are left out: that positions are absent follows from the length.
    /// </summary>
    public IReadOnlyList<string> Variable { get; init; } = [];

    /// <summary>The values to compute, inner ones also; the model's outputs if empty.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Layers to ask about, by their names in the class that is written; such as <c>Conv3</c>, or <c>block1.Conv2</c>.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>
    /// Whether the class is only a part of networks that are written by hand: it declares no inputs and asks for no explanations.
    /// </summary>
    public bool IsPart { get; init; }

    /// <summary>What explanations are asked of the network, as it stands behind <c>Explain =</c>.</summary>
    public string Explain { get; init; } = "Methods.IntegratedGradients | Methods.Rescale";
}
