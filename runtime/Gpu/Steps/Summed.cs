namespace Whence.Gpu;

/// <summary>A sum of numbers, and what was rounded off it: Knuth's sum of two numbers, each time exactly.</summary>
internal readonly struct Summed(float high, float low, bool isNew)
{
    public readonly float High = isNew ? 0f : high;
    public readonly float Low = isNew ? 0f : low;

    /// <summary>With a number more; a weight of 0 adds nothing, whatever it is the weight of.</summary>
    public Summed And(float weight, float number)
    {
        var term = weight == 0f ? 0f : weight * number;
        var sum = High + term;
        var rest = sum - High;
        return new Summed(sum, Low + (High - (sum - rest) + (term - rest)), false);
    }
}
