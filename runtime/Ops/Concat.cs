namespace Whence;

public static partial class Nn
{
    /// <summary>The parts one after the other along axis 0; their other axes are the same.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Concat(params Tensor[] parts) => Concat(0, parts);

    /// <summary>The parts one after the other along an axis; their other axes are the same.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Concat(int axis, params Tensor[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
            throw Expect.Refusal($"{nameof(Concat)} needs at least one tensor, but was given none.", nameof(parts));
        foreach (var part in parts)
        {
            Expect.Axis(part, axis, nameof(Concat));
            if (part.Shape.Rank != parts[0].Shape.Rank || !part.Shape.With(axis, 1).Equals(parts[0].Shape.With(axis, 1)))
                throw Expect.Refusal($"{nameof(Concat)} along axis {axis} needs all other axes alike, but was given {parts[0].Shape} and "
                    + $"{part.Shape}.", nameof(parts));
        }

        var shape = parts[0].Shape.With(axis, Shape.Axis(parts.Sum(part => (long)part.Shape[axis])));
        var y = new double[shape.Size];
        var (outer, size, inner) = parts[0].Around(axis);
        var (to, block) = (0, shape[axis] * inner);
        foreach (var part in parts)
        {
            size = part.Shape[axis] * inner;
            for (var o = 0; o < outer; o++)
                part.Values.Slice(o * size, size).CopyTo(y.AsSpan(o * block + to));
            to += size;
        }
        return Tensor.Own(shape, y);
    }
}
