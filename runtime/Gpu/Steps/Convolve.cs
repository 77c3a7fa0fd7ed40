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
        if (rows == 0)
            return;
        if (filters.IsTransposed)
            Launch<TransposedSites, F>(Transposed(filters.Window), x, filters, bias, y, rows);
        else
            Launch<ConvolutionSites, F>(Forward(filters.Window), x, filters, bias, y, rows);
    }

    private static ProductArguments Forward(in Window w) => Geometry(w) with
    {
        Example = w.InputSize, AllChannels = w.Channels, Height = w.Height, Width = w.Width, SiteHeight = w.OutHeight,
        SiteWidth = w.OutWidth, Pitch = w.Filters,
    };

    private static ProductArguments Transposed(in Window w) => Geometry(w) with
    {
        Example = w.OutputSize, AllChannels = w.Filters, Height = w.OutHeight, Width = w.OutWidth, SiteHeight = w.Height,
        SiteWidth = w.Width, Pitch = w.Channels,
    };

    private static ProductArguments Geometry(in Window w) => new()
    {
        KernelWidth = w.KernelWidth, StrideHeight = w.StrideHeight, StrideWidth = w.StrideWidth, PadHeight = w.PadHeight,
        PadWidth = w.PadWidth, DilationHeight = w.DilationHeight, DilationWidth = w.DilationWidth,
    };

    private static void Launch<S, F>(ProductArguments p, Rows x, Filters filters, float[] bias, Rows y, int rows)
        where S : struct, ISites
        where F : struct, IMap1
    {
        var lane = Lane.Current;
        var (uploads, window) = (lane.Device.Uploads, filters.Window);
        p.X = x.View;
        p.Weights = uploads.Of(filters.Weights);
        p.Bias = uploads.Of(bias);
        p.Y = y.View;
        p.HasBias = bias.Length == 0 ? 0 : 1;
        p.Count = rows * p.SiteHeight * p.SiteWidth;
        p.Channels = filters.Before;
        p.Outputs = filters.After;
        p.Depth = window.KernelHeight * window.KernelWidth * filters.Before;
        lane.Launch<Product<S, F>, ProductArguments>(MatMul.Grid<S, F>(p.Count, p.Outputs, window.Groups), p);
    }
}
