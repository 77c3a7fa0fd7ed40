using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class LoopTests
{
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100];

    private readonly struct Mix1 : IMap1
    {
        public V At<V, M>(V a) where M : struct, IMath<V> => M.Tanh(a);
    }

    private readonly struct Mix2 : IMap2
    {
        public V At<V, M>(V a, V b) where M : struct, IMath<V> => M.MultiplyAdd(M.Exp(a), b, a);
    }

    private readonly struct Mix3 : IMap3
    {
        public V At<V, M>(V a, V b, V c) where M : struct, IMath<V> => M.Divide(M.MultiplyAdd(a, b, c), M.Add(M.Abs(c), M.Constant(1)));
    }

    private readonly struct Mix4 : IMap4
    {
        public V At<V, M>(V a, V b, V c, V d)
            where M : struct, IMath<V> => M.Add(default(Mix3).At<V, M>(a, b, c), M.Multiply(M.Constant(2), d));
    }

    private readonly struct Mix5 : IMap5
    {
        public V At<V, M>(V a, V b, V c, V d, V e)
            where M : struct, IMath<V> => M.Add(default(Mix4).At<V, M>(a, b, c, d), M.Multiply(M.Constant(3), e));
    }

    private readonly struct Mix6 : IMap6
    {
        public V At<V, M>(V a, V b, V c, V d, V e, V f)
            where M : struct, IMath<V> => M.Add(default(Mix5).At<V, M>(a, b, c, d, e), M.Multiply(M.Constant(5), f));
    }

    private readonly struct Mix7 : IMap7
    {
        public V At<V, M>(V a, V b, V c, V d, V e, V f, V g) where M : struct, IMath<V> =>
            M.Add(default(Mix6).At<V, M>(a, b, c, d, e, f), M.Multiply(M.Constant(7), g));
    }

    private readonly struct Mix8 : IMap8
    {
        public V At<V, M>(V a, V b, V c, V d, V e, V f, V g, V h) where M : struct, IMath<V> =>
            M.Add(default(Mix7).At<V, M>(a, b, c, d, e, f, g), M.Multiply(M.Constant(11), h));
    }

    [Fact]
    public void Rows_may_be_written_far_apart_also_over_an_operand()
    {
        const int Rows = 5, Gap = 7;
        foreach (var size in Sizes)
        {
            var (a, b) = (Plain.Floats(1, Rows * size), Plain.Floats(2, Rows * (size + Gap)));
            var expected = new float[Rows * size];
            Loop.Map(default(Mix2), expected, Rows, size, new Operand(a, size), new Operand(b, size + Gap));
            var before = b.ToArray();
            Loop.Map(default(Mix2), new Destination(b, size + Gap), Rows, size, new Operand(a, size), new Operand(b, size + Gap));
            for (var r = 0; r < Rows; r++)
            {
                Assert.Equal(expected.AsSpan(r * size, size), b.AsSpan(r * (size + Gap), size));
                Assert.Equal(before.AsSpan(r * (size + Gap) + size, Gap), b.AsSpan(r * (size + Gap) + size, Gap));
            }
            Assert.Throws<ArgumentException>(() =>
                Loop.Map(default(Mix1), new Destination(b, size + Gap), Rows + 2, size, new Operand(a, 0)));
        }
    }

    private static double InDoubles(int arity, double[] v) => arity switch
    {
        1 => default(Mix1).At<double, DoubleMath>(v[0]),
        2 => default(Mix2).At<double, DoubleMath>(v[0], v[1]),
        3 => default(Mix3).At<double, DoubleMath>(v[0], v[1], v[2]),
        4 => default(Mix4).At<double, DoubleMath>(v[0], v[1], v[2], v[3]),
        5 => default(Mix5).At<double, DoubleMath>(v[0], v[1], v[2], v[3], v[4]),
        6 => default(Mix6).At<double, DoubleMath>(v[0], v[1], v[2], v[3], v[4], v[5]),
        7 => default(Mix7).At<double, DoubleMath>(v[0], v[1], v[2], v[3], v[4], v[5], v[6]),
        _ => default(Mix8).At<double, DoubleMath>(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]),
    };

    private static void Run(int arity, Span<float> y, int rows, int size, float[][] v, int[] stride)
    {
        switch (arity)
        {
            case 1: Loop.Map(default(Mix1), y, rows, size, O(0)); break;
            case 2: Loop.Map(default(Mix2), y, rows, size, O(0), O(1)); break;
            case 3: Loop.Map(default(Mix3), y, rows, size, O(0), O(1), O(2)); break;
            case 4: Loop.Map(default(Mix4), y, rows, size, O(0), O(1), O(2), O(3)); break;
            case 5: Loop.Map(default(Mix5), y, rows, size, O(0), O(1), O(2), O(3), O(4)); break;
            case 6: Loop.Map(default(Mix6), y, rows, size, O(0), O(1), O(2), O(3), O(4), O(5)); break;
            case 7: Loop.Map(default(Mix7), y, rows, size, O(0), O(1), O(2), O(3), O(4), O(5), O(6)); break;
            default: Loop.Map(default(Mix8), y, rows, size, O(0), O(1), O(2), O(3), O(4), O(5), O(6), O(7)); break;
        }

        Operand O(int k) => new(v[k], stride[k]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void EveryArityAgreesWithDoublesUnderEveryStride(int arity)
    {
        var random = new Random(arity);
        foreach (var size in Sizes)
        {
            for (var trial = 0; trial < 6; trial++)
            {
                var rows = 1 + random.Next(5);
                var stride = Enumerable.Range(0, arity)
                    .Select(_ => trial == 0 ? size : random.Next(3) switch { 0 => 0, 1 => size, _ => size + 3 })
                    .ToArray();
                var v = stride.Select(s => Data.Random(random, (rows - 1) * s + size)).ToArray();
                var y = new float[rows * size + 2];
                y[^1] = y[^2] = 42;
                Run(arity, y, rows, size, v, stride);
                for (var r = 0; r < rows; r++)
                {
                    for (var i = 0; i < size; i++)
                    {
                        var expected = InDoubles(arity, [.. v.Select((a, k) => (double)a[r * stride[k] + i])]);
                        Assert.True(Math.Abs(expected - y[r * size + i]) <= 1e-5 * (1 + Math.Abs(expected)),
                            $"size {size}, [{r}, {i}]: {expected} but {y[r * size + i]}");
                    }
                }
                Assert.Equal([42, 42], y[^2..]);
            }
        }
    }

    [Fact]
    public void ARowsBitsDependNeitherOnItsPlaceNorOnTheBatch()
    {
        var random = new Random(3);
        foreach (var size in Sizes)
        {
            var shared = Data.Random(random, size);
            Data.RowsAreIndependent(random, size, size, (x, y, rows) =>
                Loop.Map(default(Mix3), y, rows, size, new Operand(x, size), new Operand(shared, 0), new Operand(x, size)));
            Data.RowsAreIndependent(random, size, size, (x, y, rows) => Loop.Map(default(Mix1), y, rows, size, new Operand(x, size)));
        }
    }

    [Fact]
    public void AnElementsBitsDoNotDependOnItsPlace()
    {
        var x = new float[67];
        for (var trial = 0; trial < 100; trial++)
        {
            Array.Fill(x, (float)(new Random(trial).NextDouble() * 10 - 5));
            var y = new float[67];
            Loop.Map(default(Mix2), y, 1, 67, new Operand(x, 67), new Operand(x, 0));
            Assert.All(y, value => Assert.Equal(y[0], value));
        }
    }

    [Fact]
    public void TheResultMayBeAnOperand()
    {
        var x = Data.Random(new Random(5), 3 * 21);
        var expected = new float[x.Length];
        Loop.Map(default(Mix2), expected, 3, 21, new Operand(x, 21), new Operand(x, 21));
        Loop.Map(default(Mix2), x, 3, 21, new Operand(x, 21), new Operand(x, 21));
        Assert.Equal(expected, x);
    }

    [Fact]
    public void NoRowsIsNoWork() => Loop.Map(default(Mix1), default(Destination), 0, 5, new Operand([], 5));

    [Fact]
    public void WrongLengthsAreRefused()
    {
        var y = new float[6];
        Assert.Contains("6",
            Assert.Throws<ArgumentException>("a", () => Loop.Map(default(Mix1), y, 2, 3, new Operand(new float[5], 3))).Message);
        Assert.Throws<ArgumentException>("y", () => Loop.Map(default(Mix1), new float[5], 2, 3, new Operand(y, 3)));
        Assert.Throws<ArgumentException>("b", () => Loop.Map(default(Mix2), y, 2, 3, new Operand(y, 3), new Operand(y, 2)));
        Assert.Throws<ArgumentException>("a", () => Loop.Map(default(Mix1), y, 2, 3, new Operand(y, -3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loop.Map(default(Mix1), y, -1, 3, new Operand(y, 3)));
    }

    [Fact]
    public void NothingIsAllocated()
    {
        var x = new float[100];
        Data.AllocatesNothing(() => Loop.Map(default(Mix3), x, 3, 33, new Operand(x, 33), new Operand(x, 0), new Operand(x, 33)));
    }
}
