using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// A convolution (cross-correlation, as the field has it) over a sequence: [channels, length] to [filters, windows].
/// Weights: weight [filters, channels / groups, kernel], bias [filters].
/// </summary>
public sealed class Conv1dAttribute : WindowedAttribute
{
    /// <summary>A convolution with this many filters of this length.</summary>
    public Conv1dAttribute(int filters, int kernel) : base(filters, null, kernel, null)
    {
    }

    /// <summary>A convolution whose number of filters is the constructor parameter or readonly field of this name.</summary>
    public Conv1dAttribute(string filters, int kernel) : base(0, filters, kernel, null)
    {
    }

    /// <summary>A convolution whose window's size is the constructor parameter or readonly field of this name.</summary>
    public Conv1dAttribute(int filters, string kernel) : base(filters, null, 0, kernel)
    {
    }

    /// <summary>
    /// A convolution whose number of filters and window's size are the constructor parameters or readonly fields of these names.
    /// </summary>
    public Conv1dAttribute(string filters, string kernel) : base(0, filters, 0, kernel)
    {
    }

    /// <summary>
    /// Whether the layer reads one-hot columns, such as DNA, and its weights are to be normalised when loaded: the mean over the channels
    /// is taken out and added to the bias. Nothing changes on one-hot columns, and a reference of all zeros becomes the average letter
    /// (DeepLIFT, arXiv 1605.01713). Needs a bias, one group and no padding.
    /// </summary>
    public bool OneHot { get; init; }
}

public static partial class Nn
{
    /// <summary>
    /// Cross-correlation. x [channels, length], weight [filters, channels / groups, kernel], bias [filters] or null; gives [filters,
    /// windows].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or the settings do not fit.</exception>
    public static Tensor Conv1d(
        Tensor x, Tensor weight, Tensor? bias, int stride, int pad, int dilation, int groups, int padEnd = -1,
        PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.Rank(x, 2, nameof(Conv1d), "[channels, length]");
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Rank != 3)
            throw Expect.Refusal($"{nameof(Conv1d)} needs a weight of shape [filters, channels / groups, kernel], but was given "
                + $"{weight.Shape}.", nameof(weight));
        var across = new Sliding(nameof(Conv1d), x.Shape[1], weight.Shape[2], stride, pad, dilation, padEnd: padEnd, padding: padding);
        var y = Convolve(nameof(Conv1d), x, weight, bias, Sliding.Still(1), across, groups);
        return Tensor.Own(new Shape(weight.Shape[0], across.Count), y);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="Conv1dAttribute"/>
    public static Tensor Conv1d(
        WeightScope scope, string[] names, Tensor x, int filters, int kernel, int stride = 1, int pad = 0, int dilation = 1, int groups = 1,
        bool bias = true, bool oneHot = false, int padEnd = -1, PaddingRule padding = PaddingRule.Explicit)
    {
        var w = scope.Tensors(names, LayerParameters.Conv1d(x.Shape, filters, kernel, groups, bias));
        var (weight, offset) = (w["weight"], w.GetValueOrDefault("bias"));
        if (oneHot)
            (weight, offset) = Normalised(weight, offset!);
        return Nn.Conv1d(x, weight, offset, stride, pad, dilation, groups, padEnd, padding);
    }

    private static (Tensor Weight, Tensor Bias) Normalised(Tensor weight, Tensor bias)
    {
        var (normal, moved) = (weight.Values.ToArray(), bias.Values.ToArray());
        OneHot.Normalise(normal, moved, weight.Shape[1]);
        return (Tensor.Own(weight.Shape, normal), Tensor.Own(bias.Shape, moved));
    }
}
