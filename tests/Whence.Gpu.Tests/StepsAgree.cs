namespace Whence.Gpu.Tests;

using IMap1 = Whence.CompilerServices.IMap1;
using Kernels = Whence.CompilerServices;
using IMap2 = Whence.CompilerServices.IMap2;
using Strides = Whence.CompilerServices.Strides;
using Window = Whence.CompilerServices.Window;

/// <summary>Every step of a program on a device, against the CPU's kernel of the same step.</summary>
public class StepsAgree
{
    private const int Many = 37;

    internal static float[] Numbers(int count, int seed, double scale = 1)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (float)(scale * (random.NextDouble() * 2 - 1))).ToArray();
    }

    internal static float[] OnDevice(string name, int size, Action<Rows, Func<float[], Rows>> run)
    {
        var device = Devices.Get(name);
        var lane = device.Lanes.Rent();
        try
        {
            var y = lane.Take(size);
            run(y, values =>
            {
                var rows = lane.Take(values.Length);
                rows.Read(values);
                return rows;
            });
            var found = new float[size];
            y.Write(found);
            return found;
        }
        finally
        {
            device.Lanes.Return(lane);
        }
    }

    /// <summary>By both forms of product that there are.</summary>
    internal static void OfBothForms(string device, float[] expected, Action<Rows, Func<float[], Rows>> run, double tolerance = 2e-6)
    {
        foreach (var form in Devices.OfBothForms(device))
            Alike(expected, OnDevice(form, expected.Length, run), tolerance);
    }

    /// <summary>The device for debugging, which is given what has every kind of border and little else.</summary>
    internal static bool IsSlow(string device) => device == "Debug";

    internal static void Alike(float[] expected, float[] found, double tolerance = 2e-6)
    {
        var scale = Math.Max(1e-30, expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (var i = 0; i < expected.Length; i++)
        {
            if (float.IsFinite(expected[i]))
                Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance * scale, $"[{i}]: expected {expected[i]}, found {found[i]}");
            else
                Assert.Equal(expected[i], found[i]);
        }
    }

    private readonly struct Functions : IMap2
    {
        public V At<V, M>(V a, V b) where M : struct, IMath<V> => M.Add(
            M.Add(M.Exp(a), M.Add(M.Tanh(b), M.Add(M.Erf(a), M.Add(M.Erfc(b), M.Expm1(b))))),
            M.Add(M.Log(M.Add(M.Abs(a), M.Constant(0.25))), M.Add(M.Log1p(M.Abs(b)), M.Sqrt(M.Max(a, M.Min(b, M.Constant(0.5)))))));
    }

    private readonly struct Relu : IMap1
    {
        public V At<V, M>(V a) where M : struct, IMath<V> => new Ops.Relu().Value<V, M>(a);
    }

    private readonly struct Same : IMap1
    {
        public V At<V, M>(V a) where M : struct, IMath<V> => a;
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Elementwise(string device)
    {
        var (a, b) = (Numbers(Many * 5, 1, 3).Select(Math.Abs).ToArray(), Numbers(5, 2, 2));
        var expected = new float[Many * 5];
        Kernels.Loop.Map(default(Functions), expected, Many, 5, new Kernels.Operand(a, 5), new Kernels.Operand(b, 0));
        Alike(expected, OnDevice(device, expected.Length,
            (y, up) => Loop.Map(default(Functions), y, Many, 5, new Operand(up(a), 5), new Operand(b, 0))));
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Between(string device)
    {
        var (start, move, alphas) = (Numbers(7, 1), Numbers(Many * 7, 2), Numbers(Many, 3));
        var expected = new float[Many * 7];
        Kernels.Loop.Between(new Kernels.Operand(start, 0), new Kernels.Operand(move, 7), alphas, expected, Many, 7, default(Ops.Relu));
        Alike(expected, OnDevice(device, expected.Length,
            (y, up) => Loop.Between(new Operand(up(start), 0), new Operand(up(move), 7), up(alphas), y, Many, 7, default(Relu))));
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Dense(string device)
    {
        (int, int, int)[] few = [(30, 64, 1), (17, 131, 70), (1, 1, 129)];
        foreach (var (inputs, outputs, rows) in IsSlow(device) ? few : [.. few, (784, 10, 3), (64, 64, 64), (530, 300, 7)])
        {
            var (x, w, b) = (Numbers(rows * inputs, 1), Numbers(outputs * inputs, 2), Numbers(outputs, 3));
            var weight = w.Select(each => (double)each).ToArray();
            var expected = new float[rows * outputs];
            Kernels.MatMul.Affine(x, Kernels.Matrix.Pack(weight, outputs, inputs), b, expected, rows, default(Ops.Relu));
            OfBothForms(device, expected, (y, up) => MatMul.Affine(up(x), Matrix.Pack(weight, outputs, inputs), b, y, rows, default(Relu)));
            var (m, back) = (Numbers(rows * outputs, 4), new float[rows * inputs]);
            Kernels.MatMul.Affine(m, Kernels.Matrix.PackTransposed(weight, outputs, inputs), [], back, rows);
            OfBothForms(device, back,
                (y, up) => MatMul.Affine(up(m), Matrix.PackTransposed(weight, outputs, inputs), [], y, rows, default(Same)));
        }
    }

    public static readonly Window[] Windows =
    [
        new() { Channels = 3, Height = 11, Width = 9, Filters = 6, KernelHeight = 3, KernelWidth = 4, StrideHeight = 2, StrideWidth = 2 },
        new()
        {
            Channels = 4, Height = 7, Width = 8, Filters = 6, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 2,
            Groups = 2,
        },
        new() { Channels = 2, Height = 1, Width = 40, Filters = 5, KernelWidth = 5, DilationWidth = 3, StrideWidth = 3, PadWidth = 4 },
        new()
        {
            Channels = 32, Height = 13, Width = 13, Filters = 64, KernelHeight = 4, KernelWidth = 4, StrideHeight = 2,
            StrideWidth = 2,
        },
        new()
        {
            Channels = 5, Height = 6, Width = 6, Filters = 5, KernelHeight = 2, KernelWidth = 3, PadHeight = 1, PadHeightEnd = 0,
            Groups = 5,
        },
    ];

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Convolutions(string device)
    {
        foreach (var window in IsSlow(device) ? Windows.Where(window => window.Channels < 32) : Windows)
        {
            const int rows = 3;
            var weight = Numbers(window.Filters * (window.Channels / window.Groups) * window.KernelHeight * window.KernelWidth, 1)
                .Select(each => (double)each).ToArray();
            var (x, b, expected) = (Numbers(rows * window.InputSize, 2), Numbers(window.Filters, 3), new float[rows * window.OutputSize]);
            Kernels.Convolve.Affine(x, Kernels.Filters.Pack(weight, window), b, expected, rows, default(Ops.Relu));
            OfBothForms(device, expected, (y, up) => Convolve.Affine(up(x), Filters.Pack(weight, window), b, y, rows, default(Relu)));
            var (m, back) = (Numbers(rows * window.OutputSize, 4), new float[rows * window.InputSize]);
            Kernels.Convolve.Affine(m, Kernels.Filters.PackTransposed(weight, window), [], back, rows);
            OfBothForms(device, back,
                (y, up) => Convolve.Affine(up(m), Filters.PackTransposed(weight, window), [], y, rows, default(Same)));
        }
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Pools(string device)
    {
        Window[] windows =
        [
            new()
            {
                Channels = 3, Height = 8, Width = 9, KernelHeight = 3, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2,
                PadHeight = 1,
            },
            new() { Channels = 2, Height = 1, Width = 17, KernelWidth = 3, StrideWidth = 1, DilationWidth = 2, PadWidth = 1 },
            new() { Channels = 4, Height = 7, Width = 7, KernelHeight = 3, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2, Ceil = true,
                PadHeight = 1, PadWidth = 1, CountPadding = false },
        ];
        foreach (var window in windows)
        {
            const int rows = 4;
            // Few different numbers, so that windows tie.
            var (x, x0) = (Rounded(rows * window.InputSize, 1), Rounded(window.InputSize, 2));
            var m = Numbers(rows * window.OutputSize, 3);
            var (pooled, back) = (new float[rows * window.OutputSize], new float[rows * window.InputSize]);
            Kernels.Pool.Max(x, pooled, rows, window);
            Alike(pooled, OnDevice(device, pooled.Length, (y, up) => Pool.Max(up(x), y, rows, window)));
            Kernels.Pool.Average(x, pooled, rows, window);
            Alike(pooled, OnDevice(device, pooled.Length, (y, up) => Pool.Average(up(x), y, rows, window)));
            Kernels.Pool.AverageBack(m, back, rows, window);
            Alike(back, OnDevice(device, back.Length, (y, up) => Pool.AverageBack(up(m), y, rows, window)));
            Kernels.Pool.MaxBack(m, x, back, rows, window);
            Alike(back, OnDevice(device, back.Length, (y, up) => Pool.MaxBack(up(m), up(x), y, rows, window)));
            Kernels.Pool.MaxSplit(m, x, new Kernels.Operand(x0, 0), back, rows, window);
            Alike(back, OnDevice(device, back.Length,
                (y, up) => Pool.MaxSplit(up(m), up(x), new Operand(up(x0), 0), y, rows, window)));
            Kernels.Pool.MaxPath(m, x, new Kernels.Operand(x0, 0), back, rows, window);
            Alike(back, OnDevice(device, back.Length,
                (y, up) => Pool.MaxPath(up(m), up(x), new Operand(up(x0), 0), y, rows, window)));
        }

        static float[] Rounded(int count, int seed) => Numbers(count, seed, 2).Select(x => MathF.Round(x * 2) / 2).ToArray();
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Reductions(string device)
    {
        var x = Numbers(4 * 3 * 7 * 5, 1, 9);
        x[10] = float.NegativeInfinity;
        var expected = new float[4 * 3 * 5];
        Kernels.Reduce.LogSumExp(x, expected, 4, 3, 7, 5);
        Alike(expected, OnDevice(device, expected.Length, (y, up) => Reduce.LogSumExp(up(x), y, 4, 3, 7, 5)));
        var logs = new float[x.Length];
        foreach (var height in new[] { 0f, 1e7f })
        {
            var logits = x.Select(value => height + MathF.Round(4 * value)).ToArray();
            Kernels.Reduce.LogSoftmax(logits, logs, 4, 3, 7, 5, float.NegativeInfinity);
            Alike(logs, OnDevice(device, logs.Length, (y, up) => Reduce.LogSoftmax(up(logits), y, 4, 3, 7, 5, float.NegativeInfinity)));
        }
        // The first cell's are all hidden.
        var hidden = x.Select((value, i) => i < 35 && i % 5 == 0 ? -1e30f : value).ToArray();
        Kernels.Reduce.LogSoftmax(hidden, logs, 4, 3, 7, 5, -1e29f);
        Alike(logs, OnDevice(device, logs.Length, (y, up) => Reduce.LogSoftmax(up(hidden), y, 4, 3, 7, 5, -1e29f)));
        Kernels.Reduce.Max(x, expected, 4, 3, 7, 5);
        Alike(expected, OnDevice(device, expected.Length, (y, up) => Reduce.Max(up(x), y, 4, 3, 7, 5)));
        x[10] = 1;
        Kernels.Reduce.Sum(x, expected, 4, 3, 7, 5, 0.5f);
        Alike(expected, OnDevice(device, expected.Length, (y, up) => Reduce.Sum(up(x), y, 4, 3, 7, 5, 0.5f)));
        var around = new float[x.Length];
        Kernels.Neighbours.Sum(x, around, 4, 15, 7, 2, 1, 0.25f, 1.5f);
        Alike(around, OnDevice(device, around.Length, (y, up) => Neighbours.Sum(up(x), y, 4, 15, 7, 2, 1, 0.25f, 1.5f)));
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Matrices(string device)
    {
        foreach (var (left, right) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var (a, b, expected) = (Numbers(3 * 2 * 4 * 6, 1), Numbers(2 * 6 * 5, 2), new float[3 * 2 * 4 * 5]);
            Kernels.MatMul.Product(new Kernels.Operand(a, 48), new Kernels.Operand(b, 0), expected, 3, 2, 4, 6, 5, left, right);
            Alike(expected, OnDevice(device, expected.Length,
                (y, up) => MatMul.Product(new Operand(up(a), 48), new Operand(up(b), 0), y, 3, 2, 4, 6, 5, left, right)));
        }
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Resampling(string device)
    {
        var (indices, weights) = (new[] { 0, 1, 1, 2, 2, 4, 4, 4 }, Numbers(8, 9));
        var (x, m) = (Numbers(2 * 3 * 6 * 2, 1), Numbers(2 * 3 * 4 * 2, 2));
        var (along, back) = (new float[m.Length], new float[x.Length]);
        Kernels.Resample.Along(x, along, 2, 3, 6, 2, new Kernels.Resampling(2, indices, weights));
        Alike(along, OnDevice(device, along.Length, (y, up) => Resample.Along(up(x), y, 2, 3, 6, 2, new(2, indices, weights))));
        Kernels.Resample.Back(m, back, 2, 3, 6, 2, new Kernels.Resampling(2, indices, weights));
        Alike(back, OnDevice(device, back.Length, (y, up) => Resample.Back(up(m), y, 2, 3, 6, 2, new(2, indices, weights))));
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void Boxes(string device)
    {
        var x = Numbers(3 * 60, 1);
        var expected = new float[3 * 61];
        var strides = new Strides((1, 3, 4, 5), (0, 20, 5, -1), (0, 1, 3, 12));
        Kernels.Copy.Strided(x, 4, expected, 1, 3, 60, 61, strides);
        Alike(expected, OnDevice(device, expected.Length, (y, up) =>
        {
            Copy.Fill(y, 0);
            Copy.Strided(up(x), 4, y, 1, 3, 60, 61, strides);
        }));
    }

    [SkippableTheory, MemberData(nameof(Devices.Found), MemberType = typeof(Devices))]
    public void SumsOverSteps(string device)
    {
        var (m, weights) = (Numbers(500 * 3, 1), Numbers(500, 2));
        weights[7] = 0;
        m[7 * 3] = float.PositiveInfinity;
        var expected = new float[3];
        for (var i = 0; i < 3; i++)
            expected[i] = (float)Enumerable.Range(0, 500).Where(r => weights[r] != 0).Sum(r => (double)weights[r] * m[r * 3 + i]);
        Alike(expected, OnDevice(device, 3, (y, up) =>
        {
            var sums = new Sums(up(new float[3]), up(new float[3]), 3);
            Paths.Add(new BackwardArguments { Rows = 500, Steps = 500, Weights = up(weights), Sums = sums }, up(m), 0, 3);
            Paths.Sum(sums, 0, 3, y, 1, 3);
        }), 1e-6);
    }
}
