using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// One step of a long short-term memory: partial (Tensor, Tensor) Name(Tensor x, Tensor h, Tensor c), x [inputs], h and c [hidden].
/// Weights as in PyTorch, gates in the order input, forget, cell, output: weight_ih [4 hidden, inputs], weight_hh [4 hidden, hidden],
/// bias_ih and bias_hh [4 hidden]. Under every DeepLIFT rule its gates are taken by Rescale and its products at midpoints, unless Rule says
/// otherwise.
/// </summary>
public sealed class LstmCellAttribute : LayerAttribute
{
    /// <summary>A cell of this many units.</summary>
    public LstmCellAttribute(int hidden) => Hidden = hidden;

    /// <summary>A cell whose number of units is the constructor parameter or readonly field of this name.</summary>
    public LstmCellAttribute(string hidden) => HiddenParameter = hidden;

    /// <summary>The number of units; 0 if a constructor parameter or field gives it.</summary>
    public int Hidden { get; }

    /// <summary>The constructor parameter or field that gives the number of units, or null.</summary>
    public string? HiddenParameter { get; }

    /// <summary>Whether the cell adds its biases.</summary>
    public bool Bias { get; init; } = true;
}

public static partial class Nn
{
    /// <summary>One step of a long short-term memory: the new h and c. Gates in the order input, forget, cell, output.</summary>
    /// <param name="x">[inputs].</param>
    /// <param name="h">[hidden].</param>
    /// <param name="c">[hidden].</param>
    /// <param name="weightIh">[4 hidden, inputs].</param>
    /// <param name="weightHh">[4 hidden, hidden].</param>
    /// <param name="biasIh">[4 hidden], or null.</param>
    /// <param name="biasHh">[4 hidden], or null.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static (Tensor H, Tensor C) LstmCell(Tensor x, Tensor h, Tensor c, Tensor weightIh, Tensor weightHh, Tensor? biasIh,
        Tensor? biasHh)
    {
        Expect.Rank(h, 1, nameof(LstmCell), "[hidden]");
        var hidden = h.Shape.Size;
        Expect.Shape(c, h.Shape, nameof(c), nameof(LstmCell));
        Expect.Shape(weightHh, new Shape(Shape.Axis(4L * hidden), hidden), nameof(weightHh), nameof(LstmCell));
        var gates = Linear(x, weightIh, biasIh) + Linear(h, weightHh, biasHh);
        Tensor Gate(int index) => Slice(gates, 0, index * hidden, hidden);
        var next = Sigmoid(Gate(1)) * c + Sigmoid(Gate(0)) * Tanh(Gate(2));
        return (Sigmoid(Gate(3)) * Tanh(next), next);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="LstmCellAttribute"/>
    public static (Tensor H, Tensor C) LstmCell(WeightScope scope, string[] names, Tensor x, Tensor h, Tensor c, int hidden,
        bool bias = true)
    {
        var w = scope.Tensors(names, LayerParameters.Cell(4, x.Shape.Size, hidden, bias));
        return Nn.LstmCell(x, h, c, w["weight_ih"], w["weight_hh"], w.GetValueOrDefault("bias_ih"), w.GetValueOrDefault("bias_hh"));
    }
}
