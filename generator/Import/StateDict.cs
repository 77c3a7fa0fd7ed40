using Whence.Import.Write;

namespace Whence.Import;

/// <summary>A module of a PyTorch state_dict and the layer that reads it.</summary>
/// <param name="Name">The module's name, with dots; empty at the top.</param>
/// <param name="Tensors">The axes of each of its tensors, by the last part of its name.</param>
/// <param name="Declaration">A layer of a Whence network that has these tensors, or why none is known. What tensors do not say, such as
/// strides, is left out.</param>
public sealed record StateDictModule(string Name, IReadOnlyDictionary<string, int[]> Tensors, string Declaration);

/// <summary>Reads the names and shapes of a safetensors file as PyTorch's state_dict has them.</summary>
public static class StateDict
{
    /// <summary>The modules of the file, in the order of their names.</summary>
    /// <exception cref="ImportException">The file is not there, or no safetensors file.</exception>
    public static IReadOnlyList<StateDictModule> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Importer.RequireFile(path);
        try
        {
            using var file = File.OpenRead(path);
            var header = SafetensorsHeader.Parse(SafetensorsHeader.ReadText(file));
            return [.. header.Entries.GroupBy(entry => Module(entry.Name)).OrderBy(module => module.Key, StringComparer.Ordinal)
                .Select(module =>
                {
                    var tensors = module.ToDictionary(entry => entry.Name[(entry.Name.LastIndexOf('.') + 1)..],
                        entry => entry.Axes.Select(axis => (int)axis).ToArray());
                    return new StateDictModule(module.Key, tensors, Declared(module.Key, tensors));
                })];
        }
        catch (InvalidDataException damaged)
        {
            throw new ImportException($"'{Path.GetFileName(path)}' is no safetensors file: {damaged.Message}");
        }
    }

    private static string Module(string tensor) => tensor.LastIndexOf('.') is var at and > 0 ? tensor[..at] : "";

    private static string Declared(string name, Dictionary<string, int[]> tensors)
    {
        var bias = tensors.ContainsKey("bias") ? "" : ", Bias = false";
        string Of(int axis) => Words.Of(tensors["weight"][axis]);
        var attribute = tensors switch
        {
            _ when tensors.ContainsKey("running_mean") => "BatchNorm",
            _ when tensors.ContainsKey("in_proj_weight") => "MultiHeadAttention(heads: ?)",
            _ when tensors.TryGetValue("weight_hh_l0", out var state) && state.Length == 2 =>
                state[0] == 4 * state[1] ? $"Lstm({Words.Of(state[1])})"
                    : state[0] == 3 * state[1] ? $"Gru({Words.Of(state[1])})" : null,
            _ when tensors.TryGetValue("weight", out var weight) => weight.Length switch
            {
                4 => $"Conv2d({Of(0)}, kernel: {Of(2)}{(weight[3] != weight[2] ? $", KernelWidth = {Of(3)}" : "")}{bias})",
                3 => $"Conv1d({Of(0)}, kernel: {Of(2)}{bias})",
                2 => $"Linear({Of(0)}{bias})",
                1 => bias.Length > 0 ? "RmsNorm" : "LayerNorm",
                _ => null,
            },
            _ => null,
        };
        if (attribute is null)
            return "no layer is known";
        // Sequential calls its modules 0, 1, 2.
        var member = name.Any(char.IsAsciiLetter) ? Words.Pascal(name) : Words.Pascal($"Layer.{name}");
        var named = TensorNames.Of(member).Contains(name) ? attribute
            : attribute.EndsWith(')') ? $"{attribute[..^1]}, Name = {Words.Quoted(name)})" : $"{attribute}(Name = {Words.Quoted(name)})";
        return $"[{named}] private partial Tensor {member}(Tensor x);";
    }
}
