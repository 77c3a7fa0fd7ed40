using Whence.CompilerServices;
using Whence.Generator.Graphs;
using Axes = Whence.Generator.Graphs.Shape;

namespace Whence.Networks.Tests.Interpret;

/// <summary>What moves or sums along one axis of a value: its elements are [outer, axis, inner].</summary>
internal static class Along
{
    public static Block Sum(Block x, Axes shape, Settings s)
    {
        var (outer, length, inner) = Parts(shape, s);
        var y = new Block(outer * inner, x.Rows);
        for (var o = 0; o < y.Size; o++)
        {
            var sum = y[o];
            for (var k = 0; k < length; k++)
            {
                var term = x[(o / inner * length + k) * inner + o % inner];
                for (var r = 0; r < sum.Length; r++)
                    sum[r] += term[r];
            }
            for (var r = 0; r < sum.Length; r++)
                sum[r] *= s.Number("factor");
        }
        return y;
    }

    public static Block Neighbours(Block x, Axes shape, Settings s)
    {
        var (channels, area) = (shape[0], shape.Size / shape[0]);
        var y = new Block(x.Size, x.Rows);
        for (var i = 0; i < x.Size; i++)
        {
            for (var r = 0; r < x.Pitch; r++)
            {
                var sum = 0.0;
                for (var c = Math.Max(0, i / area - s.Int("before")); c <= Math.Min(channels - 1, i / area + s.Int("after")); c++)
                    sum += x[c * area + i % area][r];
                y[i][r] = s.Number("offset") + s.Number("factor") * sum;
            }
        }
        return y;
    }

    public static Block LogSumExp(Block x, Axes shape, Settings s)
    {
        var (outer, length, inner) = Parts(shape, s);
        var y = new Block(outer * inner, x.Rows);
        for (var o = 0; o < y.Size; o++)
        {
            var first = o / inner * length * inner + o % inner;
            for (var r = 0; r < x.Pitch; r++)
            {
                var top = double.NegativeInfinity;
                for (var k = 0; k < length; k++)
                    top = Math.Max(top, x[first + k * inner][r]);
                var sum = 0.0;
                for (var k = 0; k < length; k++)
                    sum += Math.Exp(x[first + k * inner][r] - top);
                y[o][r] = double.IsNegativeInfinity(top) ? top : top + Math.Log(sum);
            }
        }
        return y;
    }

    /// <summary>Each less the largest, and that less the logarithm of the sum of such exponentials.</summary>
    public static Block LogSoftmax(Block x, Axes shape, Settings s)
    {
        var (_, length, inner) = Parts(shape, s);
        var (top, y) = (Max(x, shape, s), new Block(x.Size, x.Rows));
        var hasLeast = s.Has("least");
        for (var o = 0; o < top.Size; o++)
        {
            var first = o / inner * length * inner + o % inner;
            for (var r = 0; r < x.Pitch; r++)
            {
                var largest = Math.Max(top[o][r], s.Number("least", double.NegativeInfinity));
                if (double.IsInfinity(largest))
                    largest = 0;
                var places = Enumerable.Range(0, length).Select(k => first + k * inner).ToList();
                var most = places.FindIndex(place => x[place][r] == largest);
                var others = places.Where((_, k) => k != most).Sum(place => Math.Exp(x[place][r] - largest)) - (most < 0 ? 1 : 0);
                foreach (var place in places)
                    y[place][r] = x[place][r] - largest - DoubleMath.Log1p(hasLeast ? Math.Max(others, 0) : others);
            }
        }
        return y;
    }

    public static Block Max(Block x, Axes shape, Settings s)
    {
        var (outer, length, inner) = Parts(shape, s);
        var y = new Block(outer * inner, x.Rows);
        for (var o = 0; o < y.Size; o++)
        {
            for (var r = 0; r < x.Pitch; r++)
            {
                y[o][r] = double.NegativeInfinity;
                for (var k = 0; k < length; k++)
                    y[o][r] = Math.Max(y[o][r], x[(o / inner * length + k) * inner + o % inner][r]);
            }
        }
        return y;
    }

    public static Block Repeat(Block x, Axes shape, Settings s)
    {
        var (outer, _, inner) = Parts(shape, s);
        var size = s.Int("size");
        return Gather(x, outer * size * inner, o => o / inner / size * inner + o % inner);
    }

