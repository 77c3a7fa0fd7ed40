using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class MatrixProductTests
{
    private const int Rows = 3;

    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 2, 3, 4, 5 }, { 1, 7, 3, 2 }, { 3, 2, 9, 17 }, { 1, 64, 64, 64 }, { 2, 13, 5, 33 }, { 4, 1, 8, 12 },
        { 1, 6, 31, 7 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ProductsAreThoseOfPlainLoops(int count, int n, int k, int m)
    {
        foreach (var (transposeA, transposeB) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var (a, b) = (Plain.Floats(1, Rows * count * n * k), Plain.Floats(2, Rows * count * k * m));
            var expected = Expected(a, b, count, n, k, m, transposeA, transposeB);
            var y = Enumerable.Repeat(float.NaN, expected.Length).ToArray();
            MatMul.Product(new Operand(a, count * n * k), new Operand(b, count * k * m), y, Rows, count, n, k, m, transposeA, transposeB);
            Plain.AssertNear(expected, y, $"transposed {transposeA}, {transposeB}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void AFactorThatServesAllRowsIsAsGoodAsACopyForEach(int count, int n, int k, int m)
    {
        var (a, b) = (Plain.Floats(1, count * n * k), Plain.Floats(2, count * k * m));
        var (once, copied) = (new float[Rows * count * n * m], new float[Rows * count * n * m]);
        MatMul.Product(new Operand(a, 0), new Operand(b, 0), once, Rows, count, n, k, m);
        MatMul.Product(new Operand(Repeated(a), a.Length), new Operand(Repeated(b), b.Length), copied, Rows, count, n, k, m);
        Assert.Equal(copied, once);
    }

    [Fact]
    public void ARowHasTheSameBitsInEveryBatchAndPlace() =>
        Data.RowsAreIndependent(new Random(3), 2 * (5 * 7 + 7 * 9), 2 * 5 * 9, (x, y, rows) =>
            MatMul.Product(new Operand(x, 2 * (5 * 7 + 7 * 9)), new Operand(x[70..], 2 * (5 * 7 + 7 * 9)), y, rows, 2, 5, 7, 9));

    [Fact]
    public void AProductAllocatesNothing()
    {
        var (a, b, y) = (Plain.Floats(1, 2 * 64 * 64), Plain.Floats(2, 2 * 64 * 64), new float[2 * 64 * 64]);
        Data.AllocatesNothing(() => MatMul.Product(new Operand(a, 0), new Operand(b, 0), y, 1, 2, 64, 64, 64, true, true));
    }

    [Fact]
    public void AResultOverItsFactorIsRefused()
    {
        var a = Plain.Floats(1, 9);
        Assert.Equal("y", Assert.Throws<ArgumentException>(
            () => MatMul.Product(new Operand(a, 0), new Operand(Plain.Floats(2, 9), 0), a, 1, 1, 3, 3, 3)).ParamName);
    }

    private static float[] Repeated(float[] row) => [.. Enumerable.Repeat(row, Rows).SelectMany(values => values)];

    private static double[] Expected(float[] a, float[] b, int count, int n, int k, int m, bool transposeA, bool transposeB)
    {
        var y = new double[Rows * count * n * m];
        for (var i = 0; i < y.Length; i++)
        {
            var (product, row, column) = (i / (n * m), i / m % n, i % m);
            for (var j = 0; j < k; j++)
                y[i] += (double)a[product * n * k + (transposeA ? j * n + row : row * k + j)]
                    * b[product * k * m + (transposeB ? column * k + j : j * m + column)];
        }
        return y;
    }
}
