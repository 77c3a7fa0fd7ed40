using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// One step of a gated recurrent unit: partial Tensor Name(Tensor x, Tensor h), x [inputs], h [hidden]. Weights as in PyTorch, gates in the
/// order reset, update, new: weight_ih [3 hidden, inputs], weight_hh [3 hidden, hidden], bias_ih and bias_hh [3 hidden].
/// Under every DeepLIFT rule its gates are taken by Rescale and its products at midpoints, unless Rule says otherwise.
/// </summary>
public sealed class GruCellAttribute : LayerAttribute
{
    /// <summary>A cell of this many units.</summary>
    public GruCellAttribute(int hidden) => Hidden = hidden;

    /// <summary>A cell whose number of units is the constructor parameter or readonly field of this name.</summary>
    public GruCellAttribute(string hidden) => HiddenParameter = hidden;

    /// <summary>The number of units; 0 if a constructor parameter or field gives it.</summary>
    public int Hidden { get; }

    /// <summary>The constructor parameter or field that gives the number of units, or null.</summary>
    public string? HiddenParameter { get; }

    /// <summary>Whether the cell adds its biases.</summary>
    public bool Bias { get; init; } = true;

    /// <inheritdoc cref="GruAttribute.ResetAfter"/>
    public bool ResetAfter { get; init; } = true;
}

public static partial class Nn
{
    /// <summary>
    /// One step of a gated recurrent unit: (1 - z) n + z h, with n = tanh(W_in x + b_in + r (W_hn h + b_hn)), or, where the reset is before
    /// the product, n = tanh(W_in x + b_in + W_hn (r h) + b_hn). Gates in the order reset, update, new.
    /// </summary>
    /// <param name="x">[inputs].</param>
    /// <param name="h">[hidden].</param>
    /// <param name="weightIh">[3 hidden, inputs].</param>
    /// <param name="weightHh">[3 hidden, hidden].</param>
    /// <param name="biasIh">[3 hidden], or null.</param>
    /// <param name="biasHh">[3 hidden], or null.</param>
    /// <param name="resetAfter">Whether the reset gate r is laid on the state's product, and not on the state.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor GruCell(Tensor x, Tensor h, Tensor weightIh, Tensor weightHh, Tensor? biasIh, Tensor? biasHh,
        bool resetAfter = true)
    {
        Expect.Rank(h, 1, nameof(GruCell), "[hidden]");
        var hidden = h.Shape.Size;
        Expect.Shape(weightHh, new Shape(3 * hidden, hidden), nameof(weightHh), nameof(GruCell));
        var (given, kept) = (Linear(x, weightIh, biasIh), Linear(h, weightHh, biasHh));
        Tensor Gate(Tensor gates, int index) => Slice(gates, 0, index * hidden, hidden);
        var reset = Sigmoid(Gate(given, 0) + Gate(kept, 0));
        var update = Sigmoid(Gate(given, 1) + Gate(kept, 1));
        var old = resetAfter ? reset * Gate(kept, 2) : Gate(Linear(reset * h, weightHh, biasHh), 2);
        var fresh = Tanh(Gate(given, 2) + old);
        return (1 - update) * fresh + update * h;
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="GruCellAttribute"/>
    public static Tensor GruCell(WeightScope scope, string[] names, Tensor x, Tensor h, int hidden, bool bias = true,
        bool resetAfter = true)
    {
        var w = scope.Tensors(names, LayerParameters.Cell(3, x.Shape.Size, hidden, bias));
        return Nn.GruCell(x, h, w["weight_ih"], w["weight_hh"], w.GetValueOrDefault("bias_ih"), w.GetValueOrDefault("bias_hh"),
            resetAfter);
    }
}
