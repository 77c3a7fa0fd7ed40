using System.ComponentModel;

namespace Whence.CompilerServices;

/// <summary>
/// How a convolution or a pool slides over one example, [Height][Width][Channels] in memory. A sequence has Height and
/// KernelHeight 1. Sizes are counted as PyTorch counts them.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct Window
{
    private readonly int filters;
    private readonly int? padHeightEnd;
    private readonly int? padWidthEnd;

    /// <summary>A window of one element over one element; set what differs.</summary>
    public Window()
    {
    }

    /// <summary>Channels of the input.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Rows of the input.</summary>
    public int Height { get; init; } = 1;

    /// <summary>Columns of the input.</summary>
    public int Width { get; init; } = 1;

    /// <summary>Channels of the output; a pool, which does not set it, has as many as the input.</summary>
    public int Filters
    {
        get => filters == 0 ? Channels : filters;
        init => filters = value;
    }

    /// <summary>Rows of the window.</summary>
    public int KernelHeight { get; init; } = 1;

    /// <summary>Columns of the window.</summary>
    public int KernelWidth { get; init; } = 1;

    /// <summary>Rows from one window to the next.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Columns from one window to the next.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Rows of padding above, and as many below unless <see cref="PadHeightEnd"/> is set.</summary>
    public int PadHeight { get; init; }

    /// <summary>Columns of padding on the left, and as many on the right unless <see cref="PadWidthEnd"/> is set.</summary>
    public int PadWidth { get; init; }

    /// <summary>Rows of padding below.</summary>
    public int PadHeightEnd { get => padHeightEnd ?? PadHeight; init => padHeightEnd = value; }

    /// <summary>Columns of padding on the right.</summary>
    public int PadWidthEnd { get => padWidthEnd ?? PadWidth; init => padWidthEnd = value; }

    /// <summary>Rows of the input from one row of the window to the next.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Columns of the input from one column of the window to the next.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Parts into which the channels, and with them the filters, are divided; each part sees only itself.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether a last, partial window counts.</summary>
    public bool Ceil { get; init; }

    /// <summary>Whether an average divides by the padding it covers too.</summary>
    public bool CountPadding { get; init; } = true;

    /// <summary>Rows of the output.</summary>
    public int OutHeight => Shape.Windows(Height, KernelHeight, StrideHeight, PadHeight, DilationHeight, Ceil, PadHeightEnd);

    /// <summary>Columns of the output.</summary>
    public int OutWidth => Shape.Windows(Width, KernelWidth, StrideWidth, PadWidth, DilationWidth, Ceil, PadWidthEnd);

    /// <summary>Elements of one example before.</summary>
    public int InputSize => checked(Height * Width * Channels);

    /// <summary>Elements of one example after.</summary>
    public int OutputSize => checked(OutHeight * OutWidth * Filters);

    /// <summary>Rows, padding among them, that so many outputs one below the other cover.</summary>
    internal int CoveredHeight(int outputs) => (outputs - 1) * StrideHeight + (KernelHeight - 1) * DilationHeight + 1;

    /// <summary>Columns, padding among them, that so many outputs next to each other cover.</summary>
    internal int CoveredWidth(int outputs) => (outputs - 1) * StrideWidth + (KernelWidth - 1) * DilationWidth + 1;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{KernelHeight}x{KernelWidth} over [{Height}][{Width}][{Channels}] to {Filters} channels, stride {StrideHeight}x{StrideWidth}, "
        + $"pad {Pads(PadHeight, PadHeightEnd)}x{Pads(PadWidth, PadWidthEnd)}, dilation {DilationHeight}x{DilationWidth}, groups {Groups}";

    private static string Pads(int before, int after) => before == after ? $"{before}" : $"{before}+{after}";
}
