using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>How axes lie: the first axis last, the others in order.</summary>
internal static class Memory
{
    /// <summary>A shape's extents as they lie, outermost first.</summary>
    public static IReadOnlyList<int> Extents(Shape shape) =>
        shape.Rank < 2 ? shape.ToArray() : shape.ToArray().Skip(1).Append(shape[0]).ToArray();

    /// <summary>Where an axis of the user's stands among the extents.</summary>
    public static int PlaceOf(int axis, int rank) => rank < 2 ? axis : axis == 0 ? rank - 1 : axis - 1;

    /// <summary>
    /// The copy of a stretch of one axis, and all of the others, between two values; spread: the source's axis has size 1 and is repeated.
    /// The source's shape is said apart, since a relabelled value keeps the shape that it was made with.
    /// </summary>
    public static CopyStep Box(Value to, Value from, Shape fromShape, int axis, int toStart, int fromStart, int extent, bool spread, double? fill)
    {
        var (toExtents, fromExtents) = (Extents(to.Shape), Extents(fromShape));
        var place = PlaceOf(axis, toExtents.Count);
        var (toStrides, fromStrides) = (Strides(toExtents), Strides(fromExtents));
        var axes = new List<(int Extent, int From, int To)>();
        for (var i = 0; i < toExtents.Count; i++)
        {
            var length = i == place ? extent : toExtents[i];
            var step = i == place && spread ? 0 : fromStrides[i];
            if (axes.Count > 0 && Contiguous(axes[axes.Count - 1], (length, step, toStrides[i])))
                axes[axes.Count - 1] = (axes[axes.Count - 1].Extent * length, step, toStrides[i]);
            else if (length > 1)
                axes.Add((length, step, toStrides[i]));
        }
        if (axes.Count == 0)
            axes.Add((1, 1, 1));
        return new CopyStep(to, from, toStart * toStrides[place], fromStart * fromStrides[place], axes, fill);
    }

    /// <summary>
    /// The copy between a step's value and its place along axis 0 of a sequence: out of the sequence, or into it. Shapes and channels are those of the nodes.
    /// </summary>
    public static CopyStep OfStep(Value to, Value from, Shape sequence, int sequenceChannels, int stepChannels, bool into)
    {
        var whole = UserStrides(sequence, sequenceChannels);
        var step = UserStrides(sequence.Without(0), stepChannels);
        var axes = new List<(int Extent, int From, int To)>();
        for (var i = 0; i < step.Length; i++)
        {
            if (sequence[i + 1] > 1)
                axes.Add(into ? (sequence[i + 1], step[i], whole[i + 1]) : (sequence[i + 1], whole[i + 1], step[i]));
        }
        // Outermost first as the step's value lies.
        axes.Sort((a, b) => into ? b.From.CompareTo(a.From) : b.To.CompareTo(a.To));
        for (var i = axes.Count - 2; i >= 0; i--)
        {
            if (!Contiguous(axes[i], axes[i + 1]))
                continue;
            axes[i] = (axes[i].Extent * axes[i + 1].Extent, axes[i + 1].From, axes[i + 1].To);
            axes.RemoveAt(i + 1);
        }
        if (axes.Count == 0)
            axes.Add((1, 1, 1));
        return new CopyStep(to, from, 0, 0, axes, null) { FromStep = into ? 0 : whole[0], ToStep = into ? whole[0] : 0 };
    }

    /// <summary>The copy that turns axis 0 around; both lie alike.</summary>
    public static CopyStep Flipped(Value to, Value from, Shape shape, int channels)
    {
        var stride = UserStrides(shape, channels)[0];
        var (around, within) = channels == 1 ? (1, stride) : (shape.Size / shape[0], 1);
        return new CopyStep(to, from, 0, (shape[0] - 1) * stride, [(around, shape[0], shape[0]), (shape[0], -stride, stride), (within, 1, 1)], null);
    }

    /// <summary>For each axis of the user's, how far apart its elements lie.</summary>
    private static int[] UserStrides(Shape shape, int channels)
    {
        if (channels == 1 || shape.Rank < 2)
            return Strides(shape.ToArray());
        var strides = Strides(Extents(shape));
        return Enumerable.Range(0, shape.Rank).Select(axis => strides[PlaceOf(axis, shape.Rank)]).ToArray();
    }

    private static bool Contiguous((int Extent, int From, int To) outer, (int Extent, int From, int To) inner) =>
        outer.From == inner.From * inner.Extent && outer.To == inner.To * inner.Extent;

    private static int[] Strides(IReadOnlyList<int> extents)
    {
        var strides = new int[extents.Count];
        var stride = 1;
        for (var i = extents.Count - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= extents[i];
        }
        return strides;
    }
}
