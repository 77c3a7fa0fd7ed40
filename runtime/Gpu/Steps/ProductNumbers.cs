namespace Whence.Gpu;

using ILGPU;

/// <summary>What a product's kernels read and finish, element by element.</summary>
/// <typeparam name="TRows">Which rows a group computes.</typeparam>
/// <typeparam name="TFactor">What the first factor is made of.</typeparam>
/// <typeparam name="TEpilogue">What is made of each number of the result.</typeparam>
internal static class ProductNumbers<TRows, TFactor, TEpilogue>
    where TRows : struct, ITileRows
    where TFactor : struct, IFactor
    where TEpilogue : struct, IEpilogue
{
    /// <summary>An element of the factor that the group computes with, of its operands' elements.</summary>
    public static float Made(in ProductArguments p, float a, float b, float c, float d)
    {
        var first = TFactor.At(a, b, c, d);
        if (!TFactor.IsTwice)
            return first;
        var second = TFactor.Second(a, b, c, d);
        return TRows.Half(p) == 1 ? second : first;
    }

    /// <summary>What a column's sums begin with.</summary>
    public static float BiasAt(in ProductArguments p, int column)
    {
        if (p.HasBias == 0 | TRows.Half(p) == 1)
            return 0f;
        return p.Bias[Grid.IdxZ * p.Outputs + Math.Min(column, p.Columns - 1) % p.Outputs];
    }

    /// <summary>What is written of a sum, where the epilogue's first operand has that element.</summary>
    public static float Finished(in ProductArguments p, in TileRow at, int place, float sum, float a)
    {
        var b = TEpilogue.Operands > 1 ? p.Q.At(at.In(p.Q), place) : 0f;
        var c = TEpilogue.Operands > 2 ? p.R.At(at.In(p.R), place) : 0f;
        var d = TEpilogue.Operands > 3 ? p.S.At(at.In(p.S), place) : 0f;
        var e = TEpilogue.Operands > 4 ? p.T.At(at.In(p.T), place) : 0f;
        return TEpilogue.At(sum, a, b, c, d, e);
    }
}
