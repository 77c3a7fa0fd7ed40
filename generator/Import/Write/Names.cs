using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Whence.Import.Declare;

namespace Whence.Import.Write;

/// <summary>Names for layers and inputs: the file's own where it has some, never two alike, and none that means something else.</summary>
internal sealed class Names
{
    private static readonly HashSet<string> Taken =
    [
        .. typeof(Nn).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name),
        .. typeof(object)
            .GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
            .Select(method => method.Name),
        "Forward", "Predict", "PredictUnchecked", "Load", "Embed", "Prepare", "Signature", "Tensor", "Weights", "Whence", "System",
        "Methods", "Rule", "Nn",
        "Layers", "Shape", "Target", "Targets", "References", "Explain", "OnGpu", "InputSize", "OutputSize",
    ];

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["Linear"] = "Fc", ["Conv1d"] = "Conv", ["Conv2d"] = "Conv", ["ConvTranspose1d"] = "Up", ["ConvTranspose2d"] = "Up",
        ["BatchNorm"] = "Bn",
        ["LayerNorm"] = "Norm", ["RmsNorm"] = "Norm", ["GroupNorm"] = "Norm", ["InstanceNorm"] = "Norm", ["PRelu"] = "Slope",
        ["Parameter"] = "Constant",
        ["MultiHeadAttention"] = "Attention", ["Embedding"] = "Table",
        ["Lstm"] = "Recur", ["Gru"] = "Recur", ["LstmCell"] = "Recur", ["GruCell"] = "Recur",
    };

    // What says too little by itself to be a layer's name: that of the module around it is put before it.
    private static readonly HashSet<string> General = new(StringComparer.OrdinalIgnoreCase)
    {
        "dense", "linear", "fc", "conv", "bn", "norm", "ln", "layernorm", "layer_norm", "batchnorm", "proj", "output", "input", "self",
        "layer", "block", "module", "model", "weight", "kernel", "in", "out",
    };

    private readonly HashSet<string> used;
    private readonly HashSet<string> tensors = [];
    private readonly Dictionary<string, int> counts = [];

    private readonly Dictionary<string, int> endings = [];

    private Names(string type, Declaration declaration)
    {
        used = new(Taken, StringComparer.OrdinalIgnoreCase) { type, type + "Compiled" };
        var paths = declaration.Steps.Select(step => step.Layer?.Path ?? step.Block?.Path).OfType<string>().Distinct();
        foreach (var ending in paths.SelectMany(Endings).Select(ending => Words.Pascal(ending)))
            endings[ending] = endings.GetValueOrDefault(ending) + 1;
    }

    /// <summary>Names the layers of a class, and its fields, in the order of their calls.</summary>
    /// <param name="type">The class's name.</param>
    /// <param name="declaration">Its steps.</param>
    public static void Give(string type, Declaration declaration)
    {
        var names = new Names(type, declaration);
        foreach (var step in declaration.Steps)
        {
            if (step.Layer is { Member.Length: 0 } layer)
                names.Layer(layer);
            else if (step.Block is { Field.Length: 0 } block)
                block.Field = names.Field(block);
        }
    }

    /// <summary>The class's name in a file's: letters and digits alone.</summary>
    public static string Class(string file)
    {
        var name = Words.Pascal(Path.GetFileNameWithoutExtension(file));
        return name.Length == 0 ? "Imported" : Taken.Contains(name) ? name + "Net" : name;
    }

    /// <summary>Whether a name that someone gives is one in C#.</summary>
    public static bool IsIdentifier(string name) =>
        SyntaxFacts.IsValidIdentifier(name) && SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>
    /// Names a layer, and makes what its tensors are called in the weights file its own: the layers of a stack may lie in one module, and
    /// a layer without a name may be numbered as another is called.
    /// </summary>
    private void Layer(Layer layer)
    {
        layer.Member = Member(layer);
        var wanted = layer.Path.Length > 0 ? layer.Path : TensorNames.Of(layer.Member)[0];
        if (tensors.Add(wanted))
            return;
        for (var number = 1; !tensors.Add(layer.Path = $"{wanted}.{number}"); number++)
        {
        }
    }

    private string Member(Layer layer)
    {
        if (Short(layer.Path) is { } brief && used.Add(brief))
            return brief;
        var name = Words.Pascal(layer.Path);
        if (name.Length == 0)
            return Numbered(Kinds.GetValueOrDefault(layer.Kind, layer.Kind));
        return used.Add(name) ? name : used.Add(name + Kinds.GetValueOrDefault(layer.Kind, layer.Kind))
            ? name + Kinds.GetValueOrDefault(layer.Kind, layer.Kind) : Numbered(name);
    }

    private string Field(Block block)
    {
        // Of two parts that the file calls alike, the second is called after its field.
        if (block.Path.Length > 0 && !TryTake(block.Path, block.Type.Declaration))
            block.Path = "";
        foreach (var name in new[] { Short(block.Path), Words.Pascal(block.Path) }.OfType<string>().Select(Words.Camel))
        {
            if (name.Length > 0 && SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && used.Add(name))
                return name;
        }
        var numbered = Numbered(block.Type.Name);
        return char.ToLowerInvariant(numbered[0]) + numbered[1..];
    }

    /// <summary>Takes the names of a part's layers, below its own; false, and none taken, if one has been.</summary>
    private bool TryTake(string prefix, Declaration part)
    {
        var below = Below(TensorNames.Prefix(prefix), part).ToList();
        if (below.Exists(tensors.Contains))
            return false;
        tensors.UnionWith(below);
        return true;
    }

    private static IEnumerable<string> Below(string prefix, Declaration part) =>
        part.Steps.Select(step => step.Layer).OfType<Layer>().Distinct()
            .Select(layer => prefix + (layer.Path.Length > 0 ? layer.Path : TensorNames.Of(layer.Member)[0]))
            .Concat(part.Steps.Select(step => step.Block).OfType<Block>().Distinct().SelectMany(block =>
                Below(prefix + TensorNames.Prefix(block.Path.Length > 0 ? block.Path : TensorNames.Of(block.Field)[0]),
                    block.Type.Declaration)));

    /// <summary>The shortest end of a path that says what it is, and that no other of the class ends with; null if there is none.</summary>
    private string? Short(string path) => Endings(path)
        .Where(ending => ending.Length == path.Length || IsTelling(ending.Split('.')))
        .Select(Words.Pascal).FirstOrDefault(name => name.Length > 0 && endings.GetValueOrDefault(name) < 2 && !used.Contains(name));

    // A number behind it makes a module of several, as in "layer.0".
    private static bool IsTelling(string[] parts) => parts[0].Length > 0 && !char.IsAsciiDigit(parts[0][0])
        && (!General.Contains(parts[0]) || parts.Length > 1 && parts[1].All(char.IsAsciiDigit));

    /// <summary>The last module of a path, the last two, and so on.</summary>
    private static IEnumerable<string> Endings(string path)
    {
        for (var at = path.LastIndexOf('.'); at > 0; at = path.LastIndexOf('.', at - 1))
            yield return path[(at + 1)..];
        if (path.Length > 0)
            yield return path;
    }

    private string Numbered(string word)
    {
        string name;
        do
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
            name = $"{word}{counts[word]}";
        }
        while (!used.Add(name));
        return name;
    }
}
