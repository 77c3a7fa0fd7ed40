namespace Whence.Gpu;

using System.ComponentModel;
using Whence.CompilerServices;

/// <summary>Convolutions and their transposes over rows of [height][width][channels]. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Convolve
{
    /// <summary>y = then(filters * x + b), or its transpose. A bias of no elements is none.</summary>
    public static void Affine<F>(Rows x, Filters filters, float[] bias, Rows y, int rows, F then) where F : struct, IMap1
    {
        var (from, to) = (filters.Window.InputSize, filters.Window.OutputSize);
        if (filters.IsTransposed)
            (from, to) = (to, from);
        Affine(Factor.Of(new Operand(x, from)), filters, bias, Epilogue.Of(then), new Result(y, to), rows);
    }

    /// <summary>result = epilogue(filters * x + b), or its transpose. A bias of no elements is none.</summary>
    public static void Affine<TFactor, TEpilogue>(Factor<TFactor> x, Filters filters, float[] bias, Epilogue<TEpilogue> epilogue,
        Result result, int rows)
        where TFactor : struct, IFactor
        where TEpilogue : struct, IEpilogue
    {
        var uploads = Lane.Current.Device.Uploads;
        var p = filters.IsTransposed ? Transposed(filters) : Forward(filters);
        p.Weights = uploads.Of(filters.Tiles);
        p.Bias = uploads.Of(bias);
        p.HasBias = bias.Length == 0 ? 0 : 1;
        p.Examples = rows;
        (p.Depth, p.Columns, p.Channels, p.Outputs) = (filters.Depth, filters.Columns, filters.Before, filters.After);
        p.KernelWidth = filters.Across.Taps;
        (p.PhaseHeight, p.PhaseWidth) = (filters.Down.Phases, filters.Across.Phases);
        Products.Launch<WindowSites, TFactor, TEpilogue>(p, x, epilogue, result, filters.Window.Groups);
    }

    private static ProductArguments Forward(Filters filters)
    {
        var w = filters.Window;
        return new ProductArguments
        {
            AllChannels = w.Channels, Height = w.Height, Width = w.Width, SiteHeight = w.OutHeight, SiteWidth = w.OutWidth,
            StrideHeight = w.StrideHeight, StrideWidth = w.StrideWidth, PadHeight = w.PadHeight, PadWidth = w.PadWidth,
            DilationHeight = w.DilationHeight, DilationWidth = w.DilationWidth, AllOutputs = w.Filters, OutHeight = w.OutHeight,
            OutWidth = w.OutWidth,
        };
    }

    // The sites are strides of the input: the first is the one that the first row of the input lies in, which the pad comes before.
    private static ProductArguments Transposed(Filters filters)
    {
        var w = filters.Window;
        var (down, across) = (filters.Down.Phases, filters.Across.Phases);
        var (firstRow, firstColumn) = (w.PadHeight / down, w.PadWidth / across);
        return new ProductArguments
        {
            AllChannels = w.Filters, Height = w.OutHeight, Width = w.OutWidth,
            SiteHeight = (w.Height - 1 + w.PadHeight) / down - firstRow + 1,
            SiteWidth = (w.Width - 1 + w.PadWidth) / across - firstColumn + 1,
            StrideHeight = 1, StrideWidth = 1, PadHeight = -firstRow, PadWidth = -firstColumn, DilationHeight = -filters.Down.Apart,
            DilationWidth = -filters.Across.Apart, AllOutputs = w.Channels, OutHeight = w.Height, OutWidth = w.Width,
            BeforeHeight = w.PadHeight - firstRow * down, BeforeWidth = w.PadWidth - firstColumn * across,
        };
    }
}
