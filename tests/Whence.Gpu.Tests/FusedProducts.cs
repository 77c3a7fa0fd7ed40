namespace Whence.Gpu.Tests;

using IMap2 = Whence.CompilerServices.IMap2;
using IMap3 = Whence.CompilerServices.IMap3;
using IMap4 = Whence.CompilerServices.IMap4;
using Kernels = Whence.CompilerServices;
using Window = Whence.CompilerServices.Window;

/// <summary>
/// Products that form their first factor and finish their numbers, and add them to the sums over the steps of paths, against the same in
/// three steps; by the groups of a GPU and by the threads of a processor.
/// </summary>
public class FusedProducts
{
    private static readonly Window[] Windows =
    [
        .. StepsAgree.Windows,
        // Whose way back has whole blocks of its depth beyond the border.
        new()
        {
            Channels = 3, Height = 7, Width = 8, Filters = 32, KernelHeight = 3, KernelWidth = 4, StrideHeight = 2, StrideWidth = 1,
            PadHeight = 1, PadWidth = 2,
        },
        new()
        {
            Channels = 3, Height = 11, Width = 10, Filters = 40, KernelHeight = 5, KernelWidth = 4, StrideHeight = 3, StrideWidth = 2,
            PadHeight = 4, PadWidth = 1, PadWidthEnd = 2,
        },
        new()
        {
            Channels = 70, Height = 6, Width = 9, Filters = 6, KernelHeight = 2, KernelWidth = 3, StrideHeight = 1, StrideWidth = 2,
            DilationHeight = 2, DilationWidth = 3, PadHeight = 1, PadWidth = 3, Groups = 2,
        },
    ];

    // a point of a path through Relu
    private readonly struct Point : IMap3
    {
        public V At<V, M>(V z0, V dz, V alpha) where M : struct, IMath<V> =>
            new Ops.Relu().Value<V, M>(M.MultiplyAdd(alpha, dz, z0));
    }

    // m times Relu's slope there
    private readonly struct Slope : IMap4
    {
        public V At<V, M>(V m, V z0, V dz, V alpha) where M : struct, IMath<V>
        {
            var y = new Ops.Relu().Value<V, M>(M.MultiplyAdd(alpha, dz, z0));
            return M.Multiply(m, new Ops.Relu().Slope<V, M>(y, y));
        }
    }

    private readonly struct Times : IMap2
    {
        public V At<V, M>(V a, V b) where M : struct, IMath<V> => M.Multiply(a, b);
    }

