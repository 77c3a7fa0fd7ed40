namespace Whence.CompilerServices;

/// <summary>Arithmetic over floats that can be loaded and stored: one, or as many as a vector holds.</summary>
internal interface ILanes<V> : IMath<V>
{
    /// <summary>How many floats V holds; at most 16.</summary>
    static abstract int Count { get; }

    /// <summary>The floats from an offset on.</summary>
    static abstract V Load(ref readonly float from, nuint offset);

    /// <summary>Writes all lanes from an offset on.</summary>
    static abstract void Store(V lanes, ref float to, nuint offset);

    /// <summary>
    /// In each lane, <paramref name="then"/> where a is less than b, else <paramref name="otherwise"/> (also where either is NaN).
    /// </summary>
    static abstract V IfLess(V a, V b, V then, V otherwise);
}
