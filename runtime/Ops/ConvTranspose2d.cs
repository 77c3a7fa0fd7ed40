using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// A transposed convolution over an image, a convolution's way back: [channels, height, width] to [filters, (height - 1) stride - 2 pad +
/// dilation (kernel - 1) + output pad + 1, ...]. Weights: weight [channels, filters / groups, kernel, kernel width], bias [filters].
/// </summary>
public sealed class ConvTranspose2dAttribute : Windowed2dAttribute
{
    private readonly int? outputPadWidth;

    /// <summary>
    /// A transposed convolution with this many filters, square unless <see cref="Windowed2dAttribute.KernelWidth"/> is set.
    /// </summary>
    public ConvTranspose2dAttribute(int filters, int kernel) : base(filters, null, kernel, null)
    {
    }

    /// <summary>A transposed convolution whose number of filters is the constructor parameter or readonly field of this name.</summary>
    public ConvTranspose2dAttribute(string filters, int kernel) : base(0, filters, kernel, null)
    {
    }

    /// <summary>A transposed convolution whose window's size is the constructor parameter or readonly field of this name.</summary>
    public ConvTranspose2dAttribute(int filters, string kernel) : base(filters, null, 0, kernel)
    {
    }

    /// <summary>
    /// A transposed convolution whose number of filters and window's size are the constructor parameters or readonly fields of these names.
    /// </summary>
    public ConvTranspose2dAttribute(string filters, string kernel) : base(0, filters, 0, kernel)
    {
    }

    /// <summary>Rows added after the last; below the stride.</summary>
    public int OutputPad { get; init; }

    /// <summary>The constructor parameter or field that gives <see cref="OutputPad"/>, or null.</summary>
    public string? OutputPadParameter { get; init; }

    /// <summary>Columns added after the last; <see cref="OutputPad"/> unless set.</summary>
    public int OutputPadWidth { get => outputPadWidth ?? OutputPad; init => outputPadWidth = value; }

    /// <summary>The constructor parameter or field that gives <see cref="OutputPadWidth"/>, or null.</summary>
    public string? OutputPadWidthParameter { get; init; }
}

