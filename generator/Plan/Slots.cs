namespace Whence.Generator.Plan;

/// <summary>Gives every value a stretch of the arena, shared with values whose lives do not overlap its own.</summary>
internal static class Slots
{
    // Sixteen floats are 64 bytes: with any number of rows every buffer starts on a cache line.
    private const int Alignment = 16;

    /// <summary>Sets each value's offset; returns the arena's size in floats a row.</summary>
    public static int Assign(IEnumerable<Value> values)
    {
        // By offset: each value is put below the first gap that it fits in, and found again without sorting.
        var placed = new List<(int Start, int End, int First, int Last)>();
        var size = 0;
        foreach (var value in values.OrderByDescending(Extent).ThenBy(value => value.First))
        {
            var extent = Aligned(Extent(value));
            value.Offset = Lowest(extent, value.First, value.Last, placed);
            placed.Insert(Place(value.Offset, placed), (value.Offset, value.Offset + extent, value.First, value.Last));
            size = Math.Max(size, value.Offset + extent);
        }
        return size;
    }

    private static int Lowest(int extent, int first, int last, List<(int Start, int End, int First, int Last)> placed)
    {
        var offset = 0;
        foreach (var other in placed)
        {
            if (other.First > last || first > other.Last)
                continue;
            if (offset + extent <= other.Start)
                break;
            offset = Math.Max(offset, other.End);
        }
        return offset;
    }

    /// <summary>The place after all that begin at this offset or before it.</summary>
    private static int Place(int offset, List<(int Start, int End, int First, int Last)> placed)
    {
        var (low, high) = (0, placed.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (placed[middle].Start <= offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static int Extent(Value value) => value.Size * value.Slots;

    private static int Aligned(int size) => (size + Alignment - 1) / Alignment * Alignment;
}
