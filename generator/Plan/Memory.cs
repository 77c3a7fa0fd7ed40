using Whence.Generator.Graphs;

namespace Whence.Generator.Plan;

/// <summary>How axes lie: in the user's order, or with the first axis last and the others in order.</summary>
internal static class Memory
{
    /// <summary>The channels of a shape that lies channels last; 1 where that is the user's order too.</summary>
    public static int ChannelsLast(Shape shape) => shape.Rank < 2 || shape[0] == shape.Size ? 1 : shape[0];

    /// <summary>A shape's axes as they lie, outermost first.</summary>
    public static IReadOnlyList<int> Axes(Shape shape, int channels)
    {
        var axes = Enumerable.Range(0, shape.Rank);
        return (shape.Rank < 2 || channels != ChannelsLast(shape) ? axes : axes.Skip(1).Append(0)).ToList();
    }

    /// <summary>For each of the user's axes, how far a step along it goes.</summary>
    public static int[] Strides(Shape shape, int channels)
    {
        var strides = new int[shape.Rank];
        var stride = 1;
        foreach (var axis in Axes(shape, channels).Reverse())
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }

    /// <summary>The extents outside an axis, of it, and inside it, as they lie.</summary>
    public static (int Outer, int Axis, int Inner) Around(Shape shape, int channels, int axis)
    {
        var axes = Axes(shape, channels).ToList();
        var place = axes.IndexOf(axis);
        int Product(IEnumerable<int> some) => some.Aggregate(1, (product, other) => product * shape[other]);
        return (Product(axes.Take(place)), shape[axis], Product(axes.Skip(place + 1)));
    }

    /// <summary>
    /// The copy of a stretch of one axis, and all of the others, between two values that may lie differently; spread: the source's axis has
    /// size 1 and is repeated. The source's shape is said apart, since a relabelled value keeps the shape that it was made with.
    /// </summary>
    public static CopyStep Box(PlannedValue to, PlannedValue from, Shape fromShape, int axis, int toStart, int fromStart, int extent,
        bool spread,
        double? fill)
    {
        var (toStrides, fromStrides) = (Strides(to.Shape, to.Channels), Strides(fromShape, from.Channels));
        var axes = Axes(to.Shape, to.Channels)
            .Select(i => (i == axis ? extent : to.Shape[i], i == axis && spread ? 0 : fromStrides[i], toStrides[i]));
        return new CopyStep(to, from, toStart * toStrides[axis], fromStart * fromStrides[axis], Merged(axes), fill);
    }

    /// <summary>The copy of a value with its axes in another order: axis i of the target is axis order[i] of the source.</summary>
    public static CopyStep Permuted(PlannedValue to, PlannedValue from, Shape fromShape, int[] order)
    {
        var (toStrides, fromStrides) = (Strides(to.Shape, to.Channels), Strides(fromShape, from.Channels));
        var axes = Axes(to.Shape, to.Channels).Select(i => (to.Shape[i], fromStrides[order[i]], toStrides[i]));
        return new CopyStep(to, from, 0, 0, Merged(axes), null);
    }

    /// <summary>Axes of a copy, outermost first, with those made one that run on without a gap on both sides.</summary>
    public static List<(int Extent, int From, int To)> Merged(IEnumerable<(int Extent, int From, int To)> each)
    {
        var axes = new List<(int Extent, int From, int To)>();
        foreach (var axis in each)
        {
            if (axes.Count > 0 && Contiguous(axes[axes.Count - 1], axis))
                axes[axes.Count - 1] = (axes[axes.Count - 1].Extent * axis.Extent, axis.From, axis.To);
            else if (axis.Extent > 1)
                axes.Add(axis);
        }
        if (axes.Count == 0)
            axes.Add((1, 1, 1));
        return axes;
    }

    /// <summary>The copy of a step's part out of a sequence, of these shapes and channels: from where it lies along axis 0.</summary>
    public static CopyStep OutOf(PlannedValue to, int channels, PlannedValue from, Shape sequence, int sequenceChannels)
    {
        var (part, whole) = (Strides(sequence.Without(0), channels), Strides(sequence, sequenceChannels));
        var axes = Axes(sequence.Without(0), channels).Select(i => (sequence[i + 1], whole[i + 1], part[i]));
        return new CopyStep(to, from, 0, 0, Merged(axes), null) { FromStep = whole[0] };
    }

    /// <summary>The copy of a step's part into a sequence.</summary>
    public static CopyStep Into(PlannedValue to, Shape sequence, int sequenceChannels, PlannedValue from, int channels)
    {
        var (part, whole) = (Strides(sequence.Without(0), channels), Strides(sequence, sequenceChannels));
        var axes = Axes(sequence.Without(0), channels).Select(i => (sequence[i + 1], part[i], whole[i + 1]));
        return new CopyStep(to, from, 0, 0, Merged(axes), null) { ToStep = whole[0] };
    }

    /// <summary>The copy that turns axis 0 around.</summary>
    public static CopyStep Flipped(PlannedValue to, int channels, PlannedValue from, int fromChannels, Shape shape)
    {
        var (toStrides, fromStrides) = (Strides(shape, channels), Strides(shape, fromChannels));
        var axes = Axes(shape, channels).Select(i => (shape[i], i == 0 ? -fromStrides[i] : fromStrides[i], toStrides[i]));
        return new CopyStep(to, from, 0, (shape[0] - 1) * fromStrides[0], Merged(axes), null);
    }

    private static bool Contiguous((int Extent, int From, int To) outer, (int Extent, int From, int To) inner) =>
        outer.From == inner.From * inner.Extent && outer.To == inner.To * inner.Extent;
}
