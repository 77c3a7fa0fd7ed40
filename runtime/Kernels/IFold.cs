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

/// <summary>The sum, in ascending order, times a scale.</summary>
internal readonly struct Scaled(float scale) : IFold
{
    public V Start<V, M>() where M : struct, ILanes<V> => M.Constant(0);

    public V Next<V, M>(V sum, V x) where M : struct, ILanes<V> => M.Add(sum, x);

    public V End<V, M>(V sum) where M : struct, ILanes<V> => M.Multiply(sum, M.Constant(scale));
}

/// <summary>The sum, in ascending order, divided by a count.</summary>
internal readonly struct Mean(int count) : IFold
{
    public V Start<V, M>() where M : struct, ILanes<V> => M.Constant(0);

    public V Next<V, M>(V sum, V x) where M : struct, ILanes<V> => M.Add(sum, x);

    public V End<V, M>(V sum) where M : struct, ILanes<V> => M.Divide(sum, M.Constant(count));
}
