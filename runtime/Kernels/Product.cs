using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whence.CompilerServices;

/// <summary>
/// The places of a product's outputs: Examples x Height x Width of them, at constant steps in the input and in the output.
/// The rows of a matrix product are examples of one place each.
/// </summary>
internal unsafe struct Sites
{
    public float* Input;
    public float* Output;
    public int Examples, Height, Width;
    public nint InputExample, InputRow, InputColumn;
    public nint OutputExample, OutputRow, OutputColumn;

    /// <summary>What the sums of outputs begin with, of examples of one place each; null where a bias serves all.</summary>
    public float* Start;
    public nint StartExample;

    public readonly int Count => Examples * Height * Width;

    /// <summary>Writes the pointers of some sites from one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Locate(int first, int count, float** a, float** y)
    {
        if (Height * Width == 1)
        {
            var from = Input + first * InputExample;
            var to = Output + first * OutputExample;
            for (var i = 0; i < count; i++, from += InputExample, to += OutputExample)
            {
                a[i] = from;
                y[i] = to;
            }
            return;
        }
        var (row, column) = Math.DivRem(first, Width);
        var (example, line) = Math.DivRem(row, Height);
        for (var i = 0; i < count; i++)
        {
            a[i] = Input + example * InputExample + line * InputRow + column * InputColumn;
            y[i] = Output + example * OutputExample + line * OutputRow + column * OutputColumn;
            if (++column < Width)
                continue;
            column = 0;
            if (++line < Height)
                continue;
            line = 0;
            example++;
        }
    }
}

/// <summary>Divides a product into tiles.</summary>
internal static unsafe partial class Product
{
    /// <summary>How many sites share a block of weights while it is near.</summary>
    private const int MaxSites = 32 * Tile.MaxRows;

    /// <summary>Floats of input that the sites which share a block may have.</summary>
    private const int NearInputs = 1 << 17;

    /// <summary>At every site: output = then(bias + taps of the input x weights). A null bias is none.</summary>
    public static void Run<F>(Panels weights, in Taps taps, in Sites sites, float* bias, F then) where F : struct, IElementwise
    {
        Run(weights.View, taps, sites, bias, then);
        GC.KeepAlive(weights);
    }

    /// <summary>The same with panels that somebody else keeps where they are.</summary>
    public static void Run<F>(PanelView weights, in Taps taps, in Sites sites, float* bias, F then) where F : struct, IElementwise
    {
        if (weights.Lanes == 16)
            Run<Vector512<float>, Width512, Vector512Math, F>(weights, taps, sites, bias, then);
        else if (weights.Lanes == 8)
            Run<Vector256<float>, Width256, Vector256Math, F>(weights, taps, sites, bias, then);
        else
            Run<Vector128<float>, Width128, Vector128Math, F>(weights, taps, sites, bias, then);
    }

    private static void Run<V, L, M, F>(PanelView weights, in Taps taps, in Sites sites, float* bias, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        if (sites.Count == 1)
            One<V, L, M, F>(weights, taps, sites, bias, then);
        else
            All<V, L, M, F>(weights, taps, sites, bias, then);
    }

