namespace Whence.Gpu;

using ILGPU;

/// <summary>
/// A sum and what was rounded off it, which together are as good as a sum in double precision, that many devices compute slowly.
/// </summary>
internal readonly struct Twofold(float high, float low)
{
    /// <summary>The sum.</summary>
    public readonly float High = high;

    /// <summary>What was rounded off it.</summary>
    public readonly float Low = low;

    /// <summary>Rounded once; of an infinite sum the infinity.</summary>
    public float Value
    {
        get
        {
            var sum = High + Low;
            return High - High == 0f ? sum : High;
        }
    }

    /// <summary>Knuth's sum: what it rounds off, exactly, is kept.</summary>
    public Twofold Plus(float term)
    {
        var sum = High + term;
        var rest = sum - High;
        return new Twofold(sum, Low + (High - (sum - rest) + (term - rest)));
    }

    /// <summary>Plus a number so many times; a weight of 0 adds nothing, whatever it is the weight of.</summary>
    public Twofold PlusWeighted(float weight, float number)
    {
        var term = weight * number;
        return Plus(weight == 0f ? 0f : term);
    }

    /// <summary>Nothing where it is new.</summary>
    public Twofold Unless(bool isNew) => new(isNew ? 0f : High, isNew ? 0f : Low);

    /// <summary>Plus another sum times a factor, where that is done.</summary>
    public Twofold PlusTimes(Twofold sum, float factor, bool isDone)
    {
        var times = Times(sum.Value, factor);
        // What the factor makes of the sum's rest matters only where it is finite.
        var rest = Times(sum.Low - (sum.Value - sum.High), factor);
        var plus = Plus(times);
        var added = plus.Low + (rest - rest == 0f ? rest : 0f);
        return new Twofold(isDone ? plus.High : High, isDone ? added : Low);
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
        planes[at + first * plane] = High;
        planes[at + (first + 1) * plane] = Low;
    }
}
