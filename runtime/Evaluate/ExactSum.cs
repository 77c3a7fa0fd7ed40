using System.Numerics;

namespace Whence.Evaluate;

/// <summary>
/// Sums of floats without rounding, so that they do not depend on the order: a whole number of <see cref="Words"/> times 64 bits, in units
/// of the smallest float above 0 (after Kulisch's accumulator). It holds 2^63 floats of any size.
/// </summary>
internal static class ExactSum
{
    public const int Words = 6;

    // The smallest float above 0 is 2 to this.
    private const int Unit = -149;

    /// <summary>Adds the size of a finite number; its sign is the caller's.</summary>
    public static void Add(Span<ulong> sum, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var exponent = (int)(bits >> 23) & 0xFF;
        ulong digits = bits & 0x7FFFFF;
        if (exponent > 0)
            (digits, exponent) = (digits | 0x800000, exponent - 1);
        var (word, shift) = (exponent >> 6, exponent & 63);
        AddAt(sum, word, digits << shift);
        if (shift > 40)
            AddAt(sum, word + 1, digits >> (64 - shift));
    }

    /// <summary>Adds another sum.</summary>
    public static void Add(Span<ulong> sum, ReadOnlySpan<ulong> other)
    {
        for (var word = 0; word < Words; word++)
            AddAt(sum, word, other[word]);
    }

    /// <summary>The first sum less the second, rounded once, to even.</summary>
    public static double Difference(ReadOnlySpan<ulong> sum, ReadOnlySpan<ulong> other)
    {
        for (var word = Words - 1; word >= 0; word--)
        {
            if (sum[word] != other[word])
                return sum[word] > other[word] ? Less(sum, other) : -Less(other, sum);
        }
        return 0;
    }

    /// <summary>Both sums together, rounded once, to even.</summary>
    public static double Together(ReadOnlySpan<ulong> sum, ReadOnlySpan<ulong> other)
    {
        Span<ulong> both = stackalloc ulong[Words];
        sum.CopyTo(both);
        Add(both, other);
        return Rounded(both);
    }

    private static double Less(ReadOnlySpan<ulong> larger, ReadOnlySpan<ulong> smaller)
    {
        Span<ulong> difference = stackalloc ulong[Words];
        var borrow = 0UL;
        for (var word = 0; word < Words; word++)
        {
            difference[word] = larger[word] - smaller[word] - borrow;
            borrow = larger[word] < smaller[word] || larger[word] == smaller[word] && borrow > 0 ? 1UL : 0;
        }
        return Rounded(difference);
    }

    private static void AddAt(Span<ulong> sum, int word, ulong value)
    {
        while (value != 0)
        {
            sum[word] += value;
            value = sum[word] < value ? 1UL : 0;
            word++;
        }
    }

    private static double Rounded(ReadOnlySpan<ulong> sum)
    {
        var top = Words - 1;
        while (top > 0 && sum[top] == 0)
            top--;
        if (sum[top] == 0)
            return 0;
        // The 64 leading bits; what lies below them is one more bit that is set, so that rounding to a double's 53 is right.
        var free = BitOperations.LeadingZeroCount(sum[top]);
        var leading = sum[top] << free;
        var rest = 0UL;
        if (top > 0)
        {
            leading |= free == 0 ? 0 : sum[top - 1] >> (64 - free);
            rest = sum[top - 1] << free;
        }
        for (var word = 0; word < top - 1; word++)
            rest |= sum[word];
        return Math.ScaleB((double)(leading | (rest != 0 ? 1UL : 0)), top * 64 - free + Unit);
    }
}
