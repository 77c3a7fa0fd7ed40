using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class PoolTests
{
    private static IEnumerable<Window> Windows()
    {
        var random = new Random(11);
        for (var trial = 0; trial < 150; trial++)
        {
            var flat = random.Next(3) == 0;
            var (kh, kw) = (flat ? 1 : 1 + random.Next(4), 1 + random.Next(4));
            var (dh, dw) = (flat || random.Next(2) == 0 ? 1 : 2, random.Next(2) == 0 ? 1 : 3);
            yield return new Window
            {
                Channels = new[] { 1, 3, 4, 8, 13, 16, 32 }[random.Next(7)],
                Height = flat ? 1 : dh * (kh - 1) + 1 + random.Next(8),
                Width = dw * (kw - 1) + 1 + random.Next(8),
                KernelHeight = kh,
                KernelWidth = kw,
                StrideHeight = flat ? 1 : 1 + random.Next(3),
                StrideWidth = 1 + random.Next(4),
                PadHeight = random.Next(kh / 2 + 1),
                PadWidth = random.Next(kw / 2 + 1),
                DilationHeight = dh,
                DilationWidth = dw,
                Ceil = random.Next(2) == 0,
                CountPadding = random.Next(2) == 0,
            };
        }
    }

    /// <summary>The inputs each output sees, and how many places of the padded input its window has.</summary>
    private static IEnumerable<(int Output, List<int> Inputs, int Padded)> Walk(Window w, int row)
    {
        for (var oh = 0; oh < w.OutHeight; oh++)
        {
            for (var ow = 0; ow < w.OutWidth; ow++)
            {
                for (var c = 0; c < w.Channels; c++)
                {
                    var inputs = new List<int>();
                    var padded = 0;
                    for (var kh = 0; kh < w.KernelHeight; kh++)
                    {
                        for (var kw = 0; kw < w.KernelWidth; kw++)
                        {
                            var h = oh * w.StrideHeight - w.PadHeight + kh * w.DilationHeight;
                            var x = ow * w.StrideWidth - w.PadWidth + kw * w.DilationWidth;
                            if (h < w.Height + w.PadHeight && x < w.Width + w.PadWidth)
                                padded++;
                            if (h >= 0 && h < w.Height && x >= 0 && x < w.Width)
                                inputs.Add(row * w.InputSize + (h * w.Width + x) * w.Channels + c);
                        }
                    }
                    yield return (row * w.OutputSize + (oh * w.OutWidth + ow) * w.Channels + c, inputs, padded);
                }
            }
        }
    }

    private static IEnumerable<(int Output, List<int> Inputs, int Padded)> Walk(Window w, int rows, bool _) =>
        Enumerable.Range(0, rows).SelectMany(r => Walk(w, r));

    private static int First(List<int> inputs, float[] x) => inputs.First(i => x[i] == inputs.Max(j => x[j]));

    // Of several maxima the largest beside.
    private static int First(List<int> inputs, float[] x, float[] beside) =>
        First([.. inputs.Where(i => x[i] == inputs.Max(j => x[j]))], beside);

    [Fact]
    public void MaximaAndTheirGradientsAreThoseOfPlainLoops()
    {
        var random = new Random(1);
        foreach (var w in Windows())
        {
            var x = Data.Ties(random, 2 * w.InputSize);
            var m = Data.Random(random, 2 * w.OutputSize);
            var (y, dx) = (new float[m.Length], Data.Random(random, x.Length));
            Pool.Max(x, y, 2, w);
            Pool.MaxBack(m, x, dx, 2, w);

            var (expected, expectedBack) = (new double[m.Length], new double[x.Length]);
            foreach (var (output, inputs, _) in Walk(w, 2, true))
            {
                expected[output] = inputs.Count == 0 ? double.NegativeInfinity : inputs.Max(i => x[i]);
                if (inputs.Count > 0)
                    expectedBack[First(inputs, x)] += m[output];
            }
            Data.Close(expected, y, $"{w}");
            Data.Close(expectedBack, dx, $"{w}");
        }
    }

    [Fact]
    public void AveragesAndTheirTransposesAreThoseOfPlainLoops()
    {
        var random = new Random(2);
        foreach (var w in Windows())
        {
            var x = Data.Random(random, 2 * w.InputSize);
            var m = Data.Random(random, 2 * w.OutputSize);
            var (y, dx) = (new float[m.Length], Data.Random(random, x.Length));
            Pool.Average(x, y, 2, w);
            Pool.AverageBack(m, dx, 2, w);

            var (expected, expectedBack) = (new double[m.Length], new double[x.Length]);
            foreach (var (output, inputs, padded) in Walk(w, 2, true))
            {
                var count = w.CountPadding ? padded : Math.Max(1, inputs.Count);
                expected[output] = inputs.Sum(i => (double)x[i]) / count;
                foreach (var i in inputs)
                    expectedBack[i] += (double)m[output] / count;
            }
            Data.Close(expected, y, $"{w}");
            Data.Close(expectedBack, dx, $"{w}");
        }
    }

    // PyTorch 1.13: avg_pool1d and max_pool1d of [1, 2, 3, 4, 5].
    [Theory]
    [InlineData(3, 2, 1, true, true, new[] { 1.0, 3.0, 3.0 })]
    [InlineData(3, 2, 1, true, false, new[] { 1.5, 3.0, 4.5 })]
    [InlineData(2, 2, 0, true, true, new[] { 1.5, 3.5, 5.0 })]
    [InlineData(2, 2, 1, true, true, new[] { 0.5, 2.5, 4.5 })]
    [InlineData(4, 3, 2, true, true, new[] { 0.75, 3.5, 5.0 / 3 })]
    [InlineData(4, 3, 2, true, false, new[] { 1.5, 3.5, 5.0 })]
    [InlineData(4, 3, 2, false, true, new[] { 0.75, 3.5 })]
    public void AveragesCountAsPyTorchDoes(int kernel, int stride, int pad, bool ceil, bool countPadding, double[] expected)
    {
        var window =
            new Window { Width = 5, KernelWidth = kernel, StrideWidth = stride, PadWidth = pad, Ceil = ceil, CountPadding = countPadding };
        var y = new float[window.OutputSize];
        Pool.Average([1, 2, 3, 4, 5], y, 1, window);
        Data.Close(expected, y, $"{window}");
    }

    // PyTorch 1.13: max_pool1d of [-1, -2, -5, -4, -3, -6, -7].
    [Theory]
    [InlineData(3, 2, 1, 1, false, new[] { -1.0, -2, -3, -6 })]
    [InlineData(3, 2, 1, 1, true, new[] { -1.0, -2, -3, -6 })]
    [InlineData(2, 3, 1, 1, false, new[] { -1.0, -4, -6 })]
    [InlineData(2, 3, 0, 2, true, new[] { -1.0, -4, -7 })]
    [InlineData(3, 3, 1, 2, true, new[] { -2.0, -3, -6 })]
    public void MaximaPadAndDilateAsPyTorchDoes(int kernel, int stride, int pad, int dilation, bool ceil, double[] expected)
    {
        var window =
            new Window { Width = 7, KernelWidth = kernel, StrideWidth = stride, PadWidth = pad, DilationWidth = dilation, Ceil = ceil };
        var y = new float[window.OutputSize];
        Pool.Max([-1, -2, -5, -4, -3, -6, -7], y, 1, window);
        Data.Close(expected, y, $"{window}");
    }

    [Fact]
    public void MaxSplitSharesTheMoveAtTheHigherMaximum()
    {
        var random = new Random(3);
        foreach (var w in Windows())
        {
            foreach (var stride in new[] { 0, w.InputSize })
            {
                foreach (var ties in new[] { false, true })
                {
                    float[] Numbers(int length) => ties ? Data.Ties(random, length) : Data.Random(random, length);
                    var (x, x0) = (Numbers(2 * w.InputSize), Numbers(stride + w.InputSize));
                    var m = Data.Random(random, 2 * w.OutputSize);
                    var dx = Data.Random(random, x.Length);
                    Pool.MaxSplit(m, x, new Operand(x0, stride), dx, 2, w);

                    var expected = new double[x.Length];
                    var reference = Enumerable.Range(0, x.Length).Select(i => x0[i / w.InputSize * stride + i % w.InputSize]).ToArray();
                    foreach (var (output, inputs, _) in Walk(w, 2, true))
                    {
                        if (inputs.Count > 0)
                            Share(expected, m[output], First(inputs, x, reference), First(inputs, reference, x), x, reference);
                    }
                    Data.Close(expected, dx, $"{w}");
                }
            }
        }

        static void Share(double[] dx, double m, int i, int j, float[] x, float[] x0)
        {
            double y = x[i], y0 = x0[j], top = Math.Max(y, y0);
            if (i == j)
                dx[i] += m;
            else if (y > y0)
                dx[i] += m * (top - y0) / ((double)x[i] - x0[i]);
            else if (y < y0)
                dx[j] += m * (y - top) / ((double)x[j] - x0[j]);
        }
    }

    [Fact]
    public void MaxSplitIsComplete()
    {
        var random = new Random(4);
        foreach (var w in Windows())
        {
            var (x, x0) = (Data.Random(random, w.InputSize), Data.Random(random, w.InputSize));
            var (y, y0, m, dx) = (new float[w.OutputSize], new float[w.OutputSize], new float[w.OutputSize], new float[w.InputSize]);
            Pool.Max(x, y, 1, w);
            Pool.Max(x0, y0, 1, w);
            if (y.Any(float.IsInfinity))
                continue;
            Array.Fill(m, 1);
            Pool.MaxSplit(m, x, new Operand(x0, 0), dx, 1, w);
            var contributions = dx.Select((multiplier, i) => multiplier * ((double)x[i] - x0[i])).Sum();
            var moved = y.Select((value, i) => (double)value - y0[i]).Sum();
            Assert.True(Math.Abs(contributions - moved) <= 1e-6 * (1 + y.Length), $"{w}: {contributions} but {moved}");
        }
    }

    [Fact]
    public void MaxSplitIsTheGradientWhereTheWinnersAgree()
    {
        var random = new Random(5);
        foreach (var w in Windows())
        {
            var x = Data.Random(random, 3 * w.InputSize);
            var x0 = x.Select(v => v - 0.25f).ToArray();
            var m = Data.Random(random, 3 * w.OutputSize);
            var (split, gradient) = (new float[x.Length], new float[x.Length]);
            Pool.MaxSplit(m, x, new Operand(x0, w.InputSize), split, 3, w);
            Pool.MaxBack(m, x, gradient, 3, w);
            Assert.Equal(gradient, split);
        }
    }

    [Fact]
    public void ANaNWinsItsWindowAndPaddingNever()
    {
        var window = new Window { Channels = 9, Width = 4, KernelWidth = 2, StrideWidth = 2 };
        var x = new float[36];
        x[11] = float.NaN;
        var y = new float[18];
        Pool.Max(x, y, 1, window);
        Assert.Equal([2], Enumerable.Range(0, 18).Where(i => float.IsNaN(y[i])));

        Array.Fill(x, -3f);
        Pool.Max(x, y, 1, window with { PadWidth = 1, StrideWidth = 5 });
        Assert.All(y[..9], value => Assert.Equal(-3, value));
    }

    [Fact]
    public void ARowsBitsDependNeitherOnItsPlaceNorOnTheBatch()
    {
        var random = new Random(6);
        foreach (var w in Windows().Take(12))
        {
            var (m, x0) = (Data.Random(random, w.OutputSize), Data.Random(random, w.InputSize));
            var many = Enumerable.Repeat(m, 257).SelectMany(v => v).ToArray();
            Data.RowsAreIndependent(random, w.InputSize, w.OutputSize, (x, y, rows) => Pool.Max(x, y, rows, w));
            Data.RowsAreIndependent(random, w.InputSize, w.OutputSize, (x, y, rows) => Pool.Average(x, y, rows, w));
            Data.RowsAreIndependent(random, w.OutputSize, w.InputSize, (x, y, rows) => Pool.AverageBack(x, y, rows, w));
            Data.RowsAreIndependent(random, w.InputSize, w.InputSize, (x, y, rows) => Pool.MaxBack(many, x, y, rows, w));
            Data.RowsAreIndependent(random, w.InputSize, w.InputSize,
                (x, y, rows) => Pool.MaxSplit(many, x, new Operand(x0, 0), y, rows, w));
        }
    }

    [Fact]
    public void WrongLengthsAreRefused()
    {
        var w = new Window { Width = 4, KernelWidth = 2, StrideWidth = 2 };
        var (four, two, one) = (new float[4], new float[2], new float[1]);
        Assert.Throws<ArgumentException>("x", () => Pool.Max(new float[3], two, 1, w));
        Assert.Throws<ArgumentException>("y", () => Pool.Max(four, one, 1, w));
        Assert.Throws<ArgumentException>("x", () => Pool.Average(four, four, 2, w));
        Assert.Throws<ArgumentException>("dx", () => Pool.AverageBack(two, two, 1, w));
        Assert.Throws<ArgumentException>("m", () => Pool.MaxBack(one, four, four, 1, w));
        Assert.Throws<ArgumentException>("window", () => Pool.Max(four, two, 1, w with { KernelWidth = 5 }));
        Assert.Throws<ArgumentException>("window", () => Pool.Max(four, two, 1, w with { Filters = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>("window", () => Pool.Average(four, two, 1, w with { StrideWidth = 0 }));
        Assert.Throws<ArgumentException>("x0", () => Pool.MaxSplit(two, four, new Operand(two, 0), four, 1, w));
    }

    [Fact]
    public void NothingIsAllocated()
    {
        var w = new Window { Channels = 5, Height = 6, Width = 6, KernelHeight = 2, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2 };
        var (x, y, dx) = (new float[w.InputSize], new float[w.OutputSize], new float[w.InputSize]);
        Data.AllocatesNothing(() =>
        {
            Pool.Max(x, y, 1, w);
            Pool.Average(x, y, 1, w);
            Pool.AverageBack(y, dx, 1, w);
            Pool.MaxBack(y, x, dx, 1, w);
            Pool.MaxSplit(y, x, new Operand(x, 0), dx, 1, w);
        });
    }
}
