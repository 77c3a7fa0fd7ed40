namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// What a product reads of its first factor. A site is a row of it: an example, or a place of an output; its columns go by depth, taps
/// outermost.
/// </summary>
internal interface ISites
{
    /// <summary>The place of a site: its example, its row and its column.</summary>
    static abstract Site At(in ProductArguments p, int site);

    /// <summary>The tap of a depth.</summary>
    static abstract Tap Tap(in ProductArguments p, int depth);

    /// <summary>The tap of a place in a block, where no block lies in two.</summary>
    static abstract Tap TapOf(in ProductArguments p, in DepthBlock block, int place);

    /// <summary>Whether what a site has at a tap lies inside the image.</summary>
    static abstract bool IsInside(in ProductArguments p, in Site site, in Tap tap);

    /// <summary>Where in the example a site has it, if it is inside.</summary>
    static abstract int Place(in ProductArguments p, in Site site, in Tap tap);
}

/// <summary>Where a site lies: its example, its row and its column.</summary>
internal readonly struct Site(int example, int row, int column)
{
    public readonly int Example = example;
    public readonly int Row = row;
    public readonly int Column = column;
}

/// <summary>A place in the depth of a product: a row and a column of the window, and a channel.</summary>
internal readonly struct Tap(int row, int column, int channel)
{
    public readonly int Row = row;
    public readonly int Column = column;
    public readonly int Channel = channel;

    /// <summary>The tap of a depth.</summary>
    public static Tap Of(in ProductArguments p, int depth)
    {
        var place = depth / p.Channels;
        var row = place / p.KernelWidth;
        return new Tap(row, place - row * p.KernelWidth, depth - place * p.Channels);
    }

    /// <summary>The next one.</summary>
    public Tap Next(in ProductArguments p)
    {
        var isLast = Channel + 1 == p.Channels;
        var column = isLast ? Column + 1 : Column;
        var isEnd = column == p.KernelWidth;
        return new Tap(isEnd ? Row + 1 : Row, isEnd ? 0 : column, isLast ? 0 : Channel + 1);
    }
}

/// <summary>
/// As much of the depth as is in shared memory at a time: where it starts, and, where no block lies in two taps, its first tap, which takes
/// no division to go on.
/// </summary>
internal readonly struct DepthBlock(int start, Tap tap)
{
    public readonly int Start = start;
    public readonly Tap Tap = tap;

    /// <summary>The block after it.</summary>
    public DepthBlock Next(in ProductArguments p)
    {
        var isLast = Tap.Channel + Padded.Block == p.Channels;
        var column = isLast ? Tap.Column + 1 : Tap.Column;
        var isEnd = column == p.KernelWidth;
        return new DepthBlock(Start + Padded.Block,
            new Tap(isEnd ? Tap.Row + 1 : Tap.Row, isEnd ? 0 : column, isLast ? 0 : Tap.Channel + Padded.Block));
    }
}

/// <summary>Rows, one after the other.</summary>
internal readonly struct DenseSites : ISites
{
    public static Site At(in ProductArguments p, int site) => new(site, 0, 0);

    public static Tap Tap(in ProductArguments p, int depth) => new(0, 0, depth);

    public static Tap TapOf(in ProductArguments p, in DepthBlock block, int place) => new(0, 0, block.Start + place);

    public static bool IsInside(in ProductArguments p, in Site site, in Tap tap) => true;

    public static int Place(in ProductArguments p, in Site site, in Tap tap) => tap.Channel;
}

