using System.Runtime.Intrinsics;

namespace Whence.Kernels;

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

    public readonly int Count => Examples * Height * Width;

    /// <summary>Writes the pointers of some sites from one on.</summary>
    public readonly void Locate(int first, int count, float** a, float** y)
    {
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
internal static unsafe class Product
{
    /// <summary>How many sites share a block of weights while it is near.</summary>
    private const int MaxSites = 8 * Tile.MaxRows;

    /// <summary>Floats of input that the sites which share a block may have.</summary>
    private const int NearInputs = 1 << 16;

    /// <summary>At every site: output = then(bias + taps of the input x weights). A null bias is none.</summary>
    public static void Run<F>(Panels weights, in Taps taps, in Sites sites, float* bias, F then) where F : struct, IElementwise
    {
        if (weights.Lanes == 16)
            Run<Vector512<float>, Width512, Vector512Math, F>(weights, taps, sites, bias, then);
        else if (weights.Lanes == 8)
            Run<Vector256<float>, Width256, Vector256Math, F>(weights, taps, sites, bias, then);
        else
            Run<Vector128<float>, Width128, Vector128Math, F>(weights, taps, sites, bias, then);
        GC.KeepAlive(weights);
    }

    private static void Run<V, L, M, F>(Panels weights, in Taps taps, in Sites sites, float* bias, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var a = stackalloc float*[MaxSites];
        var y = stackalloc float*[MaxSites];
        var count = sites.Count;
        var share = Math.Clamp(NearInputs / Math.Max(1, weights.Depth) / Tile.MaxRows * Tile.MaxRows, Tile.MaxRows, MaxSites);
        for (var first = 0; first < count; first += share)
        {
            var some = Math.Min(share, count - first);
            sites.Locate(first, some, a, y);
            if (some == 1)
                Row<V, L, M, F>(weights, taps, a[0], y[0], bias, then);
            else
                Blocks<V, L, M, F>(weights, taps, a, y, some, bias, then);
        }
    }

    private static void Blocks<V, L, M, F>(Panels weights, in Taps taps, float** a, float** y, int count, float* bias, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var near = stackalloc float[2 * L.Count];
        var part = stackalloc float[Tile.MaxRows * 2 * L.Count];
        var parts = stackalloc float*[Tile.MaxRows];
        for (var i = 0; i < Tile.MaxRows; i++)
            parts[i] = part + i * 2 * L.Count;

        var b = weights.Start;
        for (var column = 0; column < weights.Columns; column += 2 * L.Count, b += (nint)2 * L.Count * weights.Depth)
        {
            var columns = Math.Min(2 * L.Count, weights.Columns - column);
            var whole = columns == 2 * L.Count;
            var start = BiasOf(bias, column, columns, 2 * L.Count, near);
            var tiles = (count + Tile.MaxRows - 1) / Tile.MaxRows;
            for (int tile = 0, row = 0; tile < tiles; tile++)
            {
                // Rows are dealt out evenly: 7 are 4 and 3, never 6 and 1, which would leave the machine waiting for one chain.
                var rows = count / tiles + (tile < count % tiles ? 1 : 0);
                Tiled<V, L, M, F>(rows, columns <= L.Count, a + row, taps, b, start, whole ? y + row : parts, then);
                for (var i = 0; i < rows; i++)
                {
                    if (!whole)
                        new ReadOnlySpan<float>(parts[i], columns).CopyTo(new Span<float>(y[row + i], columns));
                    else
                        y[row + i] += 2 * L.Count;
                }
                row += rows;
            }
        }
    }

    private static void Tiled<V, L, M, F>(int rows, bool narrow, float** a, in Taps taps, float* b, float* bias, float** y, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        switch (narrow ? -rows : rows)
        {
            case 6: Tile.Block<V, L, M, F, Six, Two>(a, taps, b, bias, y, then); break;
            case 5: Tile.Block<V, L, M, F, Five, Two>(a, taps, b, bias, y, then); break;
            case 4: Tile.Block<V, L, M, F, Four, Two>(a, taps, b, bias, y, then); break;
            case 3: Tile.Block<V, L, M, F, Three, Two>(a, taps, b, bias, y, then); break;
            case 2: Tile.Block<V, L, M, F, Two, Two>(a, taps, b, bias, y, then); break;
            case 1: Tile.Block<V, L, M, F, One, Two>(a, taps, b, bias, y, then); break;
            case -6: Tile.Block<V, L, M, F, Six, One>(a, taps, b, bias, y, then); break;
            case -5: Tile.Block<V, L, M, F, Five, One>(a, taps, b, bias, y, then); break;
            case -4: Tile.Block<V, L, M, F, Four, One>(a, taps, b, bias, y, then); break;
            case -3: Tile.Block<V, L, M, F, Three, One>(a, taps, b, bias, y, then); break;
            case -2: Tile.Block<V, L, M, F, Two, One>(a, taps, b, bias, y, then); break;
            case -1: Tile.Block<V, L, M, F, One, One>(a, taps, b, bias, y, then); break;
        }
    }

    private static void Row<V, L, M, F>(Panels weights, in Taps taps, float* a, float* y, float* bias, F then)
        where V : struct
        where L : struct, IWidth<V>
        where M : struct, IMath<V>
        where F : struct, IElementwise
    {
        var most = Tile.MaxVectors * L.Count;
        var near = stackalloc float[most];
        var part = stackalloc float[most];
        var stride = (nint)2 * L.Count * weights.Depth;
        for (var column = 0; column < weights.Columns; column += most)
        {
            var columns = Math.Min(most, weights.Columns - column);
            var vectors = (columns + L.Count - 1) / L.Count;
            var whole = columns == vectors * L.Count;
            var b = weights.Start + (nint)column * weights.Depth;
            var start = BiasOf(bias, column, columns, vectors * L.Count, near);
            var to = whole ? y + column : part;
            switch (vectors)
            {
                case 8: Tile.Row<V, L, M, F, Eight>(a, taps, b, stride, start, to, then); break;
                case 7: Tile.Row<V, L, M, F, Seven>(a, taps, b, stride, start, to, then); break;
                case 6: Tile.Row<V, L, M, F, Six>(a, taps, b, stride, start, to, then); break;
                case 5: Tile.Row<V, L, M, F, Five>(a, taps, b, stride, start, to, then); break;
                case 4: Tile.Row<V, L, M, F, Four>(a, taps, b, stride, start, to, then); break;
                case 3: Tile.Row<V, L, M, F, Three>(a, taps, b, stride, start, to, then); break;
                case 2: Tile.Row<V, L, M, F, Two>(a, taps, b, stride, start, to, then); break;
                default: Tile.Row<V, L, M, F, One>(a, taps, b, stride, start, to, then); break;
            }
            if (!whole)
                new ReadOnlySpan<float>(part, columns).CopyTo(new Span<float>(y + column, columns));
        }
    }

    /// <summary>The bias of some columns, or where they do not fill their vectors, or there is none, a copy that does.</summary>
    private static float* BiasOf(float* bias, int column, int columns, int width, float* near)
    {
        if (bias != null && columns == width)
            return bias + column;
        var copy = new Span<float>(near, width);
        copy.Clear();
        if (bias != null)
            new ReadOnlySpan<float>(bias + column, columns).CopyTo(copy);
        return near;
    }
}
