namespace Whence;

public static partial class Nn
{
    /// <summary>
    /// The product of two matrices for each position of the axes before: a [..., n, k] and b [..., k, m] give [..., n, m]. The axes before
    /// are alike, or b is one matrix for all. A transposed a is [..., k, n], a transposed b [..., m, k].
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Shape.Rank < 2 || b.Shape.Rank < 2)
            throw Expect.Refusal($"{nameof(MatMul)} takes matrices [..., n, k] and [..., k, m], but was given {a.Shape} and {b.Shape}.",
                a.Shape.Rank < 2 ? nameof(a) : nameof(b));
        a = transposeA ? Transpose(a, a.Shape.Rank - 2, a.Shape.Rank - 1) : a;
        b = transposeB ? Transpose(b, b.Shape.Rank - 2, b.Shape.Rank - 1) : b;
        var (first, second) = (a.Shape.ToArray(), b.Shape.ToArray());
        var (n, k, m) = (first[^2], first[^1], second[^1]);
        if (second[^2] != k || second.Length > 2 && !first[..^2].SequenceEqual(second[..^2]))
            throw Expect.Refusal($"{nameof(MatMul)} needs the columns of the first to be the rows of the second, and the axes before to be "
                + $"alike, but was given {a.Shape} and {b.Shape}.", nameof(b));
        var shape = a.Shape.With(first.Length - 1, m);
        var y = new double[shape.Size];
        for (var i = 0; i < y.Length; i++)
        {
            var (row, column) = (i / m, i % m);
            var matrix = second.Length > 2 ? row / n * k * m : 0;
            for (var j = 0; j < k; j++)
                y[i] += a.Values[row * k + j] * b.Values[matrix + j * m + column];
        }
        return Tensor.Own(shape, y);
    }
}
