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
