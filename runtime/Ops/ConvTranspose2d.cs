namespace Whence;

/// <summary>
/// A transposed convolution over an image, a convolution's way back: [channels, height, width] to [filters, (height - 1) stride - 2 pad +
/// dilation (kernel - 1) + output pad + 1, ...]. Weights: weight [channels, filters / groups, kernel, kernel width], bias [filters].
/// </summary>
public sealed class ConvTranspose2dAttribute : LayerAttribute
{
    private readonly int? kernelWidth;
    private readonly int? strideWidth;
    private readonly int? padWidth;
    private readonly int? dilationWidth;
    private readonly int? outputPadWidth;

    /// <summary>A transposed convolution with this many filters, square unless <see cref="KernelWidth"/> is set.</summary>
    public ConvTranspose2dAttribute(int filters, int kernel) => (Filters, Kernel) = (filters, kernel);

    /// <summary>A transposed convolution whose number of filters is the constructor parameter or readonly field of this name.</summary>
    public ConvTranspose2dAttribute(string filters, int kernel) => (FiltersParameter, Kernel) = (filters, kernel);

    /// <summary>A transposed convolution whose window's size is the constructor parameter or readonly field of this name.</summary>
    public ConvTranspose2dAttribute(int filters, string kernel) => (Filters, KernelParameter) = (filters, kernel);

    /// <summary>A transposed convolution whose number of filters and window's size are the constructor parameters or readonly fields of these names.</summary>
    public ConvTranspose2dAttribute(string filters, string kernel) => (FiltersParameter, KernelParameter) = (filters, kernel);

    /// <summary>The number of filters; 0 if a constructor parameter or field gives it.</summary>
    public int Filters { get; }

    /// <summary>The constructor parameter or field that gives the number of filters, or null.</summary>
    public string? FiltersParameter { get; }

    /// <summary>The window's height; 0 if a constructor parameter or field gives it.</summary>
    public int Kernel { get; }

    /// <summary>The constructor parameter or field that gives the window's size, or null.</summary>
    public string? KernelParameter { get; }

    /// <summary>The step from window to window, downwards.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Rows taken away above and below.</summary>
    public int Pad { get; init; }

    /// <summary>The distance between a window's elements, downwards.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>The window's width; <see cref="Kernel"/> unless set.</summary>
    public int KernelWidth { get => kernelWidth ?? Kernel; init => kernelWidth = value; }

    /// <summary>The step from window to window, across; <see cref="Stride"/> unless set.</summary>
    public int StrideWidth { get => strideWidth ?? Stride; init => strideWidth = value; }

    /// <summary>Columns taken away left and right; <see cref="Pad"/> unless set.</summary>
    public int PadWidth { get => padWidth ?? Pad; init => padWidth = value; }

    /// <summary>The distance between a window's elements, across; <see cref="Dilation"/> unless set.</summary>
    public int DilationWidth { get => dilationWidth ?? Dilation; init => dilationWidth = value; }

    /// <summary>Rows added after the last; below the stride.</summary>
    public int OutputPad { get; init; }

    /// <summary>Columns added after the last; <see cref="OutputPad"/> unless set.</summary>
    public int OutputPadWidth { get => outputPadWidth ?? OutputPad; init => outputPadWidth = value; }

    /// <summary>How many groups the channels and filters fall into, each convolved by itself.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether the layer adds a bias.</summary>
    public bool Bias { get; init; } = true;
}


