namespace Whence;

/// <summary>
/// Counterfactuals of one input: in each, some elements are the input's and the others the reference's; and what is made of the
/// target's values there.
/// </summary>
internal interface IChanges
{
    /// <summary>How many counterfactuals there are; at least 1.</summary>
    int Count { get; }

    /// <summary>Whether the scores sum to the target's change from the reference, which is then counterfactual 0.</summary>
    bool IsComplete { get; }

    /// <summary>Says which elements are the input's. Called with 0, 1, ... in this order for each input.</summary>
    void Present(int change, Span<bool> present);

    /// <summary>Adds to the scores what the target's values at the counterfactuals say of this input.</summary>
    /// <param name="values">[Count].</param>
    /// <param name="all">The target at the input.</param>
    /// <param name="scores">One for each element or player.</param>
    void Add(ReadOnlySpan<double> values, double all, Span<double> scores);
}

/// <summary>Hides what lies under a sliding window; where windows overlap, their scores are averaged.</summary>
internal readonly ref struct Occluded : IChanges
{
    private readonly SlidingWindow window;
    private readonly Shape shape;
    private readonly int start;
    private readonly Span<double> covered;

    /// <param name="window">The window; it fits the signature.</param>
    /// <param name="signature">The network's.</param>
    /// <param name="covered">[InputSize], to write to.</param>
    public Occluded(SlidingWindow window, Signature signature, Span<double> covered)
    {
        this.window = window;
        this.covered = covered;
        var port = Check.Port(signature, window.Input, nameof(window));
        shape = signature.Inputs[port].Shape;
        start = Sizes.Before(signature.Inputs, port);
        Count = 1;
        for (var axis = 0; axis < shape.Rank; axis++)
            Count = checked(Count * window.Places(axis, shape[axis]));
        covered.Clear();
        for (var change = 0; change < Count; change++)
        {
            for (var element = First(change); element >= 0; element = Next(change, element))
                covered[start + element]++;
        }
    }

    public int Count { get; }

    public bool IsComplete => false;

    public void Present(int change, Span<bool> present)
    {
        present.Fill(true);
        for (var element = First(change); element >= 0; element = Next(change, element))
            present[start + element] = false;
    }

    public void Add(ReadOnlySpan<double> values, double all, Span<double> scores)
    {
        for (var change = 0; change < Count; change++)
        {
            for (var element = First(change); element >= 0; element = Next(change, element))
                scores[start + element] += (all - values[change]) / covered[start + element];
        }
    }

    private int Corner(int change, int axis)
    {
        for (var after = shape.Rank - 1; after > axis; after--)
            change /= window.Places(after, shape[after]);
        return change % window.Places(axis, shape[axis]) * window.Strides[axis];
    }

    private int First(int change)
    {
        var element = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
            element = element * shape[axis] + Corner(change, axis);
        return element;
    }

    // The next element of the window in the order of the values, or -1 after the last.
    private int Next(int change, int element)
    {
        var inner = 1;
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            var at = element / inner % shape[axis];
            var corner = Corner(change, axis);
            if (at + 1 < Math.Min(corner + window.Sizes[axis], shape[axis]))
                return element + inner;
            element -= (at - corner) * inner;
            inner *= shape[axis];
        }
        return -1;
    }
}

/// <summary>Takes one player away at a time.</summary>
internal readonly struct Ablated(Players players) : IChanges
{
    public int Count => players.Count;

    public bool IsComplete => false;

    public void Present(int change, Span<bool> present)
    {
        for (var element = 0; element < present.Length; element++)
            present[element] = players.Of(element) != change;
    }

    public void Add(ReadOnlySpan<double> values, double all, Span<double> scores)
    {
        for (var player = 0; player < scores.Length; player++)
            scores[player] += all - values[player];
    }
}
