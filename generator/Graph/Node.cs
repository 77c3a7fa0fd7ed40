using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Graphs;

/// <summary>One value of a network: an operator applied to earlier values, for one example.</summary>
internal sealed record Node(Op Op, EquatableArray<int> Inputs, Settings Settings)
{
    /// <summary>The value's shape in the user's axis order; null until checked.</summary>
    public Shape? Shape { get; init; }

    /// <summary>
    /// What the user calls the value: an input, a local variable ("hidden", "block.hidden" within a sub-network), or null.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// What the user calls the value where several runs of a method or of a sub-network have a local of that name: "hidden.2", the
    /// second's.
    /// </summary>
    public string? SharedName { get; init; }

    /// <summary>The layer this node calls, which owns its weights; null for an operator without.</summary>
    public Layer? Layer { get; init; }

    /// <summary>The function an elementwise node applies.</summary>
    public Function? Function { get; init; }

    /// <summary>The rule the user put on this value's layer, for the activations directly above it.</summary>
    public RuleChoice Rule { get; init; }

    /// <summary>What a derived elementwise node computes of its inputs.</summary>
    public Expr? Expr { get; init; }

    /// <summary>The weights a core operator reads.</summary>
    public WeightSource? Weights { get; init; }

    /// <summary>Of a node derived for the way back: the forward node it goes back through; -1 for all others.</summary>
    public int Position { get; init; } = -1;

    /// <summary>The scan that the node is computed in, once a step; null outside of any.</summary>
    public Scan? Scan { get; init; }

    /// <summary>Of a derived node: what it is called and what is said of it in emitted code.</summary>
    public Wording Said { get; init; }

    /// <summary>The user's own words for this value, for comments in emitted code: "Relu(Conv1(image))".</summary>
    public string? Text { get; init; }
}

/// <summary>
/// A layer as it is called from the compiled network. <paramref name="Path"/> is the way from the network's class to the layer
/// method, through sub-network fields: "Conv1", "block3a.One". <paramref name="TensorNames"/> are the names its tensors may have
/// in a weights file, without the last part (".weight"), the preferred first: "block3a.one".
/// </summary>
internal sealed record Layer(string Path, EquatableArray<string> TensorNames);

/// <summary>
/// The rule chosen for an activation. The values after Inherit are those of the runtime's Rule, then what only tests and comparisons ask
/// for.
/// </summary>
internal enum RuleChoice
{
    Inherit,
    Rescale,
    RevealCancel,
    Gradient,
    GuidedBackprop,
}

/// <summary>
/// Where a core operator's weights come from: a layer's tensors; those of a BatchNorm folded into it, if any; and whether it takes
/// their absolute values (RevealCancel's second product).
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Bias">Whether the operator adds a bias, the layer's own or a folded BatchNorm's; derived operators never do.</param>
internal sealed record WeightSource(Layer Layer, bool Bias)
{
    /// <summary>The last part of the weight's name in the file: "weight", "weight_ih_l0".</summary>
    public string Weight { get; init; } = "weight";

    /// <summary>The weight's shape in the file, as the layer's <see cref="Op.Parameters"/> says it.</summary>
    public required Shape Shape { get; init; }

    /// <summary>The last parts of the names of the tensors whose sum is the bias.</summary>
    public EquatableArray<string> Biases { get; init; } = EquatableArray.Of("bias");

    /// <summary>How many numbers the bias has; 0 for as many as the weight's first axis.</summary>
    public int Biased { get; init; }

    /// <summary>Whether the layer itself has a bias in the file.</summary>
    public bool LayerBias { get; init; } = Bias;

    public Layer? Norm { get; init; }

    public double Epsilon { get; init; }

    public bool Absolute { get; init; }

    /// <summary>Whether the weights are normalised for one-hot inputs.</summary>
    public bool OneHot { get; init; }
}

/// <summary>What a weight operand of an elementwise step holds: one number a channel, or one for each place of the last axes.</summary>
internal enum WeightKind
{
    /// <summary>PRelu's slope below zero.</summary>
    Slope,

    /// <summary>BatchNorm's gamma / sqrt(var + epsilon).</summary>
    Scale,

    /// <summary>BatchNorm's beta - mean * gamma / sqrt(var + epsilon).</summary>
    Shift,

    /// <summary>A normalisation's weight as it is.</summary>
    Gain,

    /// <summary>A normalisation's bias as it is.</summary>
    Offset,

    /// <summary>A tensor as it is, spread over the value's shape.</summary>
    Tensor,

    /// <summary>Rows of a table.</summary>
    Rows,
}
