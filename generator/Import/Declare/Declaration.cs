using Whence.Import.Read;

namespace Whence.Import.Declare;

/// <summary>A network as it will be declared: steps in order, inputs first.</summary>
internal sealed class Declaration
{
    public List<Step> Inputs { get; } = [];

    /// <summary>What Forward does, each step after those it reads.</summary>
    public List<Step> Steps { get; } = [];

    public List<Step> Outputs { get; } = [];
}

/// <summary>What an input of Forward holds.</summary>
internal enum InputKind
{
    Shape, Tokens, Mask,
}

/// <summary>One operand of a step.</summary>
internal abstract record Operand;

/// <summary>What another step gives; of several tensors, the one at this place.</summary>
internal sealed record FromStep(Step Step, int Part = 0) : Operand;

/// <summary>A number in the text, with the parameter's name where it is said.</summary>
internal sealed record Number(double Value, string? Name = null) : Operand;

/// <summary>A whole number in the text, with the parameter's name where it is said.</summary>
internal sealed record Whole(int Value, string? Name = null) : Operand;

/// <summary>How many positions an input of variable length has.</summary>
internal sealed record LengthOf(Step Input) : Operand;

/// <summary>A word of C# that the importer itself chose, such as <c>true</c>, with the parameter's name where it is said.</summary>
internal sealed record Literally(string Text, string? Name = null) : Operand;

/// <summary>
/// One value that Forward computes: a call of a function of Nn, of a layer or of a sub-network, an operator, or an input of it.
/// </summary>
/// <param name="word">The function's name, or one of <c>+ - * /</c>.</param>
/// <param name="axes">The axes of its value, without the batch's.</param>
internal sealed class Step(string word, int[] axes)
{
    public string Word { get; set; } = word;

    public int[] Axes { get; } = axes;

    public List<Operand> Operands { get; init; } = [];

    /// <summary>The layer that is called, or null.</summary>
    public Layer? Layer { get; init; }

    /// <summary>The sub-network that is called, or null.</summary>
    public Block? Block { get; init; }

    /// <summary>What kind of input it is, or null if it is none.</summary>
    public InputKind? Input { get; init; }

    /// <summary>The input of variable length whose positions are those along its axis 0, or null.</summary>
    public Step? Along { get; set; }

    /// <summary>How many tensors it gives.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>
    /// Whether it is a loop over the first operand's steps, from the states that the other operands are. Each step calls the layer: a
    /// cell, or else a product of the state, which the step is added to below the function that the word is. What it gives are the list of
    /// the first state after each step, and each state after the last.
    /// </summary>
    public bool IsLoop { get; init; }

    /// <summary>The steps that it reads.</summary>
    public IEnumerable<Step> Read => Operands.OfType<FromStep>().Select(operand => operand.Step);

    public bool IsOperator => Word is "+" or "-" or "*" or "/";
}

/// <summary>One argument or setting of a layer's attribute.</summary>
/// <param name="Name">The property's name, or null of an argument of the constructor.</param>
/// <param name="Value">An int, a double, a bool, or a string, which is the name of a constructor parameter.</param>
internal sealed record Setting(string? Name, object Value);

/// <summary>A layer: its attribute, and what its tensors hold.</summary>
internal sealed class Layer(string kind)
{
    /// <summary>The attribute's name.</summary>
    public string Kind { get; } = kind;

    public List<Setting> Settings { get; init; } = [];

    /// <summary>Its name in the file it came from, with dots: "encoder.layer.0.output"; empty if it has none.</summary>
    public string Path { get; set; } = "";

    /// <summary>Each tensor by the part of its name that the layer adds, such as "weight"; empty where the layer's name is all.</summary>
    public Dictionary<string, Literal> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>How many tensors it takes.</summary>
    public int Takes { get; init; } = 1;

    /// <summary>The method's name, once it is chosen.</summary>
    public string Member { get; set; } = "";

    /// <summary>Which layer of the graph it is, counted in the order in which they are said.</summary>
    public int Number { get; set; }
}

/// <summary>A sub-network of the class: the field that holds it, and what it is made with.</summary>
internal sealed class Block(BlockClass type)
{
    public BlockClass Type { get; } = type;

    /// <summary>The numbers that its constructor takes.</summary>
    public List<int> Arguments { get; } = [];

    /// <summary>Its layers, in the order of those of the class.</summary>
    public List<Layer> Layers { get; } = [];

    /// <summary>The field's name, once it is chosen.</summary>
    public string Field { get; set; } = "";

    /// <summary>Its name in the file it came from; empty if it has none.</summary>
    public string Path { get; set; } = "";
}

/// <summary>A class that several equal parts of a network are instances of.</summary>
internal sealed class BlockClass
{
    public string Name { get; set; } = "Block";

    /// <summary>Names of its constructor's parameters.</summary>
    public List<string> Parameters { get; } = [];

    /// <summary>For each parameter, what each instance gives it.</summary>
    public List<int[]> Numbers { get; } = [];

    /// <summary>Its declaration, whose layers are patterns: an instance has the tensors.</summary>
    public Declaration Declaration { get; } = new();

    public List<Block> Instances { get; } = [];
}