    public static Block Cut(Block x, Axes shape, Settings s)
    {
        var (outer, length, inner) = Parts(shape, s);
        var (start, kept) = (s.Int("start"), s.Int("length"));
        return Gather(x, outer * kept * inner, o => (o / inner / kept * length + start + o / inner % kept) * inner + o % inner);
    }

    public static Block Border(Block x, Axes shape, Settings s)
    {
        var (outer, length, inner) = Parts(shape, s);
        var (before, wide) = (s.Int("before"), s.Int("before") + length + s.Int("after"));
        var y = new Block(outer * wide * inner, x.Rows);
        y.Data.AsSpan().Fill(s.Number("value"));
        for (var i = 0; i < x.Size; i++)
            x[i].CopyTo(y[(i / inner / length * wide + before + i / inner % length) * inner + i % inner]);
        return y;
    }

    public static Block Join(Block[] parts, Axes[] shapes, Settings s)
    {
        var lengths = shapes.Select(shape => shape[s.Int("axis")]).ToArray();
        var (outer, _, inner) = Parts(shapes[0], s);
        var y = new Block(outer * lengths.Sum() * inner, parts[0].Rows);
        var before = 0;
        for (var k = 0; k < parts.Length; k++)
        {
            for (var i = 0; i < parts[k].Size; i++)
                parts[k][i].CopyTo(y[(i / inner / lengths[k] * lengths.Sum() + before + i / inner % lengths[k]) * inner + i % inner]);
            before += lengths[k];
        }
        return y;
    }

    public static Block Permute(Block x, Axes shape, Settings s)
    {
        var order = s.Ints("order");
        int[] steps =
            [.. order.Select(axis => Enumerable.Range(axis + 1, shape.Rank - axis - 1).Aggregate(1, (step, inner) => step * shape[inner]))];
        return Gather(x, x.Size, place =>
        {
            var from = 0;
            for (var i = order.Length - 1; i >= 0; place /= shape[order[i]], i--)
                from += place % shape[order[i]] * steps[i];
            return from;
        });
    }

    public static Block Resample(Block x, Axes shape, Settings s)
    {
        var y = new Block(x.Size / shape[s.Int("axis")] * Places(s), x.Rows);
        EachTap(shape, s, (from, to, weight) => Add(x[from], y[to], weight));
        return y;
    }

    public static Block ResampleBack(Block m, Axes shape, Settings s)
    {
        var x = new Block(shape.Size, m.Rows);
        EachTap(shape, s, (from, to, weight) => Add(m[to], x[from], weight));
        return x;
    }

    private static int Places(Settings s) => s.Ints("indices").Length / s.Int("taps");

    private static void EachTap(Axes shape, Settings s, Action<int, int, double> each)
    {
        var (outer, length, inner) = Parts(shape, s);
        var (indices, weights, taps) = (s.Ints("indices"), s.Numbers("weights"), s.Int("taps"));
        for (var o = 0; o < outer; o++)
        {
            for (var k = 0; k < indices.Length; k++)
            {
                for (var i = 0; i < inner && (weights.Length == 0 || weights[k] != 0); i++)
                    each((o * length + indices[k]) * inner + i, (o * Places(s) + k / taps) * inner + i,
                        weights.Length == 0 ? 1 : weights[k]);
            }
        }
    }

    private static void Add(Span<double> from, Span<double> to, double weight)
    {
        for (var r = 0; r < to.Length; r++)
            to[r] += weight * from[r];
    }

    private static Block Gather(Block x, int size, Func<int, int> from)
    {
        var y = new Block(size, x.Rows);
        for (var i = 0; i < size; i++)
            x[from(i)].CopyTo(y[i]);
        return y;
    }

    private static (int Outer, int Length, int Inner) Parts(Axes shape, Settings s)
    {
        var (axis, axes) = (s.Int("axis"), shape.ToArray());
        return (axes[..axis].Aggregate(1, (a, b) => a * b), axes[axis], axes[(axis + 1)..].Aggregate(1, (a, b) => a * b));
    }

    /// <summary>Axis 0, of this size, backwards.</summary>
    public static Block Flip(Block x, int size)
    {
        var (flipped, inner) = (new Block(x.Size, x.Rows), x.Size / size);
        for (var i = 0; i < x.Size; i++)
            x[(size - 1 - i / inner) * inner + i % inner].CopyTo(flipped[i]);
        return flipped;
    }
}