/// <summary>
/// What each output of a convolution looks at, and, of one that goes back, what each stride of its inputs is looked at by.
/// </summary>
internal readonly struct WindowSites : ISites
{
    public static Site At(in ProductArguments p, int site)
    {
        var line = site / p.SiteWidth;
        var example = line / p.SiteHeight;
        return new Site(example, line - example * p.SiteHeight, site - line * p.SiteWidth);
    }

    public static Tap Tap(in ProductArguments p, int depth) => Gpu.Tap.Of(p, depth);

    public static Tap TapOf(in ProductArguments p, in DepthBlock block, int place) =>
        new(block.Tap.Row, block.Tap.Column, block.Tap.Channel + place);

    public static bool IsInside(in ProductArguments p, in Site site, in Tap tap)
    {
        var (y, x) = (Row(p, site, tap), Column(p, site, tap));
        return y >= 0 & y < p.Height & x >= 0 & x < p.Width;
    }

    public static int Place(in ProductArguments p, in Site site, in Tap tap) =>
        (Row(p, site, tap) * p.Width + Column(p, site, tap)) * p.AllChannels + Grid.IdxZ * p.Channels + tap.Channel;

    private static int Row(in ProductArguments p, in Site site, in Tap tap) =>
        site.Row * p.StrideHeight - p.PadHeight + tap.Row * p.DilationHeight;

    private static int Column(in ProductArguments p, in Site site, in Tap tap) =>
        site.Column * p.StrideWidth - p.PadWidth + tap.Column * p.DilationWidth;
}

/// <summary>A product of sites with weights, and how the sites lie.</summary>
internal struct ProductArguments
{
    /// <summary>What the first factor is made of.</summary>
    public Source A;
    public Source B;
    public Source C;
    public Source D;

    /// <summary>What the result's numbers are finished with.</summary>
    public Source P;
    public Source Q;
    public Source R;
    public Source S;
    public Source T;

    /// <summary>[groups][padded depth][padded columns].</summary>
    public ArrayView<float> Weights;
    public ArrayView<float> Bias;
    public ArrayView<float> Y;

    /// <summary>The sums over the steps, and the weight of each step in them.</summary>
    public ArrayView<float> High;
    public ArrayView<float> Low;
    public ArrayView<float> StepWeights;

    /// <summary>Examples.</summary>
    public int Examples;

    /// <summary>Rows of the product: sites of all examples.</summary>
    public int Count;

    /// <summary>What is summed over: taps times channels.</summary>
    public int Depth;
    public int PaddedDepth;

    /// <summary>Columns of the product, of one group: phases times outputs.</summary>
    public int Columns;
    public int PaddedColumns;

    /// <summary>1 where four neighbours in the depth always lie side by side in every operand, and where one load brings them.</summary>
    public int IsInFours;

    /// <summary>1 where a block of the depth never lies in two taps.</summary>
    public int IsInBlocks;

    /// <summary>Outputs of one group and phase, and of all groups.</summary>
    public int Outputs;
    public int AllOutputs;

    /// <summary>1 where there is a bias.</summary>
    public int HasBias;

    /// <summary>Channels of one group of the first factor, and of all.</summary>
    public int Channels;
    public int AllChannels;

    /// <summary>Rows and columns of the first factor.</summary>
    public int Height;
    public int Width;

    /// <summary>Rows and columns of the sites.</summary>
    public int SiteHeight;
    public int SiteWidth;
    public int KernelWidth;
    public int StrideHeight;
    public int StrideWidth;
    public int PadHeight;
    public int PadWidth;
    public int DilationHeight;
    public int DilationWidth;

    /// <summary>
    /// Rows and columns of the result, how many of them a site has, and how many of the first site's come before the first.
    /// </summary>
    public int OutHeight;
    public int OutWidth;
    public int PhaseHeight;
    public int PhaseWidth;
    public int BeforeHeight;
    public int BeforeWidth;

    /// <summary>From one row of the result, or of the sums, to the next, and where in it the result begins.</summary>
    public int Row;
    public int Offset;

    /// <summary>Rows of a path, and how many of the first path's come before.</summary>
    public int Steps;
    public int FirstStep;

    /// <summary>1 where a path's sums begin with its first step.</summary>
    public int Begins;

    /// <summary>Of two products, tiles of each, and how much further the second's result lies.</summary>
    public int TilesEach;
    public int Apart;

    /// <summary>What the first operand is multiplied by of which a number's finish has the product: [units][pitch].</summary>
    public ArrayView<float> HeadWeights;
    public int HeadUnits;
    public int HeadPitch;

    /// <summary>Of sums: the paths, and how many steps of one path a tile has at once.</summary>
    public int Paths;
    public int TileSteps;
}
