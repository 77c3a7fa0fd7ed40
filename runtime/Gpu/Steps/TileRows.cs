namespace Whence.Gpu;

using ILGPU;

/// <summary>Which rows of a product a group computes, one tile after the other.</summary>
internal interface ITileRows
{
    /// <summary>Whether the rows are steps of paths, which are summed.</summary>
    static abstract bool AreSummed { get; }

    /// <summary>Which of two products the group computes, 0 or 1; the same for all its threads.</summary>
    static abstract int Half(in ProductArguments p);

    /// <summary>How many tiles a group computes, one after the other.</summary>
    static abstract int Tiles(in ProductArguments p);

    /// <summary>The site of a row of a tile.</summary>
    static abstract TileRow At<TSites>(in ProductArguments p, int tile, int row, int rows) where TSites : struct, ISites;

    /// <summary>
    /// From a block of the depth on, the first that some row of the group has numbers in; the same for all threads of a group.
    /// </summary>
    static abstract DepthBlock Inside<TSites>(in ProductArguments p, DepthBlock block) where TSites : struct, ISites;

    /// <summary>Whether rows of the group may have numbers at a tap; the same for all threads of a group.</summary>
    static abstract bool Has<TSites>(in ProductArguments p, in Tap tap) where TSites : struct, ISites;
}

/// <summary>A row of a tile: its site, the path that it is a step of, which step, and whether there is such a row.</summary>
internal readonly struct TileRow(Site site, int path, int step, bool isThere)
{
    public readonly Site Site = site;
    public readonly int Path = path;
    public readonly int Step = step;

    private readonly int there = isThere ? 1 : 0;

    public bool IsThere => there == 1;

    /// <summary>Where the row of an operand begins.</summary>
    public int In(in Source operand) => operand.Begin(Site.Example, Path, Step);
}

/// <summary>All sites, one after the other, and one tile of them.</summary>
internal readonly struct EachSite : ITileRows
{
    public static bool AreSummed => false;

    public static int Half(in ProductArguments p) => 0;

    public static int Tiles(in ProductArguments p) => 1;

    public static TileRow At<TSites>(in ProductArguments p, int tile, int row, int rows) where TSites : struct, ISites =>
        At<TSites>(p, Grid.IdxX * rows + row);

    /// <summary>The row of a site.</summary>
    public static TileRow At<TSites>(in ProductArguments p, int count) where TSites : struct, ISites
    {
        var site = TSites.At(p, Math.Min(count, p.Count - 1));
        var path = (site.Example + p.FirstStep) / p.Steps;
        return new TileRow(site, path, site.Example + p.FirstStep - path * p.Steps, count < p.Count);
    }

    public static DepthBlock Inside<TSites>(in ProductArguments p, DepthBlock block) where TSites : struct, ISites => block;

    public static bool Has<TSites>(in ProductArguments p, in Tap tap) where TSites : struct, ISites => true;
}

/// <summary>The sites of two products of the same weights, one product's tiles after the other's.</summary>
internal readonly struct EachSiteTwice : ITileRows
{
    public static bool AreSummed => false;

    public static int Half(in ProductArguments p) => Grid.IdxX / p.TilesEach;

    public static int Tiles(in ProductArguments p) => 1;

    public static TileRow At<TSites>(in ProductArguments p, int tile, int row, int rows) where TSites : struct, ISites =>
        EachSite.At<TSites>(p, Grid.IdxX % p.TilesEach * rows + row);

    public static DepthBlock Inside<TSites>(in ProductArguments p, DepthBlock block) where TSites : struct, ISites => block;

    public static bool Has<TSites>(in ProductArguments p, in Tap tap) where TSites : struct, ISites => true;
}

/// <summary>
/// All steps of some paths at one place of the image: a tile has so many steps of each of the paths, and the next tile the steps that
/// follow them.
/// </summary>
internal readonly struct StepsOfPaths : ITileRows
{
    public static bool AreSummed => true;

    public static int Half(in ProductArguments p) => 0;

    public static int Tiles(in ProductArguments p) => (p.Steps + p.TileSteps - 1) / p.TileSteps;

    public static TileRow At<TSites>(in ProductArguments p, int tile, int row, int rows) where TSites : struct, ISites
    {
        var paths = Grid.IdxX / (p.SiteHeight * p.SiteWidth);
        var place = Place<TSites>(p);
        var slot = row / p.TileSteps;
        var path = paths * (rows / p.TileSteps) + slot;
        var step = tile * p.TileSteps + row - slot * p.TileSteps;
        // Of the first path some steps may have come before, of the last some may come after.
        var example = path * p.Steps - p.FirstStep + step;
        var isThere = path < p.Paths & step < p.Steps & example >= 0 & example < p.Examples;
        return new TileRow(new Site(Math.Max(0, Math.Min(example, p.Examples - 1)), place.Row, place.Column),
            Math.Min(path, p.Paths - 1), Math.Min(step, p.Steps - 1), isThere);
    }

    // At a border of the image all rows look beyond it through the same taps, whose products are 0.
    public static DepthBlock Inside<TSites>(in ProductArguments p, DepthBlock block) where TSites : struct, ISites
    {
        if (p.IsInBlocks == 0)
            return block;
        var place = Place<TSites>(p);
        while (block.Start < p.PaddedDepth & !TSites.IsInside(p, place, block.Tap))
            block = block.Next(p);
        return block;
    }

    public static bool Has<TSites>(in ProductArguments p, in Tap tap) where TSites : struct, ISites =>
        TSites.IsInside(p, Place<TSites>(p), tap);

    // The place of the image that the group is at.
    private static Site Place<TSites>(in ProductArguments p) where TSites : struct, ISites =>
        TSites.At(p, Grid.IdxX % (p.SiteHeight * p.SiteWidth));
}
