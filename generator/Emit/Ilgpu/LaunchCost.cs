using System.Globalization;
using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Ilgpu;

/// <summary>What a launch takes, as a comment over it.</summary>
internal static class LaunchCost
{
    private const int Threads = 128;
    private const int Block = 16;
    private const int RowsOfThread = 8;

    // Of what a group knows of each row of its tile.
    private const int RowBytes = 24;
    private const int ColumnBytes = 16;

    /// <summary>Columns of the tile that so many columns of a product are computed by, as the runtime chooses it.</summary>
    public static int TileColumns(int columns) => columns <= 32 ? 32 : Up(columns, 64) < Up(columns, 128) ? 64 : 128;

    /// <summary>Rows of the tile of so many columns.</summary>
    public static int TileRows(int tileColumns) => Threads * Held(tileColumns) / tileColumns;

    /// <summary>Numbers of the result that a thread has in registers.</summary>
    private static int Held(int tileColumns) => tileColumns == 32 ? 32 : 64;

    /// <summary>
    /// Floats that a thread has in registers at most: its sums, and beside them at two places of the depth its rows' factors and its
    /// columns' weights, or the operands of what it brings of the first factor, all of which is on its way at once.
    /// </summary>
    public static int LiveFloats(int tileColumns, int operands)
    {
        var each = Held(tileColumns) / RowsOfThread;
        var brought = Block * TileRows(tileColumns) / Threads * operands;
        return Held(tileColumns) + Math.Max(2 * (RowsOfThread + each), brought);
    }

    /// <summary>Why so many columns have their tile.</summary>
    private static string Chosen(int columns)
    {
        var tile = TileColumns(columns);
        var padding = Up(columns, tile) - columns;
        if (tile == 32)
            return $"which hold all {Whole(columns)} columns";
        return tile == 64
            ? $"which pad {Whole(columns)} columns by {padding}, wider ones by {Up(columns, 128) - columns}"
            : $"which pad {Whole(columns)} columns by {padding}, narrower ones no less";
    }

    /// <summary>Bytes of shared memory: factors and weights, or the tile that is written where they were; its rows and columns.</summary>
    public static int SharedBytes(int tileColumns)
    {
        var rows = TileRows(tileColumns);
        return Math.Max(Block * (rows + 4 + tileColumns), rows * tileColumns) * sizeof(float) + rows * RowBytes + tileColumns * ColumnBytes;
    }

    /// <summary>Of a step that is launched; null of one that is none.</summary>
    public static string? Of(Step step) => step switch
    {
        FusedStep or TwiceStep or DenseStep or ConvolutionStep => OfProduct(step),
        MapStep or BetweenStep or SumStep or KernelStep or CopyStep => OfElements(step),
        _ => null,
    };

    // What no product takes in: a thread computes an element, and what it needs of it lies in registers.
    private static string OfElements(Step step)
    {
        var formula = Formula.Of(step);
        var isSummed = step is MapStep { Sum: not null };
        var count = step is CopyStep copy ? copy.Axes.Aggregate(1L, (all, axis) => all * axis.Extent) : step.To.Size;
        var parts = new List<string>
        {
            isSummed
                ? $"a thread for each of {Whole(count)} elements a path, which goes through the steps"
                : $"a thread for each of {Whole(count)} elements a row",
        };
        if (formula is { Expr.Weight: > 0 and var operations })
            parts.Add($"{Whole(operations)} operations on {Whole(formula.From.Count)} numbers");
        if (WholeCost.Products(step) is > 0 and var products)
            parts.Add($"{Whole(products)} multiply-adds a row");
        if (Read(formula?.From ?? step.From) is { Length: > 0 } read)
            parts.Add(read);
        parts.Add(isSummed ? Summed(step) : $"writes {Whole(count * sizeof(float))} B a row");
        return string.Join("; ", parts);
    }

    private static string Read(IEnumerable<PlannedValue> values)
    {
        var read = values.GroupBy(Each).Where(rate => rate.Key.Length > 0).Select(rate => $"{Whole(rate.Sum(Bytes))} B {rate.Key}");
        return string.Join(" and ", read) is { Length: > 0 } all ? $"reads {all}" : "";
    }

    private static string Summed(Step step) => $"adds to {Whole(2 * Bytes(step.To))} B a path, and writes no step";

    private static string OfProduct(Step step)
    {
        var second = (step as TwiceStep)?.Second;
        var group = (step as TwiceStep)?.First ?? step as FusedStep ?? FusedStep.Of(step);
        var size = ProductSize.Of(group.Product);
        var tile = TileColumns(size.Columns / size.Groups);
        var operands = group.Factor.From.Count + (second?.Factor.From.Count ?? 0);
        var parts = new List<string>
        {
            $"{(second is null ? "" : "twice ")}{Whole(size.Products)} multiply-adds a row",
            $"tiles of {TileRows(tile)} x {tile}, {Chosen(size.Columns / size.Groups)}",
            $"{LiveFloats(tile, operands)} floats live in a thread, {Held(tile)} of them sums",
            $"{Whole(SharedBytes(tile))} B shared",
        };
        if (Read(step.From.Where(value => value != second?.To)) is { Length: > 0 } read)
            parts.Add(read);
        parts.Add(group.Sum is null
            ? $"writes {Whole(Bytes(step.To) + (second is null ? 0 : Bytes(second.To)))} B a row"
            : Summed(step));
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
