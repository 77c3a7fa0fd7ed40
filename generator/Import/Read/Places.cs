namespace Whence.Import.Read;

/// <summary>Where elements of a tensor lie.</summary>
internal static class Places
{
    /// <summary>How far neighbours along each axis are apart, row by row.</summary>
    public static int[] Strides(IReadOnlyList<int> axes)
    {
        var strides = new int[axes.Count];
        for (int axis = axes.Count - 1, stride = 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(axes[axis], 1);
        }
        return strides;
    }

    /// <summary>Where the element at this place, counted row by row over axes, lies under these strides.</summary>
    public static int Offset(int index, int[] axes, int[] strides)
    {
        var offset = 0;
        for (var axis = axes.Length - 1; axis >= 0; axis--)
        {
            offset += index % axes[axis] * strides[axis];
            index /= axes[axis];
        }
        return offset;
    }

    /// <summary>Strides for reading a tensor as if it had these axes, repeated along those in which it has one element.</summary>
    public static int[] Repeated(IReadOnlyList<int> from, int[] to)
    {
        var strides = Strides(from);
        var repeated = new int[to.Length];
        for (var i = 0; i < from.Count; i++)
            repeated[to.Length - from.Count + i] = from[i] == 1 ? 0 : strides[i];
        return repeated;
    }

    /// <summary>
    /// The axes of what is made of tensors of these axes, each repeated where it has one element; null if they do not fit.
    /// </summary>
    public static int[]? Joined(params IReadOnlyList<int>[] operands)
    {
        var joined = new int[operands.Max(axes => axes.Count)];
        Array.Fill(joined, 1);
        foreach (var axes in operands)
        {
            for (var i = 0; i < axes.Count; i++)
            {
                ref var axis = ref joined[joined.Length - axes.Count + i];
                if (axis != 1 && axes[i] != 1 && axis != axes[i])
                    return null;
                axis = axis == 1 ? axes[i] : axis;
            }
        }
        return joined;
    }
}
