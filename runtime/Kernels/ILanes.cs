namespace Whence.Kernels;

/// <summary>Arithmetic over a vector of floats, with what <see cref="Transcendental"/> needs to look into a float.</summary>
internal interface ILanes<V> : IMath<V>
{
    /// <summary>In each lane, <paramref name="then"/> where a is less than b, else <paramref name="otherwise"/> (also where either is NaN).</summary>
    static abstract V IfLess(V a, V b, V then, V otherwise);

    /// <summary>The magnitude of <paramref name="size"/> with the sign bit of <paramref name="sign"/>.</summary>
    static abstract V CopySign(V size, V sign);

    /// <summary>The nearest integer, halves to even.</summary>
    static abstract V Round(V a);

    /// <summary>2^n for an integer n from -126 to 127; infinity at 128; anything where n is NaN.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>Splits a positive, normal a into mantissa * 2^exponent, the mantissa within [sqrt(1/2), sqrt(2)).</summary>
    static abstract V Exponent(V a, out V mantissa);
}
