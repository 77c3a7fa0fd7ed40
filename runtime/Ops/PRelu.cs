using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// Parametric ReLU (He et al. 2015): x where positive, else a learned slope times x. Weight: weight [1], or [channels] along axis 0.
/// </summary>
public sealed class PReluAttribute : LayerAttribute
{
    /// <summary>One slope a channel instead of one for all.</summary>
    public bool PerChannel { get; init; }
}

public static partial class Nn
{
    /// <summary>x where positive, else weight * x; weight [1] for all, or [channels] along axis 0 of x.</summary>
    /// <exception cref="ArgumentException">The weight is neither [1] nor [channels].</exception>
    public static Tensor PRelu(Tensor x, Tensor weight)
    {
        Expect.Axis(x, 0, nameof(PRelu));
        ArgumentNullException.ThrowIfNull(weight);
        if (!weight.Shape.Equals(new Shape(1)))
            Expect.Shape(weight, new Shape(x.Shape[0]), nameof(weight), nameof(PRelu));

        var area = x.Shape.Size / weight.Shape.Size;
        var y = new double[x.Shape.Size];
        for (var i = 0; i < y.Length; i++)
            y[i] = Sloped(x.Values[i], weight.Values[i / area]);
        return Tensor.Own(x.Shape, y);
    }

    // 0 times minus infinity would be no number.
    private static double Sloped(double x, double slope) => x > 0 ? x : slope == 0 ? Math.Max(x, 0) : slope * x;
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="PReluAttribute"/>
    public static Tensor PRelu(WeightScope scope, string[] names, Tensor x, bool perChannel = false) =>
        Nn.PRelu(x, scope.Tensors(names, LayerParameters.PRelu(x.Shape, perChannel))["weight"]);
}