    private readonly struct TimesAndMore : IMap3
    {
        public V At<V, M>(V y, V a, V b) where M : struct, IMath<V> => M.MultiplyAdd(y, a, b);
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void FormTheirFactorAndFinishTheirNumbers(string device)
    {
        const int rows = 3;
        foreach (var (window, back) in Some(device).SelectMany(window => new[] { (window, false), (window, true) }))
        {
            var (from, to) = back ? (window.OutputSize, window.InputSize) : (window.InputSize, window.OutputSize);
            var weight = Weight(window);
            var (a, b) = (StepsAgree.Numbers(rows * from, 2), StepsAgree.Numbers(from, 3));
            var (times, more) = (StepsAgree.Numbers(rows * to, 4), StepsAgree.Numbers(to, 5));
            var (x, expected) = (new float[rows * from], new float[rows * to]);
            Kernels.Loop.Map(default(Times), x, rows, from, new Kernels.Operand(a, from), new Kernels.Operand(b, 0));
            Kernels.Convolve.Affine(x, Packed(weight, window, back), [], expected, rows);
            Kernels.Loop.Map(default(TimesAndMore), expected, rows, to, new Kernels.Operand(expected, to), new Kernels.Operand(times, to),
                new Kernels.Operand(more, 0));
            var filters = back ? Filters.PackTransposed(weight, window) : Filters.Pack(weight, window);
            OfBothForms(device, expected, (y, up) => Convolve.Affine(
                Factor.Of(default(Times), new Operand(up(a), from), new Operand(b, 0)), filters, [],
                Epilogue.Of(default(TimesAndMore), new Operand(up(times), to), new Operand(more, 0)), new Result(y, to), rows));
        }
    }

    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void TakeManyVectorsOfARow(string device)
    {
        const int rows = 5;
        const int repeat = 7;
        foreach (var (inputs, outputs) in new[] { (6, 3), (16, 70), (33, 130) })
        {
            var (weight, bias) = (StepsAgree.Numbers(inputs * outputs, 1).Select(each => (double)each).ToArray(),
                StepsAgree.Numbers(outputs, 2));
            var (a, b) = (StepsAgree.Numbers(rows * repeat * inputs, 3), StepsAgree.Numbers(repeat * inputs, 4));
            var (x, expected) = (new float[a.Length], new float[rows * repeat * outputs]);
            Kernels.Loop.Map(default(Times), x, rows, repeat * inputs, new Kernels.Operand(a, repeat * inputs), new Kernels.Operand(b, 0));
            Kernels.MatMul.Affine(x, Kernels.Matrix.Pack(weight, outputs, inputs), bias, expected, rows * repeat);
            OfBothForms(device, expected, (y, up) => MatMul.Affine(
                Factor.Of(default(Times), new Operand(up(a), repeat * inputs), new Operand(b, 0)), Matrix.Pack(weight, outputs, inputs),
                bias, Epilogue.None, new Result(y, repeat * outputs), rows, repeat));
        }
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void SumOverTheStepsOfPaths(string device)
    {
        const int steps = 11;
        // The first path's first steps have come before, the last one's last are still to come.
        foreach (var (paths, before, missing) in new[] { (1, 0, 0), (3, 4, 2), (19, 0, 5) })
        foreach (var window in new[] { Windows[0], Windows[^3], Windows[^2], Windows[^1] }.Intersect(Some(device)))
        {
            var rows = paths * steps - before - missing;
            var (from, to) = (window.OutputSize, window.InputSize);
            var (weight, m) = (Weight(window), StepsAgree.Numbers(rows * from, 2));
            var (z0, dz) = (StepsAgree.Numbers(paths * to, 3), StepsAgree.Numbers(paths * to, 4));
            var (alphas, weights) = (StepsAgree.Numbers(steps, 5), StepsAgree.Numbers(steps, 6));
            weights[2] = 0;
            var back = new float[rows * to];
            Kernels.Convolve.Affine(m, Packed(weight, window, true), [], back, rows);
            var sums = new double[paths * to];
            for (var i = 0; i < back.Length; i++)
            {
                var (row, place) = Math.DivRem(i, to);
                var (path, step) = Math.DivRem(row + before, steps);
                if (z0[path * to + place] + alphas[step] * dz[path * to + place] > 0)
                    sums[path * to + place] += (double)weights[step] * back[i];
            }
            OfBothForms(device, [.. sums.Select(sum => (float)sum)], (y, up) =>
            {
                var arguments = new BackwardArguments
                {
                    Rows = rows, Steps = steps, FirstStep = before, Alphas = up(alphas), Weights = up(weights),
                    Sums = new Sums(up(new float[paths * (to + 3)]), up(new float[paths * (to + 3)]), to + 3),
                };
                Convolve.Affine(Factor.Of(new Operand(up(m), from)), Filters.PackTransposed(weight, window), [], Epilogue.Of(default(Slope),
                    new Operand(up(z0), RowStride.OfPaths(to, arguments)), new Operand(up(dz), RowStride.OfPaths(to, arguments)),
                    Operand.OfAlphas(arguments)), Result.Summed(arguments, 3), rows);
                Paths.Sum(arguments.Sums, 3, to + 3, y, paths, to);
            });
        }
    }

    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void ReadPointsOfPaths(string device)
    {
        const int steps = 6;
        const int paths = 3;
        const int inputs = 20;
        const int outputs = 37;
        var (weight, bias) = (StepsAgree.Numbers(inputs * outputs, 1).Select(each => (double)each).ToArray(),
            StepsAgree.Numbers(outputs, 2));
        var (z0, dz, alphas) = (StepsAgree.Numbers(paths * inputs, 3), StepsAgree.Numbers(paths * inputs, 4), StepsAgree.Numbers(steps, 5));
        var x = Enumerable.Range(0, paths * steps * inputs).Select(i =>
        {
            var at = i / (steps * inputs) * inputs + i % inputs;
            return Math.Max(0, z0[at] + alphas[i / inputs % steps] * dz[at]);
        }).ToArray();
        var expected = new float[paths * steps * outputs];
        Kernels.MatMul.Affine(x, Kernels.Matrix.Pack(weight, outputs, inputs), bias, expected, paths * steps);
        OfBothForms(device, expected, (y, up) =>
        {
            var arguments = new BackwardArguments { Rows = paths * steps, Steps = steps, Alphas = up(alphas) };
            MatMul.Affine(Factor.Of(default(Point), new Operand(up(z0), RowStride.OfPaths(inputs, arguments)),
                new Operand(up(dz), RowStride.OfPaths(inputs, arguments)), Operand.OfAlphas(arguments)),
                Matrix.Pack(weight, outputs, inputs), bias, Epilogue.None, new Result(y, outputs), paths * steps);
        });
    }

    /// <summary>Of a dense layer and of a convolution: the second is finished with what comes down from a vector of each path.</summary>
    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void FinishWithWhatComesDownFromASeed(string device)
    {
        const int steps = 3;
        const int paths = 4;
        const int rows = paths * steps;
        const int units = 5;
        var window = Windows[0];
        foreach (var (from, to) in new[] { (21, 37), (window.InputSize, window.OutputSize) })
        {
            var (weight, last) = (to == 37 ? Doubles(from * to, 1) : Weight(window), Doubles(units * to, 2));
            var (x, seeds, more) = (StepsAgree.Numbers(rows * from, 3), StepsAgree.Numbers(paths * units, 4), StepsAgree.Numbers(to, 5));
            var (heads, expected) = (new float[paths * to], new float[rows * to]);
            Kernels.MatMul.Affine(seeds, Kernels.Matrix.PackTransposed(last, units, to), [], heads, paths);
            if (to == 37)
                Kernels.MatMul.Affine(x, Kernels.Matrix.Pack(weight, to, from), [], expected, rows);
            else
                Kernels.Convolve.Affine(x, Packed(weight, window, false), [], expected, rows);
            var headOfRow = Enumerable.Range(0, rows * to).Select(i => heads[i / (steps * to) * to + i % to]).ToArray();
            Kernels.Loop.Map(default(TimesAndMore), expected, rows, to, new Kernels.Operand(expected, to),
                new Kernels.Operand(headOfRow, to), new Kernels.Operand(more, 0));
            OfBothForms(device, expected, (y, up) =>
            {
                var arguments = new BackwardArguments { Rows = rows, Steps = steps, Seed = up(seeds), SeedRows = paths };
                var (factor, epilogue, result) = (Factor.Of(new Operand(up(x), from)), Epilogue.Of(default(TimesAndMore),
                    Operand.OfSeeds(units, arguments), new Operand(more, 0)).OfHead(Matrix.PackTransposed(last, units, to)),
                    new Result(y, to));
                if (to == 37)
                    MatMul.Affine(factor, Matrix.Pack(weight, to, from), [], epilogue, result, rows);
                else
                    Convolve.Affine(factor, Filters.Pack(weight, window), [], epilogue, result, rows);
            });
        }
    }

    /// <summary>Of a reference and of the move from it, into rows that have something else between the two.</summary>
    [Trait("Long", "gpu")]
    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void MultiplyTwoFactorsByTheSameWeights(string device)
    {
        foreach (var window in Some(device))
        foreach (var rows in new[] { 1, 5 })
        {
            var (from, to) = (window.InputSize, window.OutputSize);
            var (weight, bias) = (Weight(window), StepsAgree.Numbers(window.Filters, 2));
            var (x, a, b) = (StepsAgree.Numbers(rows * from, 3), StepsAgree.Numbers(rows * from, 4), StepsAgree.Numbers(from, 5));
            var (product, first, second) = (new float[rows * from], new float[rows * to], new float[rows * to]);
            Kernels.Loop.Map(default(Times), product, rows, from, new Kernels.Operand(a, from), new Kernels.Operand(b, 0));
            Kernels.Convolve.Affine(x, Packed(weight, window, false), bias, first, rows);
            Kernels.Convolve.Affine(product, Packed(weight, window, false), [], second, rows);
            var (row, apart) = (2 * to + 3, to + 3);
            var expected = Enumerable.Range(0, rows * row).Select(i => (i % row, i / row * to) switch
            {
                var (at, begin) when at < to => first[begin + at],
                var (at, begin) when at >= apart => second[begin + at - apart],
                _ => 7,
            }).ToArray();
            OfBothForms(device, expected, (y, up) =>
            {
                Copy.Fill(y, 7);
                Convolve.Affine(Factor.Twice(Factor.Of(new Operand(up(x), from)),
                    Factor.Of(default(Times), new Operand(up(a), from), new Operand(b, 0))), Filters.Pack(weight, window), bias,
                    Epilogue.None, Result.Twice(y, row, apart), rows);
            });
        }
    }

    private static double[] Doubles(int count, int seed) => [.. StepsAgree.Numbers(count, seed).Select(each => (double)each)];

    private static Window[] Some(string device) => StepsAgree.IsSlow(device) ? [Windows[0], Windows[^3], Windows[^1]] : Windows;

    private static double[] Weight(Window window) =>
        StepsAgree.Numbers(window.Filters * (window.Channels / window.Groups) * window.KernelHeight * window.KernelWidth, 1)
            .Select(each => (double)each).ToArray();

    private static Kernels.Filters Packed(double[] weight, Window window, bool back) =>
        back ? Kernels.Filters.PackTransposed(weight, window) : Kernels.Filters.Pack(weight, window);

    private static void OfBothForms(string device, float[] expected, Action<Rows, Func<float[], Rows>> run) =>
        StepsAgree.OfBothForms(device, expected, run, 4e-6);
}
