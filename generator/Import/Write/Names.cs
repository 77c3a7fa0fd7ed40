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
        ["MultiHeadAttention"] = "Attention", ["Lstm"] = "Recur", ["Gru"] = "Recur", ["Embedding"] = "Table",
    };

    private readonly HashSet<string> used;
    private readonly HashSet<string> tensors = [];
    private readonly Dictionary<string, int> counts = [];

    private Names(string type) => used = new(Taken, StringComparer.OrdinalIgnoreCase) { type, type + "Compiled" };

    /// <summary>Names the layers of a class, and its fields, in the order of their calls.</summary>
    /// <param name="type">The class's name.</param>
    /// <param name="declaration">Its steps.</param>
    public static void Give(string type, Declaration declaration)
    {
        var names = new Names(type);
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
        var name = Words.Pascal(layer.Path);
        if (name.Length == 0)
            return Numbered(Kinds.GetValueOrDefault(layer.Kind, layer.Kind));
        return used.Add(name) ? name : used.Add(name + Kinds.GetValueOrDefault(layer.Kind, layer.Kind))
            ? name + Kinds.GetValueOrDefault(layer.Kind, layer.Kind) : Numbered(name);
    }

    private string Field(Block block)
    {
        var name = Words.Camel(block.Path);
        if (name.Length > 0 && SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && used.Add(name))
            return name;
        name = Numbered(block.Type.Name);
        return char.ToLowerInvariant(name[0]) + name[1..];
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
