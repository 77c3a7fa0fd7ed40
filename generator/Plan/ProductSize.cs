namespace Whence.Generator.Plan;

/// <summary>What a product with weights takes for one example.</summary>
/// <param name="Sites">The places at which it is taken.</param>
/// <param name="Depth">What is summed over at each.</param>
/// <param name="Columns">The numbers that it makes at each, of all groups.</param>
/// <param name="Groups">Its parts, each of which sees a part of the channels.</param>
internal sealed record ProductSize(int Sites, int Depth, int Columns, int Groups)
{
    // Columns of a tile, for which a factor is read once.
    private const int TileColumns = 128;

    /// <summary>Products of two numbers.</summary>
    public long Products => (long)Sites * Depth * Columns;

    /// <summary>Elements of the first factor that are read.</summary>
    public long Reads => (long)Sites * Depth * Groups * ((Columns / Groups + TileColumns - 1) / TileColumns);

    /// <summary>Of a step that is a product.</summary>
    public static ProductSize Of(Step product)
    {
        if (product is DenseStep dense)
            return new(dense.Repeat, dense.From[0].Size / dense.Repeat, dense.To.Size / dense.Repeat, 1);
        var (settings, isBack) = (((ConvolutionStep)product).Weights.Settings, ((ConvolutionStep)product).Weights.Transposed);
        var (high, wide) = (settings.Int("kernelHeight", 1), settings.Int("kernelWidth", 1));
        var (down, across) = isBack ? (settings.Int("strideHeight", 1), settings.Int("strideWidth", 1)) : (1, 1);
        var groups = settings.Int("groups", 1);
        // Going back, a stride of positions is one site.
        var sites = Math.Max(1, product.To.Positions / (down * across));
        var depth = ((high + down - 1) / down) * ((wide + across - 1) / across) * (product.From[0].Channels / groups);
        return new(sites, depth, product.To.Size / sites, groups);
    }
}
