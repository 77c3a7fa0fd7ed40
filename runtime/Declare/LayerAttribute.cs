namespace Whence;

/// <summary>
/// Marks a partial method of a network, from tensor to tensor, as a layer with weights. Its weights are named after the
/// method, <c>Fc1</c> giving <c>fc1.weight</c>, below the names of the fields that lead to it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class LayerAttribute : Attribute
{
    /// <summary>
    /// The name of the layer's weights in the file, without ".weight"; null for the method's own, in snake or lower camel case.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>The DeepLIFT rule of the activations directly above this layer.</summary>
    public Rule Rule { get; init; }
}
