namespace Whence;

public static partial class Nn
{
    /// <summary>
    /// The places of an axis that the indices name, in their order and as often as named, as PyTorch's index_select has it.
    /// </summary>
    /// <exception cref="ArgumentException">The axis or an index does not exist.</exception>
    public static Tensor Gather(Tensor x, int axis, params int[] indices)
    {
        Expect.Axis(x, axis, nameof(Gather));
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.Length == 0)
            throw Expect.Refusal($"{nameof(Gather)} needs at least one index, but was given none.", nameof(indices));
        foreach (var index in indices)
        {
            if ((uint)index >= (uint)x.Shape[axis])
                throw Expect.Refusal($"{nameof(Gather)} takes indices from 0 to {x.Shape[axis] - 1} of axis {axis} of {x.Shape}, but was "
                    + $"given {index}.", nameof(indices));
        }
        return Resampled(x, axis, indices.Length, place => [(indices[place], 1)]);
    }

    /// <summary>Along an axis, places which are each the sum of some of x's, weighted.</summary>
    private static Tensor Resampled(Tensor x, int axis, int places, Func<int, (int Index, double Weight)[]> taps)
    {
        var shape = x.Shape.With(axis, places);
        var (outer, size, inner) = x.Around(axis);
        var y = new double[shape.Size];
        for (var i = 0; i < y.Length; i++)
        {
            // What nothing is read of adds nothing, be it infinite.
            foreach (var (index, weight) in taps(i / inner % places).Where(tap => tap.Weight != 0))
                y[i] += weight * x.Values[(i / inner / places * size + index) * inner + i % inner];
        }
        return Tensor.Own(shape, y);
    }
}