public static partial class Nn
{
    /// <summary>
    /// The way back through a convolution along an axis. x [channels, length], weight [channels, filters / groups, kernel], bias [filters]
    /// or null; gives [filters, (length - 1) stride - pad - padEnd + dilation (kernel - 1) + outputPad + 1].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or the settings do not fit.</exception>
    public static Tensor ConvTranspose1d(
        Tensor x, Tensor weight, Tensor? bias, int stride, int pad, int outputPad, int dilation, int groups, int padEnd = -1,
        PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.Rank(x, 2, nameof(ConvTranspose1d), "[channels, length]");
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Rank != 3)
            throw Expect.Refusal($"{nameof(ConvTranspose1d)} needs a weight of shape [channels, filters / groups, kernel], but was given "
                + $"{weight.Shape}.", nameof(weight));
        var image = Reshape(x, x.Shape[0], 1, x.Shape[1]);
        var filters = Reshape(weight, weight.Shape[0], weight.Shape[1], 1, weight.Shape[2]);
        var across = Sliding.Back(nameof(ConvTranspose1d), x.Shape[1], weight.Shape[2], stride, pad, padEnd, outputPad, dilation, padding);
        var y = ConvTranspose(nameof(ConvTranspose1d), image, filters, bias, Sliding.Still(1), across, groups);
        return Reshape(y, y.Shape[0], y.Shape[2]);
    }

    /// <summary>
    /// The way back through a convolution over an image. x [channels, height, width], weight [channels, filters / groups, kernel height,
    /// kernel width], bias [filters] or null; gives [filters, (height - 1) stride - pad - padEnd + dilation (kernel - 1) + outputPad + 1,
    /// ...].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or the settings do not fit.</exception>
    public static Tensor ConvTranspose2d(
        Tensor x, Tensor weight, Tensor? bias, int strideHeight, int strideWidth, int padHeight, int padWidth,
        int outputPadHeight, int outputPadWidth, int dilationHeight, int dilationWidth, int groups, int padHeightEnd = -1,
        int padWidthEnd = -1, PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.Rank(x, 3, nameof(ConvTranspose2d), "[channels, height, width]");
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Rank != 4)
            throw Expect.Refusal($"{nameof(ConvTranspose2d)} needs a weight of shape [channels, filters / groups, kernel height, kernel "
                + $"width], but was given {weight.Shape}.", nameof(weight));
        var down = Sliding.Back(nameof(ConvTranspose2d), x.Shape[1], weight.Shape[2], strideHeight, padHeight, padHeightEnd,
            outputPadHeight, dilationHeight, padding);
        var across = Sliding.Back(nameof(ConvTranspose2d), x.Shape[2], weight.Shape[3], strideWidth, padWidth, padWidthEnd, outputPadWidth,
            dilationWidth, padding);
        return ConvTranspose(nameof(ConvTranspose2d), x, weight, bias, down, across, groups);
    }

    private static Tensor ConvTranspose(string op, Tensor x, Tensor weight, Tensor? bias, Sliding down, Sliding across, int groups)
    {
        var (channels, each) = (x.Shape[0], weight.Shape[1]);
        Expect.AtLeast(1, groups, nameof(groups), op);
        if (channels % groups != 0)
            throw Expect.Refusal($"{op} splits {channels} channels into {groups} groups; they must be divisible by it.", nameof(groups));
        Expect.Shape(weight, weight.Shape.With(0, channels), nameof(weight), op);
        if (bias is not null)
            Expect.Shape(bias, new Shape(each * groups), nameof(bias), op);
        var (height, width) = (down.Length, across.Length);
        var y = new double[new Shape(Shape.Axis((long)each * groups), height, width).Size];
        for (var i = 0; bias is not null && i < y.Length; i++)
            y[i] = bias.Values[i / (height * width)];
        for (var i = 0; i < x.Shape.Size; i++)
        {
            var (channel, row, column) = (i / (x.Shape[1] * x.Shape[2]), i / x.Shape[2] % x.Shape[1], i % x.Shape[2]);
            for (var k = 0; k < weight.Shape.Size / channels; k++)
            {
                var (filter, h, w) = (k / (down.Kernel * across.Kernel), down.Index(row, k / across.Kernel % down.Kernel),
                    across.Index(column, k % across.Kernel));
                if (h >= 0 && w >= 0)
                    y[((channel / (channels / groups) * each + filter) * height + h) * width + w] +=
                        x.Values[i] * weight.Values[channel * (weight.Shape.Size / channels) + k];
            }
        }
        return Tensor.Own(new Shape(each * groups, height, width), y);
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="ConvTranspose2dAttribute"/>
    public static Tensor ConvTranspose2d(
        WeightScope scope, string[] names, Tensor x, int filters, int kernel, int stride = 1, int pad = 0, int outputPad = 0,
        int dilation = 1,
        int groups = 1, bool bias = true, int kernelWidth = 0, int strideWidth = 0, int padWidth = -1, int outputPadWidth = -1,
        int dilationWidth = 0, int padEnd = -1, int padWidthEnd = -1, PaddingRule padding = PaddingRule.Explicit)
    {
        var w = scope.Tensors(names, LayerParameters.ConvTranspose2d(x.Shape, filters, kernel, kernelWidth, groups, bias));
        var (padLeft, padRight) = Across(pad, padEnd, padWidth, padWidthEnd);
        return Nn.ConvTranspose2d(x, w["weight"], w.GetValueOrDefault("bias"), stride, strideWidth > 0 ? strideWidth : stride, pad, padLeft,
            outputPad, outputPadWidth >= 0 ? outputPadWidth : outputPad, dilation, dilationWidth > 0 ? dilationWidth : dilation, groups,
            padEnd, padRight, padding);
    }
}
