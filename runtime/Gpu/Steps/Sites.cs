namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// What a product reads of its first factor. A site is a row of it: an example, or a place of an output; its columns go by depth, taps
/// outermost.
/// </summary>
internal interface ISites
{
    /// <summary>Where a site lies.</summary>
    static abstract Site At(in ProductArguments p, int site);

    /// <summary>The factor at a site and a tap; 0 outside the image.</summary>
    static abstract float Read(in ProductArguments p, in Site site, in Tap tap);
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

/// <summary>Rows, one after the other.</summary>
internal readonly struct DenseSites : ISites
{
    public static Site At(in ProductArguments p, int site) => new(site, 0, 0);

    public static float Read(in ProductArguments p, in Site site, in Tap tap) => p.X[site.Example * p.Example + tap.Channel];
}

/// <summary>What each output of a convolution looks at.</summary>
internal readonly struct ConvolutionSites : ISites
{
    public static Site At(in ProductArguments p, int site) => p.Place(site);

    public static float Read(in ProductArguments p, in Site site, in Tap tap)
    {
        var y = site.Row * p.StrideHeight - p.PadHeight + tap.Row * p.DilationHeight;
        var x = site.Column * p.StrideWidth - p.PadWidth + tap.Column * p.DilationWidth;
        return p.Within(site.Example, y, x, tap.Channel);
    }
}

/// <summary>The outputs of a convolution that look at each of its inputs.</summary>
internal readonly struct TransposedSites : ISites
{
    public static Site At(in ProductArguments p, int site) => p.Place(site);

    public static float Read(in ProductArguments p, in Site site, in Tap tap)
    {
        var y = site.Row + p.PadHeight - tap.Row * p.DilationHeight;
        var x = site.Column + p.PadWidth - tap.Column * p.DilationWidth;
        var (outY, outX) = (y / p.StrideHeight, x / p.StrideWidth);
        // Division goes towards zero: what is negative must not pass for the first row.
        var isOn = y >= 0 & x >= 0 & outY * p.StrideHeight == y & outX * p.StrideWidth == x;
        return p.Within(site.Example, isOn ? outY : -1, outX, tap.Channel);
    }
}

/// <summary>A product of sites with weights, and how the sites lie.</summary>
internal struct ProductArguments
{
    public ArrayView<float> X;
    public ArrayView<float> Weights;
    public ArrayView<float> Bias;
    public ArrayView<float> Y;

    /// <summary>Rows of the product.</summary>
    public int Count;

    /// <summary>What is summed over: taps times channels.</summary>
    public int Depth;

    /// <summary>Columns of the product, of one group.</summary>
    public int Outputs;

    /// <summary>From one row of the result to the next.</summary>
    public int Pitch;

    /// <summary>1 where there is a bias.</summary>
    public int HasBias;

    /// <summary>From one example of the first factor to the next.</summary>
    public int Example;

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

    /// <summary>A site of an image.</summary>
    public readonly Site Place(int site)
    {
        var line = site / SiteWidth;
        var example = line / SiteHeight;
        return new Site(example, line - example * SiteHeight, site - line * SiteWidth);
    }

    /// <summary>
    /// The first factor at a place of an image, 0 outside it: read first and chosen after, so that no thread goes its own way.
    /// </summary>
    public readonly float Within(int example, int row, int column, int channel)
    {
        var isInside = row >= 0 & row < Height & column >= 0 & column < Width;
        var place = isInside ? row * Width + column : 0;
        var value = X[example * Example + place * AllChannels + Grid.IdxZ * Channels + channel];
        return isInside ? value : 0f;
    }
}
