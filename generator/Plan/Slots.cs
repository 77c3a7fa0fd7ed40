namespace Whence.Generator.Plan;

/// <summary>Gives every value a stretch of the arena, shared with values whose lives do not overlap its own.</summary>
internal static class Slots
{
    // Sixteen floats are 64 bytes: with any number of rows every buffer starts on a cache line.
    private const int Alignment = 16;

    /// <summary>Sets each value's offset; returns the arena's size in floats a row.</summary>
    public static int Assign(IEnumerable<Value> values)
    {
        var placed = new List<Value>();
        var size = 0;
        foreach (var value in values.OrderByDescending(Extent).ThenBy(value => value.First))
        {
            value.Offset = Lowest(value, placed);
            placed.Add(value);
            size = Math.Max(size, value.Offset + Aligned(Extent(value)));
        }
        return size;
    }

    private static int Lowest(Value value, List<Value> placed)
    {
        var offset = 0;
        foreach (var other in placed.Where(other => other.First <= value.Last && value.First <= other.Last).OrderBy(other => other.Offset))
        {
            if (offset + Aligned(Extent(value)) <= other.Offset)
                break;
            offset = Math.Max(offset, other.Offset + Aligned(Extent(other)));
        }
        return offset;
    }

    private static int Extent(Value value) => value.Size * value.Slots;

    private static int Aligned(int size) => (size + Alignment - 1) / Alignment * Alignment;
}
