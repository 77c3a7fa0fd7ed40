namespace Whence.Gpu.Tests;

using Whence.CompilerServices;

/// <summary>Two networks that are the same: every pass of one against that of the other.</summary>
internal static class AllPasses
{
    // A device adds up in another order, and rounds a product before it is added.
    private const double Tolerance = 2e-4;

    public static void Agree(IHostPasses<float> expected, IHostPasses<float> found, int rows, int seed)
    {
        var signature = expected.Signature;
        var (x, x0) = (Numbers(rows * signature.InputSize, seed), Numbers(rows * signature.InputSize, seed + 1));
        for (var point = -1; point < signature.Points.Count; point++)
        {
            var size = point < 0 ? signature.OutputSize : signature.Points[point].Shape.Size;
            var (y, on) = (new float[rows * size], new float[rows * size]);
            expected.Forward(x, point, y, rows);
            found.Forward(x, point, on, rows);
            Alike(y, on, $"Forward to {point}", 2e-5);
        }
        foreach (var pass in signature.Passes)
        {
            var kept = new float[rows * expected.KeptSize(pass)];
            expected.Keep(pass, x0, kept, rows);
            var keptOn = new float[kept.Length];
            found.Keep(pass, x0, keptOn, rows);
            Alike(kept, keptOn, $"{pass} keeps", 2e-5);
            for (var to = -1; to < signature.Points.Count; to++)
            {
                if (to < 0 || signature.Points[to].Kind == PointKind.Layer)
                    Agree(expected, found, pass, x, kept, rows, to, seed);
            }
        }
        if (expected is IPathPasses<float> paths && paths.Follows(0, -1))
            AgreeOnPaths(paths, (IPathPasses<float>)found, x, x0, rows, seed);
    }

    private static void Agree(IHostPasses<float> expected, IHostPasses<float> found, Pass pass, float[] x, float[] kept, int rows, int to,
        int seed)
    {
        var signature = expected.Signature;
        var (from, size) = (signature.Points[0].Shape.Size, to < 0 ? signature.InputSize : signature.Points[to].Shape.Size);
        var seeds = Numbers(2 * from, seed + 2);
        var results = new float[2][][];
        foreach (var (net, i) in new[] { (expected, 0), (found, 1) })
        {
            var parts = results[i] = [.. Enumerable.Range(0, 5).Select(_ => new float[2 * rows * size]), new float[rows * from]];
            var arguments = new BackwardArguments<float>
            {
                X = x, Rows = rows, Kept = kept, ReferenceRows = rows, From = 0, Seed = seeds, SeedRows = 1, Answers = 2, To = to,
                InjectAt = -1, Multipliers = parts[0], NegativeMultipliers = parts[1], FromValue = parts[5],
                ToValue = to < 0 ? default : parts[4].AsSpan(0, rows * size),
            };
            if (to >= 0 && kept.Length > 0)
            {
                arguments.PositiveDelta = parts[2].AsSpan(0, rows * size);
                arguments.NegativeDelta = parts[3].AsSpan(0, rows * size);
            }
            net.Backward(pass, ref arguments);
        }
        for (var part = 0; part < results[0].Length; part++)
            Alike(results[0][part], results[1][part], $"{pass} to {to}, part {part}", Tolerance);
    }

    private static void AgreeOnPaths(IPathPasses<float> expected, IPathPasses<float> found, float[] x, float[] x0, int paths, int seed)
    {
        const int steps = 5;
        var signature = expected.Signature;
        var sizes = expected.PathSizes;
        var seeds = Numbers(signature.Points[0].Shape.Size, seed + 2);
        var results = new float[2][];
        foreach (var (net, i) in new[] { (expected, 0), (found, 1) })
        {
            var kept = new float[paths * sizes.Kept];
            var sums = new double[paths * sizes.Sums];
            net.BeginPaths(x, x0, kept, paths);
            for (var path = 0; path < paths; path++)
            {
                var arguments = new BackwardArguments<float>
                {
                    Rows = steps, Kept = kept.AsSpan(path * sizes.Kept, sizes.Kept), ReferenceRows = 1, From = 0, Seed = seeds,
                    SeedRows = 1, To = -1, InjectAt = -1, Alphas = [0.1f, 0.3f, 0.5f, 0.7f, 0.9f], Weights = [0.2, 0.2, 0.2, 0.2, 0.2],
                    Sums = sums.AsSpan(path * sizes.Sums, sizes.Sums),
                };
                net.StepPath(ref arguments);
            }
            results[i] = new float[paths * signature.InputSize];
            net.EndPaths(sums, kept, results[i], paths);
        }
        Alike(results[0], results[1], "paths", Tolerance);
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray();
    }

    private static void Alike(float[] expected, float[] found, string what, double tolerance)
    {
        var scale = Math.Max(1e-6, expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (var i = 0; i < expected.Length; i++)
        {
            var isAlike = float.IsFinite(expected[i])
                ? Math.Abs(expected[i] - found[i]) <= tolerance * scale
                : expected[i].Equals(found[i]);
            Assert.True(isAlike, $"{what}, [{i}] of {expected.Length}: expected {expected[i]}, found {found[i]}, of {scale}");
        }
    }
}
