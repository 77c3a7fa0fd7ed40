namespace Whence;

public static partial class Nn
{
    /// <summary>The axes in another order: axis i of the result is axis order[i] of x, as PyTorch's permute has it.</summary>
    /// <exception cref="ArgumentException">The order does not name each axis once.</exception>
    public static Tensor Permute(Tensor x, params int[] order)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(order);
        if (!order.Order().SequenceEqual(Enumerable.Range(0, x.Shape.Rank)))
            throw Expect.Refusal($"{nameof(Permute)} needs each of the {x.Shape.Rank} axes of {x.Shape} once, counted from 0, but was "
                + $"given ({Listing.Of(order)}).", nameof(order));
        var shape = new Shape([.. order.Select(axis => x.Shape[axis])]);
        var steps = new int[order.Length];
        var step = 1;
        for (var axis = order.Length - 1; axis >= 0; step *= x.Shape[axis], axis--)
            steps[Array.IndexOf(order, axis)] = step;
        var y = new double[shape.Size];
        for (var i = 0; i < y.Length; i++)
        {
            var (place, from) = (i, 0);
            for (var axis = order.Length - 1; axis >= 0; place /= shape[axis], axis--)
                from += place % shape[axis] * steps[axis];
            y[i] = x.Values[from];
        }
        return Tensor.Own(shape, y);
    }

    /// <summary>Two axes exchanged, as PyTorch's transpose has it.</summary>
    /// <exception cref="ArgumentException">An axis does not exist.</exception>
    public static Tensor Transpose(Tensor x, int first, int second)
    {
        Expect.Axis(x, first, nameof(Transpose));
        Expect.Axis(x, second, nameof(Transpose));
        return Permute(x, [.. Enumerable.Range(0, x.Shape.Rank).Select(axis => axis == first ? second : axis == second ? first : axis)]);
    }
}
