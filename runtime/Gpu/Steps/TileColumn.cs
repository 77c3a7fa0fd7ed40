namespace Whence.Gpu;

using ILGPU;

/// <summary>A column of the product: an output, and the phase of the strides that it is at.</summary>
internal readonly struct TileColumn
{
    private readonly int row;
    private readonly int column;
    private readonly int output;
    private readonly int isThere;

    public TileColumn(in ProductArguments p, int index)
    {
        isThere = index < p.Columns ? 1 : 0;
        var clamped = Math.Min(index, p.Columns - 1);
        var phase = clamped / p.Outputs;
        output = Grid.IdxZ * p.Outputs + clamped - phase * p.Outputs;
        row = phase / p.PhaseWidth;
        column = phase - row * p.PhaseWidth;
        row -= p.BeforeHeight;
        column -= p.BeforeWidth;
    }

    public bool IsInside(in ProductArguments p, in Site site)
    {
        var (y, x) = (site.Row * p.PhaseHeight + row, site.Column * p.PhaseWidth + column);
        return isThere == 1 & y >= 0 & y < p.OutHeight & x >= 0 & x < p.OutWidth;
    }

    /// <summary>Where in an example its number of a site lies; some place in it where that is outside.</summary>
    public int Place(in ProductArguments p, in Site site)
    {
        var y = Math.Max(0, Math.Min(site.Row * p.PhaseHeight + row, p.OutHeight - 1));
        var x = Math.Max(0, Math.Min(site.Column * p.PhaseWidth + column, p.OutWidth - 1));
        return (y * p.OutWidth + x) * p.AllOutputs + output;
    }
}
