using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class MatMulTests
{
    private static readonly int[] Widths = [4, 8, 16];

    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int>();
        foreach (var rows in new[] { 1, 2, 3, 5, 6, 7, 12, 13, 49 })
        foreach (var (inputs, outputs) in new[] { (1, 1), (1, 7), (3, 2), (16, 32), (30, 64), (17, 33), (64, 31), (128, 10), (257, 129),
            (50, 50), (9, 200) })
            shapes.Add(rows, inputs, outputs);
        shapes.Add(3, 1600, 128);
        shapes.Add(60, 1600, 24);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Is_what_its_definition_says_at_every_vector_width(int rows, int inputs, int outputs)
    {
        var weight = Plain.Values(1, outputs * inputs);
        var x = Plain.Floats(2, rows * inputs);
        foreach (var bias in new[] { [], Plain.Floats(3, outputs) })
        {
            var expected = Plain.Affine(x, weight, bias, outputs, inputs, rows);
            foreach (var lanes in Widths)
            {
                var y = Enumerable.Repeat(float.NaN, rows * outputs).ToArray();
                MatMul.Affine(x, Matrix.Pack(weight, outputs, inputs, lanes), bias, y, rows);
                Plain.AssertNear(expected, y, $"{lanes} lanes");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rows_may_be_far_apart_and_begin_with_numbers_of_their_own(int rows, int inputs, int outputs)
    {
        const int Gap = 3;
        var weight = Plain.Values(1, outputs * inputs);
        var bias = Plain.Floats(3, outputs);
        var x = Plain.Floats(2, rows * (inputs + Gap));
        var starts = Plain.Floats(4, rows * (outputs + 2 * Gap));
        foreach (var lanes in Widths)
        {
            var matrix = Matrix.Pack(weight, outputs, inputs, lanes);
            var y = Enumerable.Repeat(float.NaN, rows * (outputs + Gap)).ToArray();
            var from = new Operand(starts, outputs + 2 * Gap);
            MatMul.Affine(new Operand(x, inputs + Gap), matrix, from, new Destination(y, outputs + Gap), rows,
                default(Ops.Relu));
            var (one, same) = (new float[outputs], new float[rows * (outputs + Gap)]);
            MatMul.Affine(new Operand(x, inputs + Gap), matrix, new Operand(bias, 0), new Destination(same, outputs + Gap), rows);
            for (var r = 0; r < rows; r++)
            {
                // The same chain of additions, whatever begins it.
                MatMul.Affine(x.AsSpan(r * (inputs + Gap), inputs), matrix, starts.AsSpan(r * (outputs + 2 * Gap), outputs), one, 1,
                    default(Ops.Relu));
                Assert.True(y.AsSpan(r * (outputs + Gap), outputs).SequenceEqual(one), $"{lanes} lanes, row {r}");
                Assert.All(y.AsSpan(r * (outputs + Gap) + outputs, Gap).ToArray(), between => Assert.True(float.IsNaN(between)));
                MatMul.Affine(x.AsSpan(r * (inputs + Gap), inputs), matrix, bias, one, 1);
                Assert.True(same.AsSpan(r * (outputs + Gap), outputs).SequenceEqual(one), $"{lanes} lanes, row {r} with one start for all");
            }
        }
    }

    [Fact]
    public void Rows_that_are_far_apart_must_fit_and_lie_apart()
    {
        var matrix = Matrix.Pack(Plain.Values(1, 6), 2, 3);
        var (x, y) = (new float[20], new float[20]);
        var refusals = new Action[]
        {
            () => MatMul.Affine(new Operand(x, 10), matrix, [], new Destination(y, 4), 3),
            () => MatMul.Affine(new Operand(x, 2), matrix, [], new Destination(y, 4), 3),
            () => MatMul.Affine(new Operand(x, 3), matrix, [], new Destination(y, 1), 3),
            () => MatMul.Affine(new Operand(x, 3), matrix, [], new Destination(y, 10), 3),
            () => MatMul.Affine(new Operand(x, 3), matrix, [1], new Destination(y, 2), 3),
            () => MatMul.Affine(new Operand(x, 3), matrix, [], new Destination(x, 4), 3),
            () => MatMul.Affine(new Operand(x, 3), matrix, new Operand(y, 2), new Destination(y, 4), 3),
            () => MatMul.Affine(new Operand(x, 3), matrix, new Operand(x, 10), new Destination(y, 4), 3),
        };
        foreach (var refused in refusals)
            Assert.Throws<ArgumentException>(refused);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Packed_for_the_way_back_is_the_explicit_transpose_bit_for_bit(int rows, int inputs, int outputs)
    {
        var weight = Plain.Values(1, outputs * inputs);
        var m = Plain.Floats(2, rows * outputs);
        var back = Matrix.PackTransposed(weight, outputs, inputs);
        Assert.Equal((outputs, inputs), (back.Inputs, back.Outputs));
        var (expected, found) = (new float[rows * inputs], new float[rows * inputs]);
        MatMul.Affine(m, Matrix.Pack(Plain.Transpose(weight, outputs, inputs), inputs, outputs), [], expected, rows);
        MatMul.Affine(m, back, [], found, rows);
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(16, 32)]
    [InlineData(128, 10)]
    [InlineData(301, 77)]
    [InlineData(1600, 128)]
    public void A_row_has_the_same_bits_in_every_batch_and_place(int inputs, int outputs)
    {
        const int most = 257;
        var weight = Plain.Values(1, outputs * inputs);
        var bias = Plain.Floats(3, outputs);
        var x = Plain.Floats(2, most * inputs);
        foreach (var lanes in Widths)
        {
            var matrix = Matrix.Pack(weight, outputs, inputs, lanes);
            var whole = new float[most * outputs];
            MatMul.Affine(x, matrix, bias, whole, most);
            foreach (var rows in new[] { 1, 2, 3, 4, 5, 6, 7, 11, 12, 13 })
            {
                var y = new float[rows * outputs];
                foreach (var first in new[] { 0, 1, 100, most - rows })
                {
                    MatMul.Affine(x.AsSpan(first * inputs), matrix, bias, y, rows);
                    Assert.True(whole.AsSpan(first * outputs, y.Length).SequenceEqual(y), $"{lanes} lanes, {rows} rows from {first}");
                }
            }
        }
    }

    [Fact]
    public void A_function_fused_into_the_product_has_the_bits_of_the_function_applied_after_it()
    {
        const int inputs = 19, outputs = 37;
        foreach (var lanes in Widths)
        foreach (var rows in new[] { 1, 8 })
        {
            var matrix = Matrix.Pack(Plain.Values(1, outputs * inputs), outputs, inputs, lanes);
            var x = Plain.Floats(2, rows * inputs);
            var (plain, fused) = (new float[rows * outputs], new float[rows * outputs]);
            MatMul.Affine(x, matrix, [], plain, rows);
            MatMul.Affine(x, matrix, [], fused, rows, new TwiceAbs());
            Assert.Equal(plain.Select(value => 2 * Math.Abs(value)), fused);
        }
    }

    [Fact]
    public void Writes_nothing_beyond_its_rows()
    {
        var matrix = Matrix.Pack(Plain.Values(1, 10 * 5), 10, 5);
        var y = Enumerable.Repeat(-7f, 64).ToArray();
        MatMul.Affine(Plain.Floats(2, 15), matrix, [], y.AsSpan(8), 3);
        Assert.All(y[..8].Concat(y[38..]), value => Assert.Equal(-7f, value));
    }

    [Fact]
    public void No_rows_are_no_work() => MatMul.Affine([], Matrix.Pack([1, 2], 1, 2), [], [], 0);

    [Fact]
    public void Spans_that_are_too_short_are_named()
    {
        var matrix = Matrix.Pack(new double[12], 3, 4);
        Assert.Throws<ArgumentException>("x", () => MatMul.Affine(new float[7], matrix, [], new float[6], 2));
        Assert.Throws<ArgumentException>("y", () => MatMul.Affine(new float[8], matrix, [], new float[5], 2));
        Assert.Throws<ArgumentException>("bias", () => MatMul.Affine(new float[8], matrix, new float[2], new float[6], 2));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => MatMul.Affine(new float[8], matrix, [], new float[6], -1));
        Assert.Throws<ArgumentException>("x", () => MatMul.Affine(new float[8], matrix, [], new float[6], int.MaxValue));
        var shared = new float[20];
        Assert.Throws<ArgumentException>("y", () => MatMul.Affine(shared.AsSpan(0, 8), matrix, [], shared.AsSpan(4), 2));
        Assert.Throws<ArgumentException>("weight", () => Matrix.Pack(new double[11], 3, 4));
        Assert.Throws<ArgumentException>("weight", () => Matrix.PackTransposed(new double[13], 3, 4));
        Assert.Throws<ArgumentOutOfRangeException>("outputs", () => Matrix.Pack([], 0, 4));
    }

    [Fact]
    public void Allocates_nothing()
    {
        var matrix = Matrix.Pack(Plain.Values(1, 100 * 70), 70, 100);
        var (x, bias, y) = (Plain.Floats(2, 1300), new float[70], new float[13 * 70]);
        void Call(int rows) => MatMul.Affine(x, matrix, bias, y, rows, new TwiceAbs());
        foreach (var rows in new[] { 1, 2, 13 })
            Assert.Equal(0, Allocated.By(() => Call(rows)));
    }
}

internal readonly struct TwiceAbs : IElementwise
{
    public V Value<V, M>(V x) where M : struct, IMath<V> => M.Multiply(M.Constant(2), M.Abs(x));

    public V Slope<V, M>(V x, V y) where M : struct, IMath<V> => M.IfPositive(x, M.Constant(2), M.Constant(-2));
}
