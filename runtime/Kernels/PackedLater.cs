namespace Whence.CompilerServices;

/// <summary>
/// A network's weights for one use, the way back or RevealCancel's absolute ones: packed together, on all cores, when the first of them is
/// needed. Who only predicts has neither the work nor the memory.
/// </summary>
internal sealed class PackedLater
{
    private readonly List<Action> fills = [];
    private readonly List<Action> filled = [];

    /// <summary>Adds weights: what fills them, and what tells them that they are.</summary>
    public void Add(Action fill, Action isFilled)
    {
        fills.Add(fill);
        filled.Add(isFilled);
    }

    /// <summary>Packs them, unless another thread did.</summary>
    public void Pack()
    {
        lock (fills)
        {
            Parallel.For(0, fills.Count, i => fills[i]());
            foreach (var tell in filled)
                tell();
            fills.Clear();
            filled.Clear();
        }
    }
}
