namespace Whence;

/// <summary>Weights made of their parts, in double precision: what PyTorch computes anew in every forward pass.</summary>
internal static class FoldedWeight
{
    /// <summary>A weight, row-major, of parts whose shapes have been checked.</summary>
    /// <exception cref="InvalidDataException">There is no such weight: a norm of zero.</exception>
    public static double[] Of(ParametrisationKind kind, Shape shape, (int[] Axes, double[] Values)[] parts) => kind switch
    {
        ParametrisationKind.WeightNorm => WeightNorm(shape, parts[0].Axes, parts[0].Values, parts[1].Values),
        ParametrisationKind.SpectralNorm => SpectralNorm(shape, parts[0].Values, parts[1].Values, parts[2].Values),
        ParametrisationKind.Stacked => [.. parts.SelectMany(part => part.Values)],
        _ => [.. parts[0].Values.Zip(parts[1].Values, (weight, mask) => weight * mask)],
    };

    /// <summary>
    /// g v / |v|: the norm is over all axes but the one along which g lies, and over all where g is a single number (PyTorch's dim, 0 if
    /// nothing is said, and None).
    /// </summary>
    private static double[] WeightNorm(Shape shape, int[] along, double[] sizes, double[] direction)
    {
        var axis = Array.FindIndex(along, size => size != 1);
        var inner = axis < 0 ? shape.Size : Inner(shape, axis);
        var squares = new double[sizes.Length];
        for (var i = 0; i < direction.Length; i++)
            squares[i / inner % sizes.Length] += direction[i] * direction[i];
        var zero = Array.IndexOf(squares, 0.0);
        if (zero >= 0)
            throw new InvalidDataException(
                $"its direction v is zero{(axis < 0 ? "" : $" at index {zero} of axis {axis}")}, so that v / |v| is no number");
        var factors = new double[sizes.Length];
        for (var i = 0; i < factors.Length; i++)
            factors[i] = sizes[i] / Math.Sqrt(squares[i]);
        var weight = new double[direction.Length];
        for (var i = 0; i < weight.Length; i++)
            weight[i] = direction[i] * factors[i / inner % factors.Length];
        return weight;
    }

    /// <summary>
    /// W / (u W v), where W is taken as a matrix from all other axes to one: PyTorch's dim, which is axis 0, but 1 of a transposed
    /// convolution. The file does not say which. Where the lengths of u and v fit several, it is the one along which u lies as W v does, as
    /// power iteration leaves it; before the first step of training it lies along none, and axis 0 is taken.
    /// </summary>
    private static double[] SpectralNorm(Shape shape, double[] weight, double[] left, double[] right)
    {
        var fitting = Enumerable.Range(0, shape.Rank)
            .Where(axis => shape[axis] == left.Length && shape.Size / shape[axis] == right.Length)
            .Select(axis => Norm(shape, axis, weight, left, right)).ToList();
        var best = fitting.MaxBy(norm => norm.Aligned);
        // A matrix is no transposed convolution's: another axis than 0 has been said, and is plain to see.
        var isPlain = best.Aligned > Aligned && (shape.Rank > 2 || !(fitting[0].Aligned >= Aligned));
        var along = isPlain ? best.Along : fitting[0].Along;
        if (!double.IsFinite(1 / along))
            throw new InvalidDataException($"its largest singular value, u W v, comes out as {along}");
        return Array.ConvertAll(weight, value => value / along);
    }

    // A cosine: what a step of training after the last power iteration may leave of 1.
    private const double Aligned = 0.9;

    private static (double Along, double Aligned) Norm(Shape shape, int axis, double[] weight, double[] left, double[] right)
    {
        var product = Times(shape, axis, weight, right);
        var along = Dot(left, product);
        return (along, along / Math.Sqrt(Dot(product, product)));
    }

    private static double[] Times(Shape shape, int axis, double[] weight, double[] right)
    {
        var (inner, rows) = (Inner(shape, axis), shape[axis]);
        var product = new double[rows];
        for (var i = 0; i < weight.Length; i++)
            product[i / inner % rows] += weight[i] * right[i / (inner * rows) * inner + i % inner];
        return product;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static int Inner(Shape shape, int axis) => shape.ToArray()[(axis + 1)..].Aggregate(1, (product, size) => product * size);
}
