namespace Whence.CompilerServices;

/// <summary>How the places an output looks at become one value.</summary>
internal interface IFold
{
    V Start<V, M>() where M : struct, ILanes<V>;

    V Next<V, M>(V sum, V x) where M : struct, ILanes<V>;

    V End<V, M>(V sum) where M : struct, ILanes<V>;
}

/// <summary>The largest; NaN if any is.</summary>
internal readonly struct Largest : IFold
{
    public V Start<V, M>() where M : struct, ILanes<V> => M.Constant(double.NegativeInfinity);

    public V Next<V, M>(V sum, V x) where M : struct, ILanes<V> => M.Max(sum, x);

    public V End<V, M>(V sum) where M : struct, ILanes<V> => sum;
}

/// <summary>The sum, in ascending order, times a scale: of a mean, also where the sum itself would overflow.</summary>
internal readonly struct Scaled(float scale) : IFold
{
    private readonly float unit = Units.PowerBelow(scale);

    public V Start<V, M>() where M : struct, ILanes<V> => M.Constant(0);

    public V Next<V, M>(V sum, V x) where M : struct, ILanes<V> => M.MultiplyAdd(M.Constant(unit), x, sum);

    public V End<V, M>(V sum) where M : struct, ILanes<V> => M.Multiply(sum, M.Constant(scale / unit));
}

/// <summary>The sum, in ascending order, divided by a count, also where the sum itself would overflow.</summary>
internal readonly struct Mean(int count) : IFold
{
    private readonly float unit = Units.PowerBelow(1f / count);

    public V Start<V, M>() where M : struct, ILanes<V> => M.Constant(0);

    public V Next<V, M>(V sum, V x) where M : struct, ILanes<V> => M.MultiplyAdd(M.Constant(unit), x, sum);

    public V End<V, M>(V sum) where M : struct, ILanes<V> => M.Divide(sum, M.Constant(unit * count));
}

/// <summary>What numbers are multiplied by before they are summed up for a mean: a power of two, so that nothing is rounded.</summary>
internal static class Units
{
    /// <summary>The largest power of two that is not above a scale between 0 and 1; else 1.</summary>
    public static float PowerBelow(float scale) =>
        scale is > 0 and < 1 ? BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(scale) & 0x7F800000) : 1;
}
