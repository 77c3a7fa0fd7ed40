namespace Whence.Gpu;

/// <summary>
/// The shape of what a group of 128 threads computes of a product: each thread has eight rows, and four columns or eight, of it in
/// registers. Which a product takes follows from how many columns it has, and never from its rows.
/// </summary>
internal interface ITile
{
    /// <summary>Threads side by side.</summary>
    static abstract int Across { get; }

    /// <summary>Columns of a thread: 4, or 8 in two halves.</summary>
    static abstract int Each { get; }
}

/// <summary>128 rows, 32 columns.</summary>
internal readonly struct NarrowTile : ITile
{
    public static int Across => 8;

    public static int Each => 4;
}

/// <summary>128 rows, 64 columns.</summary>
internal readonly struct TallTile : ITile
{
    public static int Across => 8;

    public static int Each => 8;
}

/// <summary>64 rows, 128 columns.</summary>
internal readonly struct WideTile : ITile
{
    public static int Across => 16;

    public static int Each => 8;
}

/// <summary>How a product's columns and depth are padded, so that no thread reads beyond its weights.</summary>
internal static class Padded
{
    /// <summary>What of the depth is in shared memory at a time.</summary>
    public const int Block = 16;

    /// <summary>The columns of the tile that so many columns are computed by.</summary>
    public static int Tile(int columns) =>
        columns <= 32 ? 32 : Up(columns, 64) < Up(columns, 128) ? 64 : 128;

    /// <summary>Columns, padded to whole tiles.</summary>
    public static int Columns(int columns) => Up(columns, Tile(columns));

    /// <summary>Depth, padded to whole blocks.</summary>
    public static int Depth(int depth) => Up(depth, Block);

    private static int Up(int count, int whole) => (count + whole - 1) / whole * whole;
}
