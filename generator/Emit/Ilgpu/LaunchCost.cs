using System.Globalization;
using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>What a launch of a product takes, as a comment over it.</summary>
internal static class LaunchCost
{
    private const int Threads = 128;
    private const int Block = 16;

    // Of what a group knows of each row of its tile.
    private const int RowBytes = 24;
    private const int ColumnBytes = 16;

    /// <summary>Columns of the tile that so many columns of a product are computed by, as the runtime chooses it.</summary>
    public static int TileColumns(int columns) => columns <= 32 ? 32 : Up(columns, 64) < Up(columns, 128) ? 64 : 128;

    /// <summary>Rows of the tile of so many columns.</summary>
    public static int TileRows(int tileColumns) => Threads * Held(tileColumns) / tileColumns;

    /// <summary>Numbers of the result that a thread has in registers.</summary>
    private static int Held(int tileColumns) => tileColumns == 32 ? 32 : 64;

    /// <summary>Bytes of shared memory: factors and weights, or the tile that is written where they were; its rows and columns.</summary>
    public static int SharedBytes(int tileColumns)
    {
        var rows = TileRows(tileColumns);
        return Math.Max(Block * (rows + 4 + tileColumns), rows * tileColumns) * sizeof(float) + rows * RowBytes + tileColumns * ColumnBytes;
    }

    /// <summary>Of a product; null of any other step.</summary>
    public static string? Of(Step step)
    {
        if (step is not (FusedStep or TwiceStep or DenseStep or ConvolutionStep))
            return null;
        var second = (step as TwiceStep)?.Second;
        var group = (step as TwiceStep)?.First ?? step as FusedStep ?? FusedStep.Of(step);
        var size = ProductSize.Of(group.Product);
        var tile = TileColumns(size.Columns / size.Groups);
        var parts = new List<string>
        {
            $"{(second is null ? "" : "twice ")}{Whole(size.Products)} multiply-adds a row",
            $"tiles of {TileRows(tile)} x {tile}, {Held(tile)} sums a thread, {Whole(SharedBytes(tile))} B shared",
        };
        var read = step.From.Where(value => value != second?.To).GroupBy(Each).Where(rate => rate.Key.Length > 0)
            .Select(rate => $"{Whole(rate.Sum(Bytes))} B {rate.Key}");
        parts.Add($"reads {string.Join(" and ", read)}");
        parts.Add(group.Sum is null
            ? $"writes {Whole(Bytes(step.To) + (second is null ? 0 : Bytes(second.To)))} B a row"
            : $"adds to {Whole(2 * Bytes(step.To))} B a path, and writes no step");
        if (step.From.FirstOrDefault(value => value.Storage == Storage.Head)?.Head is { } head)
            parts.Add($"{Whole(ProductSize.Of(head).Products)} more multiply-adds a row for what comes down from the seed");
        if (group.Factor.Expr is not Argument || second is { Factor.Expr: not Argument })
            parts.Add($"forms each element of its factor {Times(size, group.Product.From[0])} rather than keep it");
        return string.Join("; ", parts);
    }

    private static string Times(ProductSize size, PlannedValue factor)
    {
        var times = Math.Max(1, size.Reads / (double)factor.Size);
        return times < 1.05 ? "once" : $"{times.ToString("0.#", CultureInfo.InvariantCulture)} times";
    }

    // How often a value is there.
    private static string Each(PlannedValue value) => value.Storage switch
    {
        Storage.Constant => "in all",
        Storage.Kept or Storage.SumHigh or Storage.SumLow => "a path or reference",
        Storage.Alpha or Storage.Seed or Storage.Head => "",
        _ => "a row",
    };

    private static long Bytes(PlannedValue value) => (long)value.Size * sizeof(float);

    private static int Up(int count, int whole) => (count + whole - 1) / whole * whole;

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