    /// <summary>
    /// One site, as of a dense layer's only row: nothing is dealt out or located, which would take as long as a small product.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<V, L, M, F>(PanelView weights, in Taps taps, in Sites sites, float* bias, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        if (weights.Columns >= L.Count)
        {
            var zero = stackalloc float[Tile.MaxVectors * L.Count];
            var begin = sites.Start == null ? bias : sites.Start;
            if (begin == null)
                new Span<float>(zero, Tile.MaxVectors * L.Count).Clear();
            Row<V, L, M, F>(weights, taps, sites.Input, sites.Output, begin, zero, then);
            return;
        }
        float* a = sites.Input, y = sites.Output, start = sites.Start;
        Sliver<V, L, M, F>(weights, taps, &a, &y, 1, bias, start == null ? null : &start, then);
    }

    /// <summary>Throws unless the spans hold so many rows and do not overlap.</summary>
    public static void Check(ReadOnlySpan<float> x, int inputs, ReadOnlySpan<float> bias, int channels, ReadOnlySpan<float> y, int outputs,
        int rows)
    {
        Lengths.Require(x, rows, inputs, nameof(x));
        Lengths.Require(y, rows, outputs, nameof(y));
        if (!bias.IsEmpty)
            Lengths.Require(bias, 1, channels, nameof(bias));
        if (x[..(rows * inputs)].Overlaps(y[..(rows * outputs)]))
            throw new ArgumentException("The result is written while the input is read: y must be memory that x does not use.", nameof(y));
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void All<V, L, M, F>(PanelView weights, in Taps taps, in Sites sites, float* bias, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var a = stackalloc float*[MaxSites];
        var y = stackalloc float*[MaxSites];
        var starts = stackalloc float*[MaxSites];
        var zero = stackalloc float[Tile.MaxVectors * L.Count];
        if (bias == null)
            new Span<float>(zero, Tile.MaxVectors * L.Count).Clear();
        var count = sites.Count;
        var share = Share(count, weights.Depth);
        for (var first = 0; first < count; first += share)
        {
            var some = Math.Min(share, count - first);
            sites.Locate(first, some, a, y);
            for (var i = 0; sites.Start != null && i < some; i++)
                starts[i] = sites.Start + (first + i) * sites.StartExample;
            var from = sites.Start == null ? null : starts;
            if (weights.Columns < L.Count)
                Sliver<V, L, M, F>(weights, taps, a, y, some, bias, from, then);
            else if (some == 1)
                Row<V, L, M, F>(weights, taps, a[0], y[0], from == null ? bias : from[0], zero, then);
            else
                Blocks<V, L, M, F>(weights, taps, a, y, some, bias, from, zero, then);
        }
    }

    /// <summary>Sites dealt out evenly into as few parts as may share a block of weights, each of whole tiles.</summary>
    private static int Share(int count, int depth)
    {
        var most = Math.Clamp(NearInputs / Math.Max(1, depth), Tile.MaxRows, MaxSites);
        var parts = (count + most - 1) / most;
        return parts <= 1 ? most : Math.Min(MaxSites, ((count + parts - 1) / parts + Tile.MaxRows - 1) / Tile.MaxRows * Tile.MaxRows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks<V, L, M, F>(PanelView weights, in Taps taps, float** a, float** y, int count, float* bias, float** starts,
        float* zero, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var b = weights.Start;
        for (var vector = 0; vector < weights.Vectors; vector += 2, b += (nint)2 * L.Count * weights.Depth)
        {
            var column = weights.Column(vector);
            var start = bias == null ? zero - column : bias;
            if (vector + 1 == weights.Vectors)
                Narrow<V, L, M, F>(count, a, taps, b, start, starts, y, column, then);
            else
                Wide<V, L, M, F>(count, a, taps, b, start, starts, y, column, weights.Column(vector + 1) - column, then);
        }
    }

    /// <summary>Fewer columns than lanes: the only vectors that are stored in part, by way of memory where they fit whole.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sliver<V, L, M, F>(PanelView weights, in Taps taps, float** a, float** y, int count, float* bias, float** starts,
        F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var columns = weights.Columns;
        var start = stackalloc float[L.Count];
        for (var i = 0; i < L.Count; i++)
            start[i] = bias == null || i >= columns ? 0 : bias[i];
        var whole = stackalloc float[MaxSites * L.Count];
        var wholes = stackalloc float*[MaxSites];
        for (var i = 0; i < count; i++)
            wholes[i] = whole + i * L.Count;
        // What a row begins with may end where its columns do; it is read before the row is written.
        for (var i = 0; starts != null && i < count; i++)
        {
            for (var column = 0; column < L.Count; column++)
                wholes[i][column] = column < columns ? starts[i][column] : 0;
        }
        Narrow<V, L, M, F>(count, a, taps, weights.Start, start, starts == null ? null : wholes, wholes, 0, then);
        for (var i = 0; i < count; i++)
        {
            for (var column = 0; column < columns; column++)
                y[i][column] = wholes[i][column];
        }
    }

    /// <summary>
    /// Rows are dealt out evenly to tiles: 7 are 4 and 3, never 6 and 1, which would leave the machine waiting for one chain.
    /// The first tiles have one row more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide<V, L, M, F>(int count, float** a, in Taps taps, float* b, float* bias, float** starts, float** y, nint column,
        nint second, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var tiles = (count + Tile.MaxRows - 1) / Tile.MaxRows;
        var (rows, larger) = Math.DivRem(count, tiles);
        if (larger > 0)
            Wide<V, L, M, F>(rows + 1, larger, a, taps, b, bias, starts, y, column, second, then);
        var done = larger * (rows + 1);
        Wide<V, L, M, F>(rows, tiles - larger, a + done, taps, b, bias, starts == null ? null : starts + done, y + done, column, second,
            then);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide<V, L, M, F>(int rows, int tiles, float** a, in Taps taps, float* b, float* bias, float** starts, float** y,
        nint column, nint second, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        switch (rows)
        {
            case 6: Tile.Block<V, L, M, F, Six, Two>(a, taps, b, bias, starts, y, column, second, tiles, then); break;
            case 5: Tile.Block<V, L, M, F, Five, Two>(a, taps, b, bias, starts, y, column, second, tiles, then); break;
            case 4: Tile.Block<V, L, M, F, Four, Two>(a, taps, b, bias, starts, y, column, second, tiles, then); break;
            case 3: Tile.Block<V, L, M, F, Three, Two>(a, taps, b, bias, starts, y, column, second, tiles, then); break;
            case 2: Tile.Block<V, L, M, F, Two, Two>(a, taps, b, bias, starts, y, column, second, tiles, then); break;
            case 1: Tile.Block<V, L, M, F, One, Two>(a, taps, b, bias, starts, y, column, second, tiles, then); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<V, L, M, F>(int count, float** a, in Taps taps, float* b, float* bias, float** starts, float** y,
        nint column, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var tiles = (count + Tile.MaxNarrowRows - 1) / Tile.MaxNarrowRows;
        var (rows, larger) = Math.DivRem(count, tiles);
        if (larger > 0)
            Narrow<V, L, M, F>(rows + 1, larger, a, taps, b, bias, starts, y, column, then);
        var done = larger * (rows + 1);
        Narrow<V, L, M, F>(rows, tiles - larger, a + done, taps, b, bias, starts == null ? null : starts + done, y + done, column, then);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<V, L, M, F>(int rows, int tiles, float** a, in Taps taps, float* b, float* bias, float** starts, float** y,
        nint column, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        switch (rows)
        {
            case 8: Tile.Block<V, L, M, F, Eight, One>(a, taps, b, bias, starts, y, column, 0, tiles, then); break;
            case 7: Tile.Block<V, L, M, F, Seven, One>(a, taps, b, bias, starts, y, column, 0, tiles, then); break;
            case 6: Tile.Block<V, L, M, F, Six, One>(a, taps, b, bias, starts, y, column, 0, tiles, then); break;
            case 5: Tile.Block<V, L, M, F, Five, One>(a, taps, b, bias, starts, y, column, 0, tiles, then); break;
            case 4: Tile.Block<V, L, M, F, Four, One>(a, taps, b, bias, starts, y, column, 0, tiles, then); break;
            case 3: Tile.Block<V, L, M, F, Three, One>(a, taps, b, bias, starts, y, column, 0, tiles, then); break;
            case 2: Tile.Block<V, L, M, F, Two, One>(a, taps, b, bias, starts, y, column, 0, tiles, then); break;
            case 1: Tile.Block<V, L, M, F, One, One>(a, taps, b, bias, starts, y, column, 0, tiles, then); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<V, L, M, F>(PanelView weights, in Taps taps, float* a, float* y, float* bias, float* zero, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var stride = (nint)2 * L.Count * weights.Depth;
        for (var vector = 0; vector < weights.Vectors; vector += Tile.MaxVectors)
        {
            var vectors = Math.Min(Tile.MaxVectors, weights.Vectors - vector);
            var column = weights.Column(vector);
            var last = weights.Column(vector + vectors - 1) - column;
            var b = weights.Start + vector / 2 * stride;
            var start = bias == null ? zero : bias + column;
            switch (vectors)
            {
                case 8: Tile.Row<V, L, M, F, Eight>(a, taps, b, stride, start, last, y + column, then); break;
                case 7: Tile.Row<V, L, M, F, Seven>(a, taps, b, stride, start, last, y + column, then); break;
                case 6: Tile.Row<V, L, M, F, Six>(a, taps, b, stride, start, last, y + column, then); break;
                case 5: Tile.Row<V, L, M, F, Five>(a, taps, b, stride, start, last, y + column, then); break;
                case 4: Tile.Row<V, L, M, F, Four>(a, taps, b, stride, start, last, y + column, then); break;
                case 3: Tile.Row<V, L, M, F, Three>(a, taps, b, stride, start, last, y + column, then); break;
                case 2: Tile.Row<V, L, M, F, Two>(a, taps, b, stride, start, last, y + column, then); break;
                case 1: Tile.Row<V, L, M, F, One>(a, taps, b, stride, start, last, y + column, then); break;
            }
        }
    }
}
