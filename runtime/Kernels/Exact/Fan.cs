using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>
/// Neighbouring values to which one value goes, each by a weight of its own: as many weights from <paramref name="Weight"/> on.
/// </summary>
internal readonly record struct Fan(int First, int Weight, int Count);

/// <summary>Neighbouring values and those that are made of them one by one, each within a group.</summary>
internal readonly record struct Strand(int From, int To, int Count);

/// <summary>Numbers that stay where they are, some for each of so many places, one place's after the other's.</summary>
internal sealed unsafe class Listed<T> where T : unmanaged
{
    private readonly T[] items;
    private readonly int[] starts;

    public Listed(int places, List<(int Place, T Item)> pairs)
    {
        starts = GC.AllocateArray<int>(places + 1, pinned: true);
        items = GC.AllocateUninitializedArray<T>(Math.Max(1, pairs.Count), pinned: true);
        foreach (var (place, _) in CollectionsMarshal.AsSpan(pairs))
            starts[place + 1]++;
        for (var place = 0; place < places; place++)
            starts[place + 1] += starts[place];
        var next = starts.AsSpan(0, places).ToArray();
        foreach (var (place, item) in CollectionsMarshal.AsSpan(pairs))
            items[next[place]++] = item;
        Count = pairs.Count;
        Items = (T*)Marshal.UnsafeAddrOfPinnedArrayElement(items, 0);
        Starts = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(starts, 0);
    }

    /// <summary>How many there are in all.</summary>
    public int Count { get; }

    /// <summary>All; valid while this lives.</summary>
    public T* Items { get; }

    /// <summary>For each place where its own begin, which end where the next place's begin.</summary>
    public int* Starts { get; }

    /// <summary>Those of a place.</summary>
    public ReadOnlySpan<T> this[int place] => items.AsSpan(starts[place], starts[place + 1] - starts[place]);
}
