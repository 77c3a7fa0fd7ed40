using System.Numerics;
using Whence.CompilerServices;

namespace Whence.Networks.Tests.Laws;

/// <summary>Integrals of gradients, asked of a network's passes themselves.</summary>
internal static class AlongPaths
{
    /// <summary>[paths, size of to]: a backward pass by the gradient at each point of each path.</summary>
    public static double[] Naively<T>(IHostPasses<T> net, T[] x, T[] references, int from, int to, PathPoints points)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (size, toSize) = (net.Signature.InputSize, to < 0 ? net.Signature.InputSize : net.Signature.Points[to].Shape.Size);
        var sums = new double[x.Length / size * toSize];
        for (var path = 0; path < x.Length / size; path++)
        {
            for (var i = 0; i < points.Alphas.Length; i++)
            {
                var (row, m) = (new T[size], new T[toSize]);
                Masks.Between<T>(net.Signature, references.AsSpan(path * size, size), x.AsSpan(path * size, size), points.Alphas[i], row);
                var arguments = new BackwardArguments<T> { X = row, Rows = 1, ReferenceRows = 1, From = from, Seed = Seed(net,
                    from), SeedRows = 1, To = to, InjectAt = -1, Multipliers = m };
                net.Backward(Pass.Gradient, ref arguments);
                for (var k = 0; k < toSize; k++)
                    sums[path * toSize + k] += points.Weights[i] * double.CreateTruncating(m[k]);
            }
        }
        return sums;
    }

    /// <summary>[paths, InputSize]: the same by the question about paths, so many steps and paths at a time.</summary>
    public static T[] Sums<T>(IPathPasses<T> net, T[] x, T[] references, int from, PathPoints points, int chunk, int together)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (size, sizes) = (net.Signature.InputSize, net.PathSizes);
        var multipliers = new T[x.Length];
        for (var first = 0; first < x.Length / size; first += together)
        {
            var paths = Math.Min(together, x.Length / size - first);
            var (kept, sums, begins) =
                (new T[paths * sizes.Kept], new double[paths * sizes.Sums], references.AsSpan(first * size, paths * size).ToArray());
            for (var path = 0; path < paths; path++)
                Masks.Copy<T>(net.Signature, x.AsSpan((first + path) * size, size), begins.AsSpan(path * size, size));
            net.BeginPaths(x.AsSpan(first * size, paths * size), begins, kept, paths);
            for (var path = 0; path < paths; path++)
            {
                for (var step = 0; step < points.Alphas.Length; step += chunk)
                {
                    var arguments = Steps(net, kept.AsSpan(path * sizes.Kept, sizes.Kept), from, points, step,
                        Math.Min(chunk, points.Alphas.Length - step));
                    arguments.Sums = sums.AsSpan(path * sizes.Sums, sizes.Sums);
                    net.StepPath(ref arguments);
                }
            }
            net.EndPaths(sums, kept, multipliers.AsSpan(first * size, paths * size), paths);
        }
        return multipliers;
    }

    /// <summary>[size of to]: the weighted sum of the steps' rows at a point, of one path.</summary>
    public static double[] ToALayer<T>(IPathPasses<T> net, T[] x, T[] reference, int from, int to, PathPoints points)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (kept, size, steps) = (new T[net.PathSizes.Kept], net.Signature.Points[to].Shape.Size, points.Alphas.Length);
        var begin = (T[])reference.Clone();
        Masks.Copy<T>(net.Signature, x, begin);
        net.BeginPaths(x, begin, kept, 1);
        var m = new T[steps * size];
        var arguments = Steps(net, kept, from, points, 0, steps);
        arguments.To = to;
        arguments.Multipliers = m;
        net.StepPath(ref arguments);
        return [.. Enumerable.Range(0, size)
            .Select(k => Enumerable.Range(0, steps).Sum(i => points.Weights[i] * double.CreateTruncating(m[i * size + k])))];
    }

    private static BackwardArguments<T> Steps<T>(IPathPasses<T> net, Span<T> kept, int from, PathPoints points, int first, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Rows = rows, Kept = kept, ReferenceRows = 1, From = from, Seed = Seed<T>(net, from), SeedRows = 1, To = -1, InjectAt = -1,
            Alphas = points.Alphas.Slice(first, rows).ToArray().Select(T.CreateTruncating).ToArray(),
            Weights = points.Weights.Slice(first, rows),
        };

    // Units of both signs, and not all alike.
    private static T[] Seed<T>(IHostPasses<T> net, int from) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, net.Signature.Points[from].Shape.Size).Select(i => T.CreateTruncating(1 - 0.75 * (i % 3)))];

    /// <summary>Asserts that two rows agree but for rounding.</summary>
    public static void Same<T>(string name, T[] actual, double[] expected, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var largest = expected.Select(Math.Abs).DefaultIfEmpty().Max();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(double.CreateTruncating(actual[i]) - expected[i]) <= tolerance * largest,
                $"{name}: element {i} is {actual[i]}, not {expected[i]}, of at most {largest}.");
    }
}
