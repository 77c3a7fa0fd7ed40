using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// Layer normalisation (Ba et al., arXiv 1607.06450) over the last axes of each example: (x - mean) / sqrt(variance + epsilon) * weight +
/// bias. Weights: weight and bias of the shape of those axes.
/// </summary>
public sealed class LayerNormAttribute : LayerAttribute
{
    /// <summary>How many of the last axes are normalised together.</summary>
    public int Axes { get; init; } = 1;

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether there are a weight and a bias.</summary>
    public bool Affine { get; init; } = true;

    /// <summary>Whether there is a bias beside the weight.</summary>
    public bool Bias { get; init; } = true;
}

/// <summary>
/// Root-mean-square normalisation (Zhang and Sennrich, arXiv 1910.07467) over the last axes of each example:
/// x / sqrt(mean of squares + epsilon) * weight. Weight: weight of the shape of those axes.
/// </summary>
public sealed class RmsNormAttribute : LayerAttribute
{
    /// <summary>How many of the last axes are normalised together.</summary>
    public int Axes { get; init; } = 1;

    /// <summary>Added to the mean of squares. PyTorch's own default is the precision of the type; checkpoints name theirs.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether there is a weight.</summary>
    public bool Affine { get; init; } = true;
}

/// <summary>
/// Group normalisation (Wu and He, arXiv 1803.08494): the channels in groups, each (x - mean) / sqrt(variance + epsilon) over its channels
/// and their places, then weight and bias by channel. Weights: weight [channels], bias [channels].
/// </summary>
public sealed class GroupNormAttribute : LayerAttribute
{
    /// <summary>Normalises the channels in so many groups.</summary>
    public GroupNormAttribute(int groups) => Groups = groups;

    /// <summary>Groups into which the channels are divided.</summary>
    public int Groups { get; }

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether there are a weight and a bias.</summary>
    public bool Affine { get; init; } = true;
}

/// <summary>
/// Instance normalisation (Ulyanov et al., arXiv 1607.08022): each channel on its own, (x - mean) / sqrt(variance + epsilon) over its
/// places. Weights, if affine: weight [channels], bias [channels].
/// </summary>
public sealed class InstanceNormAttribute : LayerAttribute
{
    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether there are a weight and a bias; PyTorch's default is neither.</summary>
    public bool Affine { get; init; }
}

public static partial class Nn
{
    /// <summary>
    /// (x - mean) / sqrt(variance + epsilon) over the last axes, times weight and plus bias, where given, of those axes' shape.
    /// </summary>
    /// <exception cref="ArgumentException">x has fewer axes, or the shapes do not fit.</exception>
    public static Tensor LayerNorm(Tensor x, Tensor? weight, Tensor? bias, int axes = 1, double epsilon = 1e-5)
    {
        var size = Last(x, weight, bias, axes, nameof(LayerNorm));
        return Normalised(x, size, epsilon, centred: true,
            (i, value) => value * (weight?.Values[i % size] ?? 1) + (bias?.Values[i % size] ?? 0));
    }

    /// <summary>x / sqrt(mean of squares + epsilon) over the last axes, times a weight, where given, of those axes' shape.</summary>
    /// <exception cref="ArgumentException">x has fewer axes, or the shapes do not fit.</exception>
    public static Tensor RmsNorm(Tensor x, Tensor? weight, int axes = 1, double epsilon = 1e-5)
    {
        var size = Last(x, weight, null, axes, nameof(RmsNorm));
        return Normalised(x, size, epsilon, centred: false, (i, value) => value * (weight?.Values[i % size] ?? 1));
    }

    /// <summary>
    /// (x - mean) / sqrt(variance + epsilon) over each of the groups of channels of x [channels, ...], then weight and bias [channels],
    /// where given.
    /// </summary>
    /// <exception cref="ArgumentException">The groups do not divide the channels, or the shapes do not fit.</exception>
    public static Tensor GroupNorm(Tensor x, Tensor? weight, Tensor? bias, int groups, double epsilon = 1e-5) =>
        ByChannel(x, weight, bias, groups, epsilon, nameof(GroupNorm));

