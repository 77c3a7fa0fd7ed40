namespace Whence;

/// <summary>
/// A transposed convolution over a sequence, a convolution's way back: [channels, length] to [filters, (length - 1) stride - 2 pad +
/// dilation (kernel - 1) + output pad + 1]. Weights: weight [channels, filters / groups, kernel], bias [filters].
/// </summary>
public sealed class ConvTranspose1dAttribute : LayerAttribute
{
    /// <summary>A transposed convolution with this many filters of this length.</summary>
    public ConvTranspose1dAttribute(int filters, int kernel) => (Filters, Kernel) = (filters, kernel);

    /// <summary>A transposed convolution whose number of filters is the constructor parameter or readonly field of this name.</summary>
    public ConvTranspose1dAttribute(string filters, int kernel) => (FiltersParameter, Kernel) = (filters, kernel);

    /// <summary>A transposed convolution whose window's size is the constructor parameter or readonly field of this name.</summary>
    public ConvTranspose1dAttribute(int filters, string kernel) => (Filters, KernelParameter) = (filters, kernel);

    /// <summary>A transposed convolution whose number of filters and window's size are the constructor parameters or readonly fields of these names.</summary>
    public ConvTranspose1dAttribute(string filters, string kernel) => (FiltersParameter, KernelParameter) = (filters, kernel);

    /// <summary>The number of filters; 0 if a constructor parameter or field gives it.</summary>
    public int Filters { get; }

    /// <summary>The constructor parameter or field that gives the number of filters, or null.</summary>
    public string? FiltersParameter { get; }

    /// <summary>The window's length; 0 if a constructor parameter or field gives it.</summary>
    public int Kernel { get; }

    /// <summary>The constructor parameter or field that gives the window's size, or null.</summary>
    public string? KernelParameter { get; }

    /// <summary>The step from window to window.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Elements taken away at each end.</summary>
    public int Pad { get; init; }

    /// <summary>The distance between a window's elements.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Elements added after the last; below the stride.</summary>
    public int OutputPad { get; init; }

    /// <summary>How many groups the channels and filters fall into, each convolved by itself.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether the layer adds a bias.</summary>
    public bool Bias { get; init; } = true;
}
