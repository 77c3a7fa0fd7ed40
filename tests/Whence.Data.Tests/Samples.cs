namespace Whence.Data.Tests;

/// <summary>Weights of the tests' networks, as files.</summary>
internal static class Samples
{
    /// <summary>Of <see cref="PersonNet"/>, drawn.</summary>
    public static void SaveWeights(string path)
    {
        var random = new Random(11);
        Tensor Drawn(params int[] axes) => new(new Shape(axes),
            [.. Enumerable.Range(0, axes.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextDouble() - 0.5)]);
        Weights.Save(path, new Dictionary<string, Tensor>
        {
            ["fc1.weight"] = Drawn(6, 5), ["fc1.bias"] = Drawn(6), ["fc2.weight"] = Drawn(3, 6), ["fc2.bias"] = Drawn(3),
        });
    }
}