    /// <summary>
    /// (x - mean) / sqrt(variance + epsilon) over each channel of x [channels, ...], then weight and bias [channels], where given.
    /// </summary>
    /// <exception cref="ArgumentException">x has no axis beside the channels, or the shapes do not fit.</exception>
    public static Tensor InstanceNorm(Tensor x, Tensor? weight, Tensor? bias, double epsilon = 1e-5)
    {
        Expect.Axis(x, 1, nameof(InstanceNorm));
        return ByChannel(x, weight, bias, x.Shape[0], epsilon, nameof(InstanceNorm));
    }

    private static int Last(Tensor x, Tensor? weight, Tensor? bias, int axes, string op)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (axes < 1 || axes > x.Shape.Rank)
            throw Expect.Refusal($"{op} needs from 1 to {x.Shape.Rank} of the axes of {x.Shape}, but was given {axes}.", nameof(axes));
        var last = new Shape(x.Shape.ToArray()[^axes..]);
        if (weight is not null)
            Expect.Shape(weight, last, nameof(weight), op);
        if (bias is not null)
            Expect.Shape(bias, last, nameof(bias), op);
        return last.Size;
    }

    private static Tensor ByChannel(Tensor x, Tensor? weight, Tensor? bias, int groups, double epsilon, string op)
    {
        Expect.Axis(x, 0, op);
        if (groups < 1 || x.Shape[0] % groups != 0)
            throw Expect.Refusal($"{op} needs groups that divide the {x.Shape[0]} channels of {x.Shape}, but was given {groups}.",
                nameof(groups));
        var channels = new Shape(x.Shape[0]);
        if (weight is not null)
            Expect.Shape(weight, channels, nameof(weight), op);
        if (bias is not null)
            Expect.Shape(bias, channels, nameof(bias), op);
        var area = x.Shape.Size / x.Shape[0];
        return Normalised(x, x.Shape.Size / groups, epsilon, centred: true,
            (i, value) => value * (weight?.Values[i / area] ?? 1) + (bias?.Values[i / area] ?? 0));
    }

    // Stretches of so many elements, each on its own.
    private static Tensor Normalised(Tensor x, int size, double epsilon, bool centred, Func<int, double, double> affine)
    {
        var y = new double[x.Shape.Size];
        for (var start = 0; start < y.Length; start += size)
        {
            var stretch = x.Values.Slice(start, size);
            var (mean, squares) = (0.0, 0.0);
            foreach (var value in stretch)
                mean += centred ? value / size : 0;
            foreach (var value in stretch)
                squares += (value - mean) * (value - mean) / size;
            for (var i = start; i < start + size; i++)
                y[i] = affine(i, (x.Values[i] - mean) / Math.Sqrt(squares + epsilon));
        }
        return Tensor.Own(x.Shape, y);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="LayerNormAttribute"/>
    public static Tensor LayerNorm(WeightScope scope, string[] names, Tensor x, int axes = 1, double epsilon = 1e-5, bool affine = true,
        bool bias = true)
    {
        var w = scope.Tensors(names, LayerParameters.LayerNorm(x.Shape, axes, affine, bias));
        return Nn.LayerNorm(x, w.GetValueOrDefault("weight"), w.GetValueOrDefault("bias"), axes, epsilon);
    }

    /// <inheritdoc cref="RmsNormAttribute"/>
    public static Tensor RmsNorm(WeightScope scope, string[] names, Tensor x, int axes = 1, double epsilon = 1e-5, bool affine = true)
    {
        var w = scope.Tensors(names, LayerParameters.RmsNorm(x.Shape, axes, affine));
        return Nn.RmsNorm(x, w.GetValueOrDefault("weight"), axes, epsilon);
    }

    /// <inheritdoc cref="GroupNormAttribute"/>
    public static Tensor GroupNorm(WeightScope scope, string[] names, Tensor x, int groups, double epsilon = 1e-5, bool affine = true)
    {
        var w = scope.Tensors(names, LayerParameters.GroupNorm(x.Shape, affine));
        return Nn.GroupNorm(x, w.GetValueOrDefault("weight"), w.GetValueOrDefault("bias"), groups, epsilon);
    }

    /// <inheritdoc cref="InstanceNormAttribute"/>
    public static Tensor InstanceNorm(WeightScope scope, string[] names, Tensor x, double epsilon = 1e-5, bool affine = false)
    {
        var w = scope.Tensors(names, LayerParameters.InstanceNorm(x.Shape, affine));
        return Nn.InstanceNorm(x, w.GetValueOrDefault("weight"), w.GetValueOrDefault("bias"), epsilon);
    }
}
