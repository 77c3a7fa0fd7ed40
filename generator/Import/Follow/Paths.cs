namespace Whence.Import.Follow;

/// <summary>What layers are called in the file they come from.</summary>
internal static class Paths
{
    private static readonly string[] Roles = ["weight", "bias", "running_mean", "running_var", "gamma", "beta", "kernel", "in_proj_weight",
        "W", "B", "R"];

    /// <summary>
    /// The name of a layer by that of its weight, "fc1.weight" or "block/dense/kernel:0"; if that says nothing ("927"), by its node's,
    /// "/block/fc1/Gemm". Empty if neither says anything.
    /// </summary>
    public static string Of(string? tensor, string node, string? bias = null) =>
        OfTensor(tensor) ?? OfTensor(bias) ?? OfNode(node) ?? "";

    private static string? OfTensor(string? tensor)
    {
        // No layer can be named by a text with a line break in it.
        if (tensor is null || tensor.Any(char.IsControl) || tensor.Contains("::", StringComparison.Ordinal))
            return null;
        var parts = tensor.Split('.', '/').Where(part => part.Length > 0).Select(part => part.Split(':')[0]).ToList();
        if (parts.Count < 2)
            return null;
        if (Roles.Contains(parts[^1]))
            parts.RemoveAt(parts.Count - 1);
        return parts.All(part => part.Length > 0) && parts.Any(part => char.IsLetter(part[0])) ? string.Join('.', parts) : null;
    }

    /// <summary>A node's name as torch's exporter makes it, /layer1/layer1.0/conv1/Conv: modules, and the operator at the end.</summary>
    private static string? OfNode(string node)
    {
        // What is written out of a function has the function's name before it: "Inline_0__/decoder/rnn/LSTM".
        var inlined = node.IndexOf("__/", StringComparison.Ordinal);
        if (inlined >= 0)
            node = node[(inlined + 2)..];
        if (!node.StartsWith('/') || node.Any(char.IsControl))
            return null;
        var parts = node.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2)
            return null;
        var path = "";
        foreach (var part in parts[..^1])
            path = path.Length == 0 || part.StartsWith(path + ".", StringComparison.Ordinal) ? part : $"{path}.{part}";
        return path;
    }
}
