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
        switch (Padded.Tile(p.Columns))
        {
            case 32:
                Launch<NarrowTile, TSites, TRows, TFactor, TEpilogue>(p, groups);
                break;
            case var _ when !Lane.Current.Device.HasManyRegisters:
                Launch<SmallTile, TSites, TRows, TFactor, TEpilogue>(p, groups);
                break;
            case 64:
                Launch<TallTile, TSites, TRows, TFactor, TEpilogue>(p, groups);
                break;
            default:
                Launch<WideTile, TSites, TRows, TFactor, TEpilogue>(p, groups);
                break;
        }
    }

    private static void Launch<TTile, TSites, TRows, TFactor, TEpilogue>(ProductArguments p, int groups)
        where TTile : struct, ITile
        where TSites : struct, ISites
        where TRows : struct, ITileRows
        where TFactor : struct, IFactor
        where TEpilogue : struct, IEpilogue
    {
        var rows = Product<TTile, TSites, TRows, TFactor, TEpilogue>.Rows;
        var tiles = (p.Count + rows - 1) / rows;
        if (TRows.AreSummed)
        {
            // Eight steps of as many paths as there are; of few paths more steps. The order of the sums is the same.
            p.TileSteps = 8;
            while (p.TileSteps < rows && rows / p.TileSteps >= 2 * p.Paths)
                p.TileSteps *= 2;
            var paths = rows / p.TileSteps;
            tiles = (p.Paths + paths - 1) / paths * p.SiteHeight * p.SiteWidth;
        }
        p.TilesEach = tiles;
        if (TFactor.IsTwice)
            tiles *= 2;
        Lane.Current.Launch<Product<TTile, TSites, TRows, TFactor, TEpilogue>, ProductArguments>(new KernelConfig(
            new Index3D(tiles, p.PaddedColumns / Product<TTile, TSites, TRows, TFactor, TEpilogue>.Columns, groups),
            new Index3D(Product<TTile, TSites, TRows, TFactor, TEpilogue>.Threads, 1, 1)), p);
    }
}
