namespace Whence.CompilerServices;

using System.ComponentModel;

/// <summary>
/// Where a network's layers find their weights: a file, and the names of the fields that lead to the network.
/// Called by generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WeightScope
{
    private readonly Weights weights;
    private readonly string[] prefixes;

    private WeightScope(Weights weights, string[] prefixes) => (this.weights, this.prefixes) = (weights, prefixes);

    /// <summary>The scope of the outermost network.</summary>
    public static WeightScope Of(Weights weights) => new(weights, [""]);

    /// <summary>The scope of a sub-network, by the names its field may have; one that is empty adds nothing.</summary>
    public WeightScope Into(params string[] names) =>
        new(weights, [.. from prefix in prefixes from name in names select prefix + TensorNames.Prefix(name)]);

    /// <summary>A layer's tensors by the last parts of their names, in the order in which it has them.</summary>
    /// <exception cref="WeightsException">One is missing.</exception>
    /// <exception cref="ArgumentException">One has another shape than the layer's input asks for.</exception>
    internal IReadOnlyDictionary<string, Tensor> Tensors(string[] names, IEnumerable<Parameter> parameters) =>
        new OrderedDictionary<string, Tensor>(
            parameters.Select(parameter => KeyValuePair.Create(parameter.Role, Tensor(names, parameter.Role, parameter.Shape))));

    /// <summary>A layer's tensor: "prefix.name.role".</summary>
    /// <exception cref="WeightsException">It is missing.</exception>
    /// <exception cref="ArgumentException">It has another shape than the layer's input asks for.</exception>
    private Tensor Tensor(string[] names, string role, Shape shape)
    {
        try
        {
            return weights.Tensor([.. from prefix in prefixes from name in names select prefix + TensorNames.Join(name, role)], shape);
        }
        catch (WeightsException unfit) when (unfit is { Expected: not null, Found: not null })
        {
            // The weights fitted when they were loaded: what is of another shape now is the input.
            throw Expect.Refusal($"The input of layer {prefixes[0]}{names[0]} has another shape than its weights are for: '{unfit.Tensor}' "
                + $"is {unfit.Found}, but with this input it would be {unfit.Expected}.", null, unfit);
        }
    }

    /// <summary>What a layer's body uses before weights are loaded.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public static WeightScope Required(WeightScope? scope, string network) =>
        scope ?? throw new InvalidOperationException($"{network} has no weights yet: make it with {network}.Load(...).");
}
