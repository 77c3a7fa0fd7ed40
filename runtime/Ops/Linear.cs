using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// A dense layer along the last axis, y = W x + b: [..., inputs] to [..., outputs]. Weights: weight [outputs, inputs], bias [outputs].
/// </summary>
public sealed class LinearAttribute : LayerAttribute
{
    /// <summary>A dense layer with this many outputs.</summary>
    public LinearAttribute(int outputs) => Outputs = outputs;

    /// <summary>A dense layer whose number of outputs is the constructor parameter or readonly field of this name.</summary>
    public LinearAttribute(string outputs) => OutputsParameter = outputs;

    /// <summary>The number of outputs; 0 if a constructor parameter or field gives it.</summary>
    public int Outputs { get; }

    /// <summary>The constructor parameter or field that gives the number of outputs, or null.</summary>
    public string? OutputsParameter { get; }

    /// <summary>Whether the layer adds a bias.</summary>
    public bool Bias { get; init; } = true;
}

public static partial class Nn
{
    /// <summary>
    /// y = W x + b along the last axis. x [..., inputs], weight [outputs, inputs], bias [outputs] or null; y [..., outputs].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (x.Shape.Rank == 0)
            throw Expect.Refusal("Linear takes [..., features], but was given [], which is a scalar.", nameof(x));
        var inputs = x.Shape[x.Shape.Rank - 1];
        var outputs = weight.Shape.Rank == 2 ? weight.Shape[0] : 1;
        Expect.Shape(weight, new Shape(outputs, inputs), nameof(weight), nameof(Linear));
        if (bias is not null)
            Expect.Shape(bias, new Shape(outputs), nameof(bias), nameof(Linear));

        var shape = x.Shape.With(x.Shape.Rank - 1, outputs);
        var y = new double[shape.Size];
        for (var k = 0; k < y.Length; k++)
        {
            var (position, o) = Math.DivRem(k, outputs);
            var sum = 0.0;
            for (var i = 0; i < inputs; i++)
                sum += x.Values[position * inputs + i] * weight.Values[o * inputs + i];
            y[k] = sum + (bias is null ? 0 : bias.Values[o]);
        }
        return Tensor.Own(shape, y);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="LinearAttribute"/>
    public static Tensor Linear(WeightScope scope, string[] names, Tensor x, int outputs, bool bias = true)
    {
        var w = scope.Tensors(names, LayerParameters.Linear(x.Shape, outputs, bias));
        return Nn.Linear(x, w["weight"], w.GetValueOrDefault("bias"));
    }
}
