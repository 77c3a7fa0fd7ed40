using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// Maxout (Goodfellow et al., arXiv 1302.4389): each output is the largest of several linear pieces, [inputs] to [outputs]. Weights: weight
/// [outputs * pieces, inputs] and bias [outputs * pieces], an output's pieces side by side.
/// </summary>
public sealed class MaxoutAttribute : LayerAttribute
{
    /// <summary>A layer with this many outputs, each the largest of so many pieces.</summary>
    public MaxoutAttribute(int outputs, int pieces) => (Outputs, Pieces) = (outputs, pieces);

    /// <summary>Outputs.</summary>
    public int Outputs { get; }

    /// <summary>Linear pieces of each output.</summary>
    public int Pieces { get; }

    /// <summary>Whether there is a bias.</summary>
    public bool Bias { get; init; } = true;
}

public static partial class Nn
{
    /// <summary>
    /// For each output the largest of its pieces of weight x + bias; x [inputs], weight [outputs * pieces, inputs], an output's pieces side
    /// by side.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Maxout(Tensor x, Tensor weight, Tensor? bias, int pieces)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (pieces < 1 || weight.Shape.Rank == 0 || weight.Shape[0] % pieces != 0)
            throw Expect.Refusal($"{nameof(Maxout)} needs pieces that divide the rows of its weight {weight.Shape}, but was given "
                + $"{pieces}.", nameof(pieces));
        var all = Linear(x, weight, bias).Values;
        var y = new double[all.Length / pieces];
        Array.Fill(y, double.NegativeInfinity);
        for (var i = 0; i < all.Length; i++)
            y[i / pieces] = Math.Max(y[i / pieces], all[i]);
        return Tensor.Own(new Shape(y.Length), y);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="MaxoutAttribute"/>
    public static Tensor Maxout(WeightScope scope, string[] names, Tensor x, int outputs, int pieces, bool bias = true)
    {
        var w = scope.Tensors(names, LayerParameters.Maxout(x.Shape, outputs, pieces, bias));
        return Nn.Maxout(x, w["weight"], w.GetValueOrDefault("bias"), pieces);
    }
}
