using Whence.Generator.Graphs;
using Axes = Whence.Generator.Graphs.Shape;

namespace Whence.Networks.Tests.Interpret;

/// <summary>Products of two matrices, for each position of the axes before them.</summary>
internal static class Matrices
{
    public static Block Product(Block a, Block b, Axes shape, Settings s)
    {
        var (n, m) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        var count = shape.Size / (n * m);
        var depth = a.Size / (count * n);
        var y = new Block(shape.Size, a.Rows);
        for (var o = 0; o < y.Size; o++)
        {
            var (product, i, j) = (o / (n * m), o / m % n, o % m);
            var sum = y[o];
            for (var k = 0; k < depth; k++)
            {
                var first = a[product * n * depth + (s.Flag("transposeA") ? k * n + i : i * depth + k)];
                var second = b[product * depth * m + (s.Flag("transposeB") ? j * depth + k : k * m + j)];
                for (var r = 0; r < sum.Length; r++)
                    sum[r] += first[r] * second[r];
            }
        }
        return y;
    }
}
