using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// A convolution (cross-correlation, as the field has it) over an image: [channels, height, width] to [filters, rows of
/// windows, columns of windows]. Weights: weight [filters, channels / groups, kernel height, kernel width], bias [filters].
/// </summary>
public sealed class Conv2dAttribute : Windowed2dAttribute
{
    /// <summary>A convolution with this many filters, square unless <see cref="Windowed2dAttribute.KernelWidth"/> is set.</summary>
    public Conv2dAttribute(int filters, int kernel) : base(filters, null, kernel, null)
    {
    }

    /// <summary>A convolution whose number of filters is the constructor parameter or readonly field of this name.</summary>
    public Conv2dAttribute(string filters, int kernel) : base(0, filters, kernel, null)
    {
    }

    /// <summary>A convolution whose window's size is the constructor parameter or readonly field of this name.</summary>
    public Conv2dAttribute(int filters, string kernel) : base(filters, null, 0, kernel)
    {
    }

    /// <summary>
    /// A convolution whose number of filters and window's size are the constructor parameters or readonly fields of these names.
    /// </summary>
    public Conv2dAttribute(string filters, string kernel) : base(0, filters, 0, kernel)
    {
    }
}

public static partial class Nn
{
    /// <summary>
    /// Cross-correlation. x [channels, height, width], weight [filters, channels / groups, kernel height, kernel width], bias [filters] or
    /// null.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or the settings do not fit.</exception>
    public static Tensor Conv2d(
        Tensor x, Tensor weight, Tensor? bias, int strideHeight, int strideWidth, int padHeight, int padWidth,
        int dilationHeight, int dilationWidth, int groups, int padHeightEnd = -1, int padWidthEnd = -1,
        PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.Rank(x, 3, nameof(Conv2d), "[channels, height, width]");
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Rank != 4)
            throw Expect.Refusal($"{nameof(Conv2d)} needs a weight of shape [filters, channels / groups, kernel height, kernel width], but "
                + $"was given {weight.Shape}.", nameof(weight));
        var down = new Sliding(nameof(Conv2d), x.Shape[1], weight.Shape[2], strideHeight, padHeight, dilationHeight, padEnd: padHeightEnd,
            padding: padding);
        var across = new Sliding(nameof(Conv2d), x.Shape[2], weight.Shape[3], strideWidth, padWidth, dilationWidth, padEnd: padWidthEnd,
            padding: padding);
        var y = Convolve(nameof(Conv2d), x, weight, bias, down, across, groups);
        return Tensor.Own(new Shape(weight.Shape[0], down.Count, across.Count), y);
    }

    private static double[] Convolve(string op, Tensor x, Tensor weight, Tensor? bias, Sliding down, Sliding across, int groups)
    {
        var (channels, filters) = (x.Shape[0], weight.Shape[0]);
        Expect.AtLeast(1, groups, nameof(groups), op);
        if (channels % groups != 0 || filters % groups != 0)
            throw Expect.Refusal($"{op} splits {channels} channels and {filters} filters into {groups} groups; both must be divisible by "
                + "it.", nameof(groups));
        Expect.Shape(weight, weight.Shape.With(1, channels / groups), nameof(weight), op);
        if (bias is not null)
            Expect.Shape(bias, new Shape(filters), nameof(bias), op);

        var y = new double[new Shape(filters, down.Count, across.Count).Size];
        for (var i = 0; i < y.Length; i++)
        {
            var filter = i / (down.Count * across.Count);
            var sum = Covered(x, weight, filter, filter / (filters / groups), i / across.Count % down.Count, i % across.Count, down,
                across);
            y[i] = sum + (bias is null ? 0 : bias.Values[filter]);
        }
        return y;
    }

    // One filter at one place: the sum over the elements it covers, padding left out.
    private static double Covered(Tensor x, Tensor weight, int filter, int group, int row, int column, Sliding down, Sliding across)
    {
        var perGroup = weight.Shape[1];
        var width = x.Shape[x.Shape.Rank - 1];
        var area = x.Shape.Size / x.Shape[0];
        var sum = 0.0;
        for (var c = 0; c < perGroup; c++)
        {
            for (var i = 0; i < down.Kernel; i++)
            {
                for (var j = 0; j < across.Kernel; j++)
                {
                    var (h, w) = (down.Index(row, i), across.Index(column, j));
                    if (h >= 0 && w >= 0)
                        sum += x.Values[(group * perGroup + c) * area + h * width + w]
                            * weight.Values[((filter * perGroup + c) * down.Kernel + i) * across.Kernel + j];
                }
            }
        }
        return sum;
    }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="Conv2dAttribute"/>
    public static Tensor Conv2d(
        WeightScope scope, string[] names, Tensor x, int filters, int kernel, int stride = 1, int pad = 0, int dilation = 1, int groups = 1,
        bool bias = true, int kernelWidth = 0, int strideWidth = 0, int padWidth = -1, int dilationWidth = 0, int padEnd = -1,
        int padWidthEnd = -1, PaddingRule padding = PaddingRule.Explicit)
    {
        var w = scope.Tensors(names, LayerParameters.Conv2d(x.Shape, filters, kernel, kernelWidth, groups, bias));
        var (padLeft, padRight) = Across(pad, padEnd, padWidth, padWidthEnd);
        return Nn.Conv2d(x, w["weight"], w.GetValueOrDefault("bias"), stride, strideWidth > 0 ? strideWidth : stride, pad, padLeft,
            dilation, dilationWidth > 0 ? dilationWidth : dilation, groups, padEnd, padRight, padding);
    }

    // What is not said of the width is as for the height.
    private static (int Left, int Right) Across(int pad, int padEnd, int padWidth, int padWidthEnd) =>
        padWidth >= 0 ? (padWidth, padWidthEnd) : (pad, padWidthEnd >= 0 ? padWidthEnd : padEnd);
}
