using Whence.Generator.Graphs;
using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>How many rows go through a network together. No answer depends on it.</summary>
internal static class Chunks
{
    // Forward and backward values of a chunk stay within half of a common 1 MiB second-level cache; more rows than this gain nothing.
    private const int CacheFloats = 128 * 1024;
    private const int MostRows = 384;

    // No more than this of a large network's rows is held at a time, 128 MiB, so that memory does not grow with the steps of a path.
    private const int MostFloats = 32 * 1024 * 1024;

    // The rows of one tile of the matrix kernels. Fewer positions than that waste the rest of a tile.
    private const int TileRows = 12;

    // Tiles are filled where less than a sixteenth of what they compute is waste.
    private const double Filled = 15 / 16.0;

    /// <summary>
    /// As many tiles of rows as the cache has room for, but one at least, for dense layers' sake. Where the cache has no room for a single
    /// row, and the positions of one fill the tiles, as in convolutions, it is one row: others would only push its values further away.
    /// Where a tile of rows is more than memory should hold, it is as many as it should.
    /// </summary>
    public static int Rows(IReadOnlyList<Plan.Plan> plans)
    {
        var widest = plans.Max(plan => plan.Run.ArenaSize);
        var rows = CacheFloats / Math.Max(widest, 1) / TileRows * TileRows;
        return widest > CacheFloats && plans.All(plan => Fill(plan.Run.Steps) >= Filled)
            ? 1
            : Math.Max(1, Math.Min(Math.Min(Math.Max(rows, TileRows), MostRows), MostFloats / Math.Max(widest, 1)));
    }

    /// <summary>How much of what tiles compute for one row is wanted.</summary>
    private static double Fill(IEnumerable<Step> steps)
    {
        var (wanted, computed) = (0.0, 0.0);
        foreach (var step in steps)
        {
            var (positions, products) = Products(step);
            wanted += products;
            computed += products / Math.Max(positions, 1) * ((positions + TileRows - 1) / TileRows * TileRows);
        }
        return computed > 0 ? wanted / computed : 0;
    }

    /// <summary>The positions that a product with weights is taken at, and the products of numbers that it takes at all of them.</summary>
    private static (int Positions, double Products) Products(Step step) => step switch
    {
        DenseStep dense => (dense.Repeat, (double)step.To.Size * step.From[0].Size / dense.Repeat),
        ConvolutionStep { Weights: { } weights } => (step.To.Positions,
            (double)(weights.Transposed ? step.From[0] : step.To).Size * PerElement(weights.Settings)),
        _ => default,
    };

    private static double PerElement(Settings window) => (double)window.Int("kernelHeight", 1) * window.Int("kernelWidth", 1)
        * window.Int("channels") / window.Int("groups", 1);
}
