namespace Whence.Generator.Plan;

/// <summary>Gives every value a stretch of the arena, shared with values whose lives do not overlap its own.</summary>
internal static class Slots
{
    // Sixteen floats are 64 bytes: with any number of rows every buffer starts on a cache line.
    private const int Alignment = 16;

    /// <summary>Sets each value's offset; returns the arena's size in floats a row.</summary>
    public static int Assign(IEnumerable<PlannedValue> values)
    {
        var all = values.ToList();
        var (offsets, size) = Assign(all.Select(value => (Extent(value), value.First, value.Last)).ToList());
        for (var i = 0; i < all.Count; i++)
            all[i].Offset = offsets[i];
        return size;
    }

    /// <summary>
    /// The offset of each of some stretches, given how long it is and from when to when it is in use, and the size of all.
    /// </summary>
    public static (int[] Offsets, int Size) Assign(IReadOnlyList<(int Extent, int First, int Last)> lives)
    {
        // By offset: each stretch is put below the first gap that it fits in, and found again without sorting.
        var placed = new List<(int Start, int End, int First, int Last)>();
        var offsets = new int[lives.Count];
        var size = 0;
        foreach (var i in Enumerable.Range(0, lives.Count).OrderByDescending(i => lives[i].Extent).ThenBy(i => lives[i].First))
        {
            var (extent, first, last) = (Aligned(lives[i].Extent), lives[i].First, lives[i].Last);
            offsets[i] = Lowest(extent, first, last, placed);
            placed.Insert(Place(offsets[i], placed), (offsets[i], offsets[i] + extent, first, last));
            size = Math.Max(size, offsets[i] + extent);
        }
        return (offsets, size);
    }

    /// <summary>The least distance by which some values can be moved so that none lies over any of those that stay.</summary>
    public static int Shift(IEnumerable<PlannedValue> staying, IEnumerable<PlannedValue> moving)
    {
        var (stays, moves) = (Covered(staying), Covered(moving));
        // A distance is in none of these, at which one stretch would lie over another.
        var refused = stays.SelectMany(_ => moves, (stay, move) => (First: stay.Start - move.End, End: stay.End - move.Start));
        var shift = 0;
        foreach (var (first, end) in refused.OrderBy(distances => distances.First))
        {
            if (first < shift && shift < end)
                shift = end;
        }
        return shift;
    }

    /// <summary>The stretches that values take, from the lowest, those that touch made one.</summary>
    private static List<(int Start, int End)> Covered(IEnumerable<PlannedValue> values)
    {
        var covered = new List<(int Start, int End)>();
        var each = values.Select(value => (Start: value.Offset, End: value.Offset + Aligned(Extent(value)))).OrderBy(one => one.Start);
        foreach (var (start, end) in each)
        {
            if (covered.Count > 0 && start <= covered[covered.Count - 1].End)
                covered[covered.Count - 1] = (covered[covered.Count - 1].Start, Math.Max(covered[covered.Count - 1].End, end));
            else
                covered.Add((start, end));
        }
        return covered;
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

    private static int Extent(PlannedValue value) => value.Size * value.Slots;

    private static int Aligned(int size) => (size + Alignment - 1) / Alignment * Alignment;
}
