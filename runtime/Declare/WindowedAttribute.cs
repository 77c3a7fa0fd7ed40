namespace Whence;

/// <summary>
/// What the convolutions and transposed convolutions are set to. Each number may also be given by a constructor parameter or readonly
/// field: <c>StrideParameter = nameof(stride)</c> in place of <c>Stride = 2</c>.
/// </summary>
public abstract class WindowedAttribute : LayerAttribute
{
    private readonly int? padEnd;

    private protected WindowedAttribute(int filters, string? filtersParameter, int kernel, string? kernelParameter) =>
        (Filters, FiltersParameter, Kernel, KernelParameter) = (filters, filtersParameter, kernel, kernelParameter);

    /// <summary>The number of filters; 0 if a constructor parameter or field gives it.</summary>
    public int Filters { get; }

    /// <summary>The constructor parameter or field that gives the number of filters, or null.</summary>
    public string? FiltersParameter { get; }

    /// <summary>The window's length, or its height over an image; 0 if a constructor parameter or field gives it.</summary>
    public int Kernel { get; }

    /// <summary>The constructor parameter or field that gives the window's size, or null.</summary>
    public string? KernelParameter { get; }

    /// <summary>The step from window to window; over an image downwards.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The constructor parameter or field that gives <see cref="Stride"/>, or null.</summary>
    public string? StrideParameter { get; init; }

    /// <summary>
    /// Zeros added at each end; over an image above and below. A transposed convolution, which goes back, takes away as many.
    /// </summary>
    public int Pad { get; init; }

    /// <summary>The constructor parameter or field that gives <see cref="Pad"/>, or null.</summary>
    public string? PadParameter { get; init; }

    /// <summary>Zeros added after the last element, over an image below the last row; <see cref="Pad"/> unless set.</summary>
    public int PadEnd { get => padEnd ?? Pad; init => padEnd = value; }

    /// <summary>The constructor parameter or field that gives <see cref="PadEnd"/>, or null.</summary>
    public string? PadEndParameter { get; init; }

    /// <summary>Whether the pads are those set, or follow from the other sizes.</summary>
    public PaddingRule Padding { get; init; }

    /// <summary>The distance between a window's elements; over an image downwards.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>The constructor parameter or field that gives <see cref="Dilation"/>, or null.</summary>
    public string? DilationParameter { get; init; }

    /// <summary>How many groups the channels and filters fall into, each convolved by itself.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The constructor parameter or field that gives <see cref="Groups"/>, or null.</summary>
    public string? GroupsParameter { get; init; }

    /// <summary>Whether the layer adds a bias.</summary>
    public bool Bias { get; init; } = true;
}

/// <summary>What those over images are set to beside: the sizes across, where they differ from those downwards.</summary>
public abstract class Windowed2dAttribute : WindowedAttribute
{
    private readonly int? kernelWidth;
    private readonly int? strideWidth;
    private readonly int? padWidth;
    private readonly int? padWidthEnd;
    private readonly int? dilationWidth;

    private protected Windowed2dAttribute(int filters, string? filtersParameter, int kernel, string? kernelParameter)
        : base(filters, filtersParameter, kernel, kernelParameter)
    {
    }

    /// <summary>The window's width; <see cref="WindowedAttribute.Kernel"/> unless set.</summary>
    public int KernelWidth { get => kernelWidth ?? Kernel; init => kernelWidth = value; }

    /// <summary>The constructor parameter or field that gives <see cref="KernelWidth"/>, or null.</summary>
    public string? KernelWidthParameter { get; init; }

    /// <summary>The step from window to window, across; <see cref="WindowedAttribute.Stride"/> unless set.</summary>
    public int StrideWidth { get => strideWidth ?? Stride; init => strideWidth = value; }

    /// <summary>The constructor parameter or field that gives <see cref="StrideWidth"/>, or null.</summary>
    public string? StrideWidthParameter { get; init; }

    /// <summary>Zeros added left and right; <see cref="WindowedAttribute.Pad"/> unless set.</summary>
    public int PadWidth { get => padWidth ?? Pad; init => padWidth = value; }

    /// <summary>The constructor parameter or field that gives <see cref="PadWidth"/>, or null.</summary>
    public string? PadWidthParameter { get; init; }

    /// <summary>
    /// Zeros added on the right; <see cref="PadWidth"/> unless set, or <see cref="WindowedAttribute.PadEnd"/> where neither is.
    /// </summary>
    public int PadWidthEnd { get => padWidthEnd ?? padWidth ?? PadEnd; init => padWidthEnd = value; }

    /// <summary>The constructor parameter or field that gives <see cref="PadWidthEnd"/>, or null.</summary>
    public string? PadWidthEndParameter { get; init; }

    /// <summary>The distance between a window's elements, across; <see cref="WindowedAttribute.Dilation"/> unless set.</summary>
    public int DilationWidth { get => dilationWidth ?? Dilation; init => dilationWidth = value; }

    /// <summary>The constructor parameter or field that gives <see cref="DilationWidth"/>, or null.</summary>
    public string? DilationWidthParameter { get; init; }
}