public static partial class Nn
{
    /// <summary>
    /// The way back through a convolution along an axis. x [channels, length], weight [channels, filters / groups, kernel], bias [filters] or null; gives
    /// [filters, (length - 1) stride - 2 pad + dilation (kernel - 1) + outputPad + 1].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or the settings do not fit.</exception>
    public static Tensor ConvTranspose1d(Tensor x, Tensor weight, Tensor? bias, int stride, int pad, int outputPad, int dilation, int groups)
    {
        Expect.Rank(x, 2, nameof(ConvTranspose1d), "[channels, length]");
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Rank != 3)
            throw new ArgumentException($"{nameof(ConvTranspose1d)} needs a weight of shape [channels, filters / groups, kernel], but was given {weight.Shape}.", nameof(weight));
        var image = Reshape(x, x.Shape[0], 1, x.Shape[1]);
        var filters = Reshape(weight, weight.Shape[0], weight.Shape[1], 1, weight.Shape[2]);
        var y = ConvTranspose(nameof(ConvTranspose1d), image, filters, bias, (1, stride), (0, pad), (0, outputPad), (1, dilation), groups);
        return Reshape(y, y.Shape[0], y.Shape[2]);
    }

    /// <summary>
    /// The way back through a convolution over an image. x [channels, height, width], weight [channels, filters / groups, kernel height, kernel width],
    /// bias [filters] or null; gives [filters, (height - 1) stride - 2 pad + dilation (kernel - 1) + outputPad + 1, ...].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes or the settings do not fit.</exception>
    public static Tensor ConvTranspose2d(
        Tensor x, Tensor weight, Tensor? bias, int strideHeight, int strideWidth, int padHeight, int padWidth,
        int outputPadHeight, int outputPadWidth, int dilationHeight, int dilationWidth, int groups)
    {
        Expect.Rank(x, 3, nameof(ConvTranspose2d), "[channels, height, width]");
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Rank != 4)
            throw new ArgumentException($"{nameof(ConvTranspose2d)} needs a weight of shape [channels, filters / groups, kernel height, kernel width], but was given {weight.Shape}.", nameof(weight));
        return ConvTranspose(nameof(ConvTranspose2d), x, weight, bias, (strideHeight, strideWidth), (padHeight, padWidth), (outputPadHeight, outputPadWidth), (dilationHeight, dilationWidth), groups);
    }

    private static Tensor ConvTranspose(
        string op, Tensor x, Tensor weight, Tensor? bias, (int Height, int Width) stride, (int Height, int Width) pad,
        (int Height, int Width) outputPad, (int Height, int Width) dilation, int groups)
    {
        var (channels, each) = (x.Shape[0], weight.Shape[1]);
        Expect.AtLeast(1, groups, nameof(groups), op);
        if (channels % groups != 0)
            throw new ArgumentException($"{op} splits {channels} channels into {groups} groups; they must be divisible by it.", nameof(groups));
        Expect.Shape(weight, weight.Shape.With(0, channels), nameof(weight), op);
        if (bias is not null)
            Expect.Shape(bias, new Shape(each * groups), nameof(bias), op);
        var height = Spread(op, x.Shape[1], weight.Shape[2], stride.Height, pad.Height, outputPad.Height, dilation.Height);
        var width = Spread(op, x.Shape[2], weight.Shape[3], stride.Width, pad.Width, outputPad.Width, dilation.Width);
        var (down, across) = (new Sliding(op, height, weight.Shape[2], stride.Height, pad.Height, dilation.Height), new Sliding(op, width, weight.Shape[3], stride.Width, pad.Width, dilation.Width));
        var y = new double[each * groups * height * width];
        for (var i = 0; bias is not null && i < y.Length; i++)
            y[i] = bias.Values[i / (height * width)];
        for (var i = 0; i < x.Shape.Size; i++)
        {
            var (channel, row, column) = (i / (x.Shape[1] * x.Shape[2]), i / x.Shape[2] % x.Shape[1], i % x.Shape[2]);
            for (var k = 0; k < weight.Shape.Size / channels; k++)
            {
                var (filter, h, w) = (k / (down.Kernel * across.Kernel), down.Index(row, k / across.Kernel % down.Kernel), across.Index(column, k % across.Kernel));
                if (h >= 0 && w >= 0)
                    y[((channel / (channels / groups) * each + filter) * height + h) * width + w] += x.Values[i] * weight.Values[channel * (weight.Shape.Size / channels) + k];
            }
        }
        return Tensor.Own(new Shape(each * groups, height, width), y);
    }

    /// <summary>The length whose windows are as many as an axis has elements.</summary>
    private static int Spread(string op, int length, int kernel, int stride, int pad, int outputPad, int dilation)
    {
        Expect.AtLeast(1, stride, nameof(stride), op);
        Expect.AtLeast(0, outputPad, nameof(outputPad), op);
        if (outputPad >= stride)
            throw new ArgumentException($"{op} needs an output pad below its stride of {stride}, but was given {outputPad}.", nameof(outputPad));
        var size = (length - 1L) * stride - 2L * pad + dilation * (kernel - 1L) + outputPad + 1;
        return size is > 0 and <= int.MaxValue
            ? (int)size
            : throw new ArgumentException($"{op} makes {size} elements of an axis of {length}; choose a smaller pad.", nameof(pad));
    }
}
