namespace Whence.Gpu;

using ILGPU;

/// <summary>Launches of products: which tile, which rows, and how many groups.</summary>
internal static class Products
{
    public static void Launch<TSites, TFactor, TEpilogue>(ProductArguments p, in Factor<TFactor> x, in Epilogue<TEpilogue> epilogue,
        in Result result, int groups)
        where TSites : struct, ISites
        where TFactor : struct, IFactor
        where TEpilogue : struct, IEpilogue
    {
        if (p.Examples == 0)
            return;
        (p.A, p.B, p.C, p.D) = (new(x.A), new(x.B), new(x.C), new(x.D));
        (p.P, p.Q, p.R, p.S, p.T) = (new(epilogue.A), new(epilogue.B), new(epilogue.C), new(epilogue.D), new(epilogue.E));
        p.Count = p.Examples * p.SiteHeight * p.SiteWidth;
        (p.PaddedColumns, p.PaddedDepth) = (Padded.Columns(p.Columns), Padded.Depth(p.Depth));
        p.IsInFours = p.Channels % 4 == 0 && p.AllChannels % 4 == 0 && x.A.IsInFours && x.B.IsInFours && x.C.IsInFours && x.D.IsInFours
            ? 1 : 0;
        p.IsInBlocks = p.Channels % Padded.Block == 0 ? 1 : 0;
        (p.Steps, p.FirstStep) = Paths.Of(x.A, x.B, x.C, x.D, epilogue.A, epilogue.B, epilogue.C, epilogue.D, epilogue.E);
        (p.Row, p.Offset) = (result.Row, result.Offset);
        if (epilogue.Head is { } head)
        {
            p.HeadWeights = Lane.Current.Device.Uploads.Of(head.Tiles);
            (p.HeadUnits, p.HeadPitch) = (head.Inputs, Padded.Columns(head.Outputs));
        }
        if (result.IsSummed)
        {
            (p.Steps, p.FirstStep, p.Row) = (result.Steps, result.FirstStep, result.Sums.Row);
            (p.High, p.Low, p.StepWeights) = (result.Sums.High.View, result.Sums.Low.View, result.Weights.View);
            p.Begins = result.Begins ? 1 : 0;
            p.Paths = (p.FirstStep + p.Examples + p.Steps - 1) / p.Steps;
            Tile<TSites, StepsOfPaths, TFactor, TEpilogue>(p, groups);
        }
        else if (TFactor.IsTwice)
        {
            (p.Y, p.Apart) = (result.Y.View, result.Apart);
            Tile<TSites, EachSiteTwice, TFactor, TEpilogue>(p, groups);
        }
        else
        {
            p.Y = result.Y.View;
            Tile<TSites, EachSite, TFactor, TEpilogue>(p, groups);
        }
    }

    private static void Tile<TSites, TRows, TFactor, TEpilogue>(in ProductArguments p, int groups)
        where TSites : struct, ISites
        where TRows : struct, ITileRows
        where TFactor : struct, IFactor
        where TEpilogue : struct, IEpilogue
    {
        if (!Lane.Current.Device.HasGroups)
        {
            Launch<ProcessorProduct<TSites, TRows, TFactor, TEpilogue>, TRows, TFactor>(p, groups, 1,
                ProcessorProduct<TSites, TRows, TFactor, TEpilogue>.Rows, ProcessorProduct<TSites, TRows, TFactor, TEpilogue>.Rows,
                ProcessorProduct<TSites, TRows, TFactor, TEpilogue>.Columns);
            return;
        }
        switch (Padded.Tile(p.Columns))
        {
            case 32:
                Launch<NarrowTile, TSites, TRows, TFactor, TEpilogue>(p, groups);
                break;
            case 64:
                Launch<TallTile, TSites, TRows, TFactor, TEpilogue>(p, groups);
                break;
            default:
                Launch<WideTile, TSites, TRows, TFactor, TEpilogue>(p, groups);
                break;
        }
    }

    private static void Launch<TTile, TSites, TRows, TFactor, TEpilogue>(in ProductArguments p, int groups)
        where TTile : struct, ITile
        where TSites : struct, ISites
        where TRows : struct, ITileRows
        where TFactor : struct, IFactor
        where TEpilogue : struct, IEpilogue
    {
        var rows = Product<TTile, TSites, TRows, TFactor, TEpilogue>.Rows;
        // Eight steps of as many paths as there are; of few paths more steps. The order of the sums is the same.
        var steps = 8;
        while (steps < rows && rows / steps >= 2 * p.Paths)
            steps *= 2;
        Launch<Product<TTile, TSites, TRows, TFactor, TEpilogue>, TRows, TFactor>(p, groups,
            Product<TTile, TSites, TRows, TFactor, TEpilogue>.Threads, rows, steps,
            Product<TTile, TSites, TRows, TFactor, TEpilogue>.Columns);
    }

    // In tiles of so many rows and columns, of sums of so many steps of a path.
    private static void Launch<TKernel, TRows, TFactor>(ProductArguments p, int groups, int threads, int rows, int steps, int columns)
        where TKernel : struct, IKernel<ProductArguments>
        where TRows : struct, ITileRows
        where TFactor : struct, IFactor
    {
        var tiles = (p.Count + rows - 1) / rows;
        if (TRows.AreSummed)
        {
            p.TileSteps = steps;
            var paths = rows / steps;
            tiles = (p.Paths + paths - 1) / paths * p.SiteHeight * p.SiteWidth;
        }
        p.TilesEach = tiles;
        if (TFactor.IsTwice)
            tiles *= 2;
        Lane.Current.Launch<TKernel, ProductArguments>(new KernelConfig(
            new Index3D(tiles, (p.PaddedColumns + columns - 1) / columns, groups), new Index3D(threads, 1, 1)), p);
    }
}
