using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// A gated recurrent unit over a sequence [steps, inputs], from zero: the states of all steps, [steps, hidden], or with
/// <see cref="LastState"/> the last one, [hidden]. Weights as in PyTorch: weight_ih_l0 [3 hidden, inputs], weight_hh_l0, bias_ih_l0,
/// bias_hh_l0, with _reverse for the other direction and l1, l2, ... above; gates in the order reset, update, new.
/// Under every DeepLIFT rule its gates are taken by Rescale and its products at midpoints, unless Rule says otherwise.
/// </summary>
public sealed class GruAttribute : LayerAttribute
{
    /// <summary>A recurrence of this many units.</summary>
    public GruAttribute(int hidden) => Hidden = hidden;

    /// <summary>A recurrence whose number of units is the constructor parameter or readonly field of this name.</summary>
    public GruAttribute(string hidden) => HiddenParameter = hidden;

    /// <summary>The number of units in each direction; 0 if a constructor parameter or field gives it.</summary>
    public int Hidden { get; }

    /// <summary>The constructor parameter or field that gives the number of units, or null.</summary>
    public string? HiddenParameter { get; }

    /// <summary>How many lie one above the other.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>
    /// Whether each layer also runs from the last step to the first; its states follow those of the other direction, [steps, 2 hidden].
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>
    /// Whether only the states after a direction's last step are returned, those of the highest layer: [hidden], or [2 hidden].
    /// </summary>
    public bool LastState { get; init; }

    /// <summary>Whether the gates add their biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// Whether the reset gate is laid on the state's product, r (W_hn h + b_hn), as PyTorch, cuDNN and Keras' reset_after have it; if not,
    /// on the state before it, W_hn (r h) + b_hn, as ONNX has it with linear_before_reset = 0 (Cho et al. 2014, arXiv 1406.1078), for
    /// which a step takes a second product.
    /// </summary>
    public bool ResetAfter { get; init; } = true;
}

public static partial class Nn
{
    /// <summary>A gated recurrent unit over a sequence, from zero.</summary>
    /// <param name="sequence">[steps, inputs].</param>
    /// <param name="weights">For each layer, and in it for each direction: weight_ih, weight_hh and, with a bias, bias_ih and
    /// bias_hh.</param>
    /// <param name="layers">How many lie one above the other.</param>
    /// <param name="bidirectional">Whether each also runs from the last step to the first.</param>
    /// <param name="lastState">Whether to return only the highest layer's states after each direction's last step.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="resetAfter">Whether the reset gate is laid on the state's product, and not on the state.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Gru(Tensor sequence, IReadOnlyList<Tensor> weights, int layers = 1, bool bidirectional = false,
        bool lastState = false, bool bias = true, bool resetAfter = true) =>
        Run(nameof(Gru), sequence, weights, layers, bidirectional, lastState, bias, 3, 1,
            (x, state, w) => [GruCell(x, state[0], w[0]!, w[1]!, w[2], w[3], resetAfter)]);
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="GruAttribute"/>
    public static Tensor Gru(WeightScope scope, string[] names, Tensor sequence, int hidden, int layers = 1, bool bidirectional = false,
        bool lastState = false, bool bias = true, bool resetAfter = true)
    {
        var w = scope.Tensors(names, LayerParameters.Recurrence(3, sequence.Shape[1], hidden, layers, bidirectional, bias));
        return Nn.Gru(sequence, [.. w.Values], layers, bidirectional, lastState, bias, resetAfter);
    }
}
