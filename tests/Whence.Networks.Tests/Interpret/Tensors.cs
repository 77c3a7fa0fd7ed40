namespace Whence.Networks.Tests.Interpret;

/// <summary>Where a network's weights come from: the elements of the first of these names, row-major, in this shape.</summary>
internal delegate double[] Tensors(IReadOnlyList<string> names, Shape shape);

/// <summary>Ways to have weights.</summary>
internal static class TensorsFrom
{
    public static Tensors Weights(Weights weights) => (names, shape) => weights.Values([.. names], shape);

    /// <summary>Weights written down in a test. A missing name or a wrong number of elements is an error.</summary>
    public static Tensors Table(IReadOnlyDictionary<string, double[]> table) => (names, shape) =>
    {
        var name = names.FirstOrDefault(table.ContainsKey) ?? throw new KeyNotFoundException($"No tensor {string.Join(" or ", names)}.");
        return table[name].Length == shape.Size
            ? table[name]
            : throw new ArgumentException($"{name} has {table[name].Length} elements, not those of {shape}.");
    };
}
