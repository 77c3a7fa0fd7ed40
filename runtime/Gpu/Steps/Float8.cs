namespace Whence.Gpu;

/// <summary>Eight neighbours: a vector of a processor. Kept in registers; nothing in it is indexed.</summary>
internal readonly struct Float8(Float4 low, Float4 high)
{
    private readonly Float4 low = low;
    private readonly Float4 high = high;

    /// <summary>sum + a * b, each of the eight.</summary>
    public static Float8 Add(Float8 sum, float a, Float8 b) => new(Float4.Add(sum.low, a, b.low), Float4.Add(sum.high, a, b.high));
}
