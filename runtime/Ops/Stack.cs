namespace Whence;

public static partial class Nn
{
    /// <summary>Tensors of one shape along a new axis 0: a list that a foreach over a tensor has added to, as one tensor.</summary>
    /// <exception cref="ArgumentException">There are none, or their shapes differ.</exception>
    public static Tensor Stack(params IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0)
            throw Expect.Refusal($"{nameof(Stack)} needs at least one tensor, but was given none.", nameof(tensors));
        var shape = tensors[0].Shape;
        var stacked = new Shape([tensors.Count, .. shape.ToArray()]);
        var y = new double[stacked.Size];
        for (var i = 0; i < tensors.Count; i++)
        {
            if (!tensors[i].Shape.Equals(shape))
                throw Expect.Refusal($"{nameof(Stack)} needs tensors of one shape, but was given {shape} and {tensors[i].Shape}.",
                    nameof(tensors));
            tensors[i].Values.CopyTo(y.AsSpan(i * shape.Size));
        }
        return Tensor.Own(stacked, y);
    }

    /// <summary>The parts along axis 0 in the opposite order.</summary>
    /// <exception cref="ArgumentException">The tensor is a scalar.</exception>
    public static Tensor Reverse(Tensor x)
    {
        Expect.Axis(x, 0, nameof(Reverse));
        return Stack(Enumerable.Reverse(Parts(x)).ToList());
    }

    /// <summary>The last part along axis 0, without that axis.</summary>
    /// <exception cref="ArgumentException">The tensor is a scalar.</exception>
    public static Tensor Last(Tensor x)
    {
        Expect.Axis(x, 0, nameof(Last));
        return Parts(x)[^1];
    }

    private static List<Tensor> Parts(Tensor x)
    {
        var parts = new List<Tensor>();
        foreach (var part in x)
            parts.Add(part);
        return parts;
    }
}
