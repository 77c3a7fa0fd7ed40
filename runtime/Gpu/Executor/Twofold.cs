namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// A sum and what was rounded off it, which together are as good as a sum in double precision, that many devices compute slowly.
/// </summary>
internal readonly struct Twofold(float high, float low)
{
    private readonly float high = high;
    private readonly float low = low;

    /// <summary>Rounded once; of an infinite sum the infinity.</summary>
    public float Value
    {
        get
        {
            var sum = high + low;
            return high - high == 0f ? sum : high;
        }
    }

    /// <summary>Knuth's sum: what it rounds off, exactly, is kept.</summary>
    public Twofold Plus(float term)
    {
        var sum = high + term;
        var rest = sum - high;
        return new Twofold(sum, low + (high - (sum - rest) + (term - rest)));
    }

    /// <summary>Nothing where it is new.</summary>
    public Twofold Unless(bool isNew) => new(isNew ? 0f : high, isNew ? 0f : low);

    /// <summary>Plus another sum times a factor, where that is done.</summary>
    public Twofold PlusTimes(Twofold sum, float factor, bool isDone)
    {
        var times = Times(sum.Value, factor);
        // What the factor makes of the sum's rest matters only where it is finite.
        var rest = Times(sum.low - (sum.Value - sum.high), factor);
        var plus = Plus(times);
        var added = plus.low + (rest - rest == 0f ? rest : 0f);
        return new Twofold(isDone ? plus.high : high, isDone ? added : low);
    }

    /// <summary>A multiplier times a difference, and 0 where either is 0.</summary>
    public static float Times(float multiplier, float difference)
    {
        var product = multiplier * difference;
        return multiplier == 0f | difference == 0f ? 0f : product;
    }

    /// <summary>The difference of two elements: none where they are the same, though that be infinite.</summary>
    public static float Move(float end, float start)
    {
        var move = end - start;
        return end == start ? 0f : move;
    }

    /// <summary>One that lies in two planes, or nothing.</summary>
    public static Twofold Carried(ArrayView<float> planes, int at, int plane, int first, bool isCarried) =>
        new(Read(planes, at + first * plane, isCarried), Read(planes, at + (first + 1) * plane, isCarried));

    /// <summary>A number, or 0: read first and chosen after, so that no thread goes its own way.</summary>
    public static float Read(ArrayView<float> planes, int at, bool isCarried)
    {
        var value = planes[at];
        return isCarried ? value : 0f;
    }

    /// <summary>Writes it to two planes.</summary>
    public void Write(ArrayView<float> planes, int at, int plane, int first)
    {
        planes[at + first * plane] = high;
        planes[at + (first + 1) * plane] = low;
    }
}
