namespace Whence.Gpu;

/// <summary>
/// A logarithm of a sum of exponentials, each taken relative to the largest. The first of the largest, whose exponential is 1, is left out
/// of the sum: in single precision it would take the others' digits.
/// </summary>
internal struct LogSums
{
    private readonly float shift;
    private float others;
    private float lacking;

    /// <summary>
    /// A sum relative to the largest of what is summed. Of infinities the difference would be no number: they are taken as they are.
    /// </summary>
    public LogSums(float largest)
    {
        shift = GpuBits.IfLess(GpuMath.Abs(largest), float.PositiveInfinity, largest, 0f);
        others = 0f;
        lacking = -1f;
    }

    /// <summary>What each is taken relative to.</summary>
    public readonly float Shift => shift;

    /// <summary>Adds the next.</summary>
    public void Add(float x)
    {
        var below = x - shift;
        var own = GpuMath.IfZero(below, lacking, 0f);
        others += GpuMath.IfZero(own, GpuMath.Exp(below), 0f);
        lacking -= own;
    }

    /// <summary>
    /// How far the logarithm lies above what all is relative to: at least 0 where that is <paramref name="least"/>, a number.
    /// </summary>
    public readonly float Above(float least)
    {
        var sum = others + lacking;
        return GpuMath.Log1p(GpuBits.IfLess(float.NegativeInfinity, least, GpuMath.Max(sum, 0f), sum));
    }
}
