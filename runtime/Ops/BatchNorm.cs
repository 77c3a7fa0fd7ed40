using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// Batch normalisation as at inference, over axis 0: (x - running_mean) / sqrt(running_var + epsilon) * weight + bias.
/// Weights: weight, bias, running_mean and running_var, each [channels].
/// </summary>
public sealed class BatchNormAttribute : LayerAttribute
{
    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;
}

public static partial class Nn
{
    /// <summary>(x - mean) / sqrt(variance + epsilon) * weight + bias, each of them [channels] along axis 0 of x [channels, ...].</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or variance + epsilon is not positive.</exception>
    public static Tensor BatchNorm(Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon)
    {
        Expect.Axis(x, 0, nameof(BatchNorm));
        var channels = new Shape(x.Shape[0]);
        Expect.Shape(weight, channels, nameof(weight), nameof(BatchNorm));
        Expect.Shape(bias, channels, nameof(bias), nameof(BatchNorm));
        Expect.Shape(mean, channels, nameof(mean), nameof(BatchNorm));
        Expect.Shape(variance, channels, nameof(variance), nameof(BatchNorm));

        var area = x.Shape.Size / x.Shape[0];
        var y = new double[x.Shape.Size];
        for (var i = 0; i < y.Length; i++)
        {
            var c = i / area;
            if (!(variance.Values[c] + epsilon > 0))
                throw new ArgumentException($"{nameof(BatchNorm)} needs a variance + epsilon above 0, but channel {c} has "
                    + $"{variance.Values[c]} + {epsilon}.", nameof(variance));
            y[i] = (x.Values[i] - mean.Values[c]) / Math.Sqrt(variance.Values[c] + epsilon) * weight.Values[c] + bias.Values[c];
        }
        return Tensor.Own(x.Shape, y);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="BatchNormAttribute"/>
    public static Tensor BatchNorm(WeightScope scope, string[] names, Tensor x, double epsilon = 1e-5)
    {
        var w = scope.Tensors(names, LayerParameters.BatchNorm(x.Shape));
        return Nn.BatchNorm(x, w["weight"], w["bias"], w["running_mean"], w["running_var"], epsilon);
    }
}
