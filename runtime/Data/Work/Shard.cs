using System.Globalization;

namespace Whence.Data;

/// <summary>
/// One of several workers' share of a file's parts: those that follow each other. Parts do not depend on how many workers there are.
/// </summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Count">Of how many.</param>
internal readonly record struct Shard(int Index, int Count)
{
    public static readonly Shard Whole = new(0, 1);

    /// <summary>Reads "3/16": the fourth of sixteen.</summary>
    public static bool TryParse(string text, out Shard shard)
    {
        shard = Whole;
        if (text.Split('/') is not [var index, var count]
            || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || i >= n)
            return false;
        shard = new Shard(i, n);
        return true;
    }

    /// <summary>Its parts of so many: [First, End).</summary>
    public (long First, long End) Parts(long all) => (all * Index / Count, all * (Index + 1) / Count);

    public override string ToString() => $"{Index}/{Count}";
}
