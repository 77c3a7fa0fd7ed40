using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class PairLoopTests
{
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100];

    private static V Sum<V, M>(params ReadOnlySpan<V> v) where M : struct, IMath<V>
    {
        var sum = M.Tanh(v[0]);
        foreach (var value in v[1..])
            sum = M.MultiplyAdd(M.Abs(value), M.Constant(3), sum);
        return sum;
    }

    private static V Product<V, M>(params ReadOnlySpan<V> v) where M : struct, IMath<V>
    {
        var product = M.Exp(v[0]);
        foreach (var value in v[1..])
            product = M.Divide(M.Multiply(product, value), M.Add(M.Abs(value), M.Constant(1)));
        return product;
    }

    private readonly struct Sum2 : IMap2
    {
        public V At<V, M>(V a, V b) where M : struct, IMath<V> => Sum<V, M>(a, b);
    }

    private readonly struct Product2 : IMap2
    {
        public V At<V, M>(V a, V b) where M : struct, IMath<V> => Product<V, M>(a, b);
    }

    private readonly struct Both2 : IPair2
    {
        public void At<V, M>(V a, V b, out V first, out V second) where M : struct, IMath<V> =>
            (first, second) = (Sum<V, M>(a, b), Product<V, M>(a, b));
    }

    private readonly struct Sum3 : IMap3
    {
        public V At<V, M>(V a, V b, V c) where M : struct, IMath<V> => Sum<V, M>(a, b, c);
    }

    private readonly struct Product3 : IMap3
    {
        public V At<V, M>(V a, V b, V c) where M : struct, IMath<V> => Product<V, M>(a, b, c);
    }

    private readonly struct Both3 : IPair3
    {
        public void At<V, M>(V a, V b, V c, out V first, out V second) where M : struct, IMath<V> =>
            (first, second) = (Sum<V, M>(a, b, c), Product<V, M>(a, b, c));
    }

    private readonly struct Sum4 : IMap4
    {
        public V At<V, M>(V a, V b, V c, V d) where M : struct, IMath<V> => Sum<V, M>(a, b, c, d);
    }

    private readonly struct Product4 : IMap4
    {
        public V At<V, M>(V a, V b, V c, V d) where M : struct, IMath<V> => Product<V, M>(a, b, c, d);
    }

    private readonly struct Both4 : IPair4
    {
        public void At<V, M>(V a, V b, V c, V d, out V first, out V second) where M : struct, IMath<V> =>
            (first, second) = (Sum<V, M>(a, b, c, d), Product<V, M>(a, b, c, d));
    }

    private readonly struct Sum5 : IMap5
    {
        public V At<V, M>(V a, V b, V c, V d, V e) where M : struct, IMath<V> => Sum<V, M>(a, b, c, d, e);
    }

    private readonly struct Product5 : IMap5
    {
        public V At<V, M>(V a, V b, V c, V d, V e) where M : struct, IMath<V> => Product<V, M>(a, b, c, d, e);
    }

    private readonly struct Both5 : IPair5
    {
        public void At<V, M>(V a, V b, V c, V d, V e, out V first, out V second) where M : struct, IMath<V> =>
            (first, second) = (Sum<V, M>(a, b, c, d, e), Product<V, M>(a, b, c, d, e));
    }

    private readonly struct Sum6 : IMap6
    {
        public V At<V, M>(V a, V b, V c, V d, V e, V f) where M : struct, IMath<V> => Sum<V, M>(a, b, c, d, e, f);
    }

    private readonly struct Product6 : IMap6
    {
        public V At<V, M>(V a, V b, V c, V d, V e, V f) where M : struct, IMath<V> => Product<V, M>(a, b, c, d, e, f);
    }

    private readonly struct Both6 : IPair6
    {
        public void At<V, M>(V a, V b, V c, V d, V e, V f, out V first, out V second) where M : struct, IMath<V> =>
            (first, second) = (Sum<V, M>(a, b, c, d, e, f), Product<V, M>(a, b, c, d, e, f));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Both_results_have_the_bits_that_they_have_by_themselves(int arity)
    {
        var random = new Random(arity);
        foreach (var size in Sizes)
        {
            for (var trial = 0; trial < 8; trial++)
            {
                var rows = 1 + random.Next(5);
                var stride = Enumerable.Range(0, arity + 2)
                    .Select(k => trial == 0 ? size : random.Next(k < arity ? 3 : 2) switch { 0 => size, 1 => size + 3, _ => 0 }).ToArray();
                var v = stride.Select(s => Data.Random(random, (rows - 1) * s + size)).ToArray();
                // Results may be written over operands that lie as they do.
                var (y, z) = (v[arity], v[arity + 1]);
                if (trial % 2 == 1 && stride[0] == stride[arity])
                    y = v[0];
                if (trial % 2 == 1 && stride[1] == stride[arity + 1])
                    z = v[1];
                var (first, second) = (y.ToArray(), z.ToArray());
                Apart(arity, new Destination(first, stride[arity]), new Destination(second, stride[arity + 1]), rows, size, v, stride);
                Together(arity, new Destination(y, stride[arity]), new Destination(z, stride[arity + 1]), rows, size, v, stride);
                Assert.Equal(first, y);
                Assert.Equal(second, z);
            }
        }
    }

    [Fact]
    public void Results_that_do_not_fit_are_named()
    {
        var (a, y) = (new float[40], new float[40]);
        Assert.Throws<ArgumentException>("y", () => Loop.Map(default(Both2), y.AsSpan(1), y, 2, 20, new(a, 20), new(a, 0)));
        Assert.Throws<ArgumentException>("z", () => Loop.Map(default(Both2), y, y.AsSpan(1), 2, 20, new(a, 20), new(a, 0)));
        Assert.Throws<ArgumentException>("b", () => Loop.Map(default(Both2), y, new float[40], 2, 20, new(a, 20), new(a, 21)));
    }

    private static void Together(int arity, Destination y, Destination z, int rows, int size, float[][] v, int[] stride)
    {
        switch (arity)
        {
            case 2:
                Loop.Map(default(Both2), y, z, rows, size, O(0), O(1));
                break;
            case 3:
                Loop.Map(default(Both3), y, z, rows, size, O(0), O(1), O(2));
                break;
            case 4:
                Loop.Map(default(Both4), y, z, rows, size, O(0), O(1), O(2), O(3));
                break;
            case 5:
                Loop.Map(default(Both5), y, z, rows, size, O(0), O(1), O(2), O(3), O(4));
                break;
            default:
                Loop.Map(default(Both6), y, z, rows, size, O(0), O(1), O(2), O(3), O(4), O(5));
                break;
        }

        Operand O(int k) => new(v[k], stride[k]);
    }

    private static void Apart(int arity, Destination y, Destination z, int rows, int size, float[][] v, int[] stride)
    {
        switch (arity)
        {
            case 2:
                Loop.Map(default(Sum2), y, rows, size, O(0), O(1));
                Loop.Map(default(Product2), z, rows, size, O(0), O(1));
                break;
            case 3:
                Loop.Map(default(Sum3), y, rows, size, O(0), O(1), O(2));
                Loop.Map(default(Product3), z, rows, size, O(0), O(1), O(2));
                break;
            case 4:
                Loop.Map(default(Sum4), y, rows, size, O(0), O(1), O(2), O(3));
                Loop.Map(default(Product4), z, rows, size, O(0), O(1), O(2), O(3));
                break;
            case 5:
                Loop.Map(default(Sum5), y, rows, size, O(0), O(1), O(2), O(3), O(4));
                Loop.Map(default(Product5), z, rows, size, O(0), O(1), O(2), O(3), O(4));
                break;
            default:
                Loop.Map(default(Sum6), y, rows, size, O(0), O(1), O(2), O(3), O(4), O(5));
                Loop.Map(default(Product6), z, rows, size, O(0), O(1), O(2), O(3), O(4), O(5));
                break;
        }

        Operand O(int k) => new(v[k], stride[k]);
    }
}
