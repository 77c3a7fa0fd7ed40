using Whence.Import.Read;

namespace Whence.Import.Fold;

/// <summary>A value of a folded graph: a constant, or what an operator makes of the inputs.</summary>
internal sealed class Value(string name, ElementType type, int[]? axes)
{
    public string Name { get; } = name;

    public ElementType Type { get; } = type;

    /// <summary>Its axes as ONNX has them, the batch's included; null where they could not be found.</summary>
    public int[]? Axes { get; } = axes;

    public Literal? Constant { get; init; }

    /// <summary>Whether it is an input of variable length.</summary>
    public bool IsVariable { get; init; }

    /// <summary>What makes it; null of an input or a constant.</summary>
    public Op? Maker { get; set; }

    public bool IsLive => Constant is null;

    public int Rank => Axes!.Length;

    public int Count => Literal.CountOf(Axes!);
}

/// <summary>An operator of a folded graph, at least one of whose inputs is no constant.</summary>
internal sealed class Op(string type, string title, long opset)
{
    /// <summary>ONNX's name of it, or, of an idiom, Whence's.</summary>
    public string Type { get; } = type;

    public string Domain { get; init; } = "";

    /// <summary>The node's name, or what else to call it in a message.</summary>
    public string Title { get; } = title;

    /// <summary>The version of the operators' set that the model is written in.</summary>
    public long Opset { get; } = opset;

    public IReadOnlyDictionary<string, ModelAttribute> Attributes { get; init; } = new Dictionary<string, ModelAttribute>();

    public List<Value?> Inputs { get; init; } = [];

    public List<Value?> Outputs { get; } = [];

    /// <summary>Why it cannot be followed, or null.</summary>
    public Finding? Fault { get; set; }

    public Value Output => Outputs[0]!;

    /// <summary>The input at this place, or null if there is none.</summary>
    public Value? In(int place) => place < Inputs.Count ? Inputs[place] : null;

    public bool Has(string attribute) => Attributes.ContainsKey(attribute);

    public long Whole(string attribute, long otherwise) => Attributes.GetValueOrDefault(attribute)?.Whole ?? otherwise;

    public double Number(string attribute, double otherwise) =>
        Attributes.GetValueOrDefault(attribute)?.Single is { } number ? Shortest(number) : otherwise;

    public string Text(string attribute, string otherwise) => Attributes.GetValueOrDefault(attribute)?.Text ?? otherwise;

    /// <summary>The whole numbers of an attribute, or null if the node does not have it.</summary>
    public int[]? Wholes(string attribute) => Attributes.TryGetValue(attribute, out var setting)
        ? [.. setting.Wholes.Select(number => (int)Math.Clamp(number, int.MinValue, int.MaxValue))] : null;

    /// <summary>Whole numbers that older versions have as an attribute and newer ones as an input; null if it has neither.</summary>
    /// <exception cref="FaultException">The input is not a constant.</exception>
    public int[]? Wholes(string attribute, int input) => Wholes(attribute)
        ?? Known(input, attribute)?.Wholes().Select(number => (int)Math.Clamp(number, int.MinValue, int.MaxValue)).ToArray();

    /// <summary>The constant at this place, or null if the node has no such input.</summary>
    /// <exception cref="FaultException">The input is not a constant.</exception>
    public Literal? Known(int input, string what) => In(input) is not { } value ? null
        : value.Constant
            ?? throw new FaultException($"its {what} depends on the input", "Where that is an input of the model, give it: --set.");

    public Finding Finding(string why, string remedy = "") => new(Title, Type, why, remedy);

    /// <summary>The double that reads as the shortest decimal that gives this single: 1e-12, not 9.999999960041972e-13.</summary>
    public static double Shortest(float number) =>
        double.Parse(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A model without what is known beforehand: shapes, constants, branches.</summary>
/// <param name="Inputs">What is not a constant, in the file's order.</param>
/// <param name="Ops">What the outputs need, each after what it reads.</param>
/// <param name="Outputs">What is asked for.</param>
/// <param name="Notes">What was left out or taken to be, as sentences.</param>
/// <param name="Faults">What could not be followed; empty if all could.</param>
internal sealed record FoldedGraph(List<Value> Inputs, List<Op> Ops, List<Value> Outputs, List<string> Notes, List<Finding> Faults)
{
    /// <summary>
    /// All that the model takes, in the file's order: also inputs that no output needs, and those that are set, as constants.
    /// </summary>
    public required IReadOnlyList<Value> Taken { get; init; }

    /// <summary>What the nodes of the model's own graph compute of the inputs, in the file's order.</summary>
    public required IReadOnlyList<Computed> Computed { get; init; }

    /// <summary>What each output is called in the model.</summary>
    public required IReadOnlyList<string> OutputNames { get; init; }
}

/// <summary>A value that a node of the model's own graph computes.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Node">What to call the node in a message.</param>
/// <param name="Operator">The node's operator.</param>
/// <param name="Value">The value, which a node within a branch or a function may be the maker of.</param>
internal sealed record Computed(string Name, string Node, string Operator, Value Value);
