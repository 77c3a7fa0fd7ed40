using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>How a loop reads a vector: whole, or as many floats as a row has left.</summary>
internal interface ILoad
{
    V At<V, M>(ref readonly float from, nuint offset) where M : struct, ILanes<V>;
}

/// <summary>Reads all lanes.</summary>
internal readonly struct Whole : ILoad
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<V, M>(ref readonly float from, nuint offset) where M : struct, ILanes<V> => M.Load(in from, offset);
}

/// <summary>Reads and writes the first <paramref name="count"/> lanes; the others are 0 and never touch memory.</summary>
internal readonly struct Part(int count) : ILoad
{
    public V At<V, M>(ref readonly float from, nuint offset) where M : struct, ILanes<V>
    {
        var padded = default(Lanes);
        for (var i = 0; i < count; i++)
            padded[i] = Unsafe.Add(ref Unsafe.AsRef(in from), offset + (nuint)i);
        return M.Load(in padded[0], 0);
    }

    public static void Store<V, M>(V lanes, ref float to, int count) where M : struct, ILanes<V>
    {
        var padded = default(Lanes);
        M.Store(lanes, ref padded[0], 0);
        ((ReadOnlySpan<float>)padded)[..count].CopyTo(MemoryMarshal.CreateSpan(ref to, count));
    }

    /// <summary>
    /// sum + the lanes from <paramref name="first"/> to before <paramref name="end"/>, one after the other, without a lane, if there is it.
    /// </summary>
    public static float Sum<V, M>(float sum, V lanes, int first, int end, int without) where M : struct, ILanes<V>
    {
        var padded = default(Lanes);
        M.Store(lanes, ref padded[0], 0);
        if ((uint)without < (uint)M.Count)
            padded[without] = 0;
        for (var i = first; i < end; i++)
            sum += padded[i];
        return sum;
    }

    /// <summary>The largest of all lanes; NaN if one is.</summary>
    public static float Max<V, M>(V lanes) where M : struct, ILanes<V>
    {
        var padded = default(Lanes);
        M.Store(lanes, ref padded[0], 0);
        var largest = padded[0];
        for (var i = 1; i < M.Count; i++)
            largest = FloatMath.Max(largest, padded[i]);
        return largest;
    }

    [InlineArray(16)]
    private struct Lanes
    {
        private float first;
    }
}
