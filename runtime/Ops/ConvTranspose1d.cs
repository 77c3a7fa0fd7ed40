using Whence.CompilerServices;

namespace Whence;

/// <summary>
/// A transposed convolution over a sequence, a convolution's way back: [channels, length] to [filters, (length - 1) stride - 2 pad +
/// dilation (kernel - 1) + output pad + 1]. Weights: weight [channels, filters / groups, kernel], bias [filters].
/// </summary>
public sealed class ConvTranspose1dAttribute : WindowedAttribute
{
    /// <summary>A transposed convolution with this many filters of this length.</summary>
    public ConvTranspose1dAttribute(int filters, int kernel) : base(filters, null, kernel, null)
    {
    }

    /// <summary>A transposed convolution whose number of filters is the constructor parameter or readonly field of this name.</summary>
    public ConvTranspose1dAttribute(string filters, int kernel) : base(0, filters, kernel, null)
    {
    }

    /// <summary>A transposed convolution whose window's size is the constructor parameter or readonly field of this name.</summary>
    public ConvTranspose1dAttribute(int filters, string kernel) : base(filters, null, 0, kernel)
    {
    }

    /// <summary>
    /// A transposed convolution whose number of filters and window's size are the constructor parameters or readonly fields of these names.
    /// </summary>
    public ConvTranspose1dAttribute(string filters, string kernel) : base(0, filters, 0, kernel)
    {
    }

    /// <summary>Elements added after the last; below the stride.</summary>
    public int OutputPad { get; init; }

    /// <summary>The constructor parameter or field that gives <see cref="OutputPad"/>, or null.</summary>
    public string? OutputPadParameter { get; init; }
}

public static partial class LayerBodies
{
    /// <inheritdoc cref="ConvTranspose1dAttribute"/>
    public static Tensor ConvTranspose1d(
        WeightScope scope, string[] names, Tensor x, int filters, int kernel, int stride = 1, int pad = 0, int outputPad = 0,
        int dilation = 1,
        int groups = 1, bool bias = true, int padEnd = -1, PaddingRule padding = PaddingRule.Explicit)
    {
        var w = scope.Tensors(names, LayerParameters.ConvTranspose1d(x.Shape, filters, kernel, groups, bias));
        return Nn.ConvTranspose1d(x, w["weight"], w.GetValueOrDefault("bias"), stride, pad, outputPad, dilation, groups, padEnd, padding);
    }
}
