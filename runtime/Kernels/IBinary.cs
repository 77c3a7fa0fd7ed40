namespace Whence.CompilerServices;

/// <summary>Arithmetic over floats with what <see cref="Transcendental"/> needs to look into a float's binary form.</summary>
internal interface IBinary<V> : ILanes<V>
{
    /// <summary>The magnitude of <paramref name="size"/> with the sign bit of <paramref name="sign"/>.</summary>
    static abstract V CopySign(V size, V sign);

    /// <summary>The nearest integer, halves to even.</summary>
    static abstract V Round(V a);

    /// <summary>2^n for an integer n from -126 to 127; infinity at 128; anything where n is NaN.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>Splits a positive, normal a into mantissa * 2^exponent, the mantissa within [sqrt(1/2), sqrt(2)).</summary>
    static abstract V Exponent(V a, out V mantissa);
}
