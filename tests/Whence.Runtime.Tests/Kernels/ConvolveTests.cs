using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

public sealed class ConvolveTests
{
    private static readonly int[] Widths = [4, 8, 16];

    public static readonly Window[] Known =
    [
        new() { Channels = 1, Height = 28, Width = 28, Filters = 32, KernelHeight = 4, KernelWidth = 4, StrideHeight = 2, StrideWidth = 2 },
        new()
        {
            Channels = 32, Height = 13, Width = 13, Filters = 64, KernelHeight = 4, KernelWidth = 4, StrideHeight = 2,
            StrideWidth = 2,
        },
        new() { Channels = 4, Width = 200, Filters = 50, KernelWidth = 11 },
        new() { Channels = 50, Width = 60, Filters = 50, KernelWidth = 11 },
        new()
        {
            Channels = 3, Height = 21, Width = 19, Filters = 8, KernelHeight = 7, KernelWidth = 7, StrideHeight = 2, StrideWidth = 2,
            PadHeight = 3, PadWidth = 3,
        },
        new() { Channels = 24, Height = 7, Width = 7, Filters = 40 },
        new() { Channels = 16, Height = 7, Width = 7, Filters = 20, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1 },
        new()
        {
            Channels = 6, Height = 9, Width = 9, Filters = 6, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1,
            Groups = 6,
        },
        new()
        {
            Channels = 8, Height = 9, Width = 8, Filters = 12, KernelHeight = 3, KernelWidth = 2, Groups = 4, DilationHeight = 2,
            DilationWidth = 3, PadWidth = 2,
        },
        new() { Channels = 2, Height = 11, Width = 12, Filters = 5, KernelHeight = 2, KernelWidth = 2, StrideHeight = 3, StrideWidth = 4 },
        new()
        {
            Channels = 2, Height = 10, Width = 10, Filters = 3, KernelHeight = 3, KernelWidth = 3, StrideHeight = 2, StrideWidth = 2,
            DilationHeight = 2, DilationWidth = 2, PadHeight = 2, PadWidth = 2,
        },
        new() { Channels = 3, Height = 5, Width = 6, Filters = 4, KernelHeight = 5, KernelWidth = 6 },
        new() { Channels = 1, Height = 1, Width = 1, Filters = 2, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1 },
        new() { Channels = 2, Width = 9, Filters = 3, KernelWidth = 2, StrideWidth = 2, PadWidth = 5 },
        new() { Channels = 2, Height = 3, Width = 9, Filters = 3, KernelHeight = 3, KernelWidth = 9, PadHeight = 1 },
        // A few channels more than whole vectors of 8 or of 16.
        new() { Channels = 17, Height = 5, Width = 41, Filters = 35, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1 },
        new() { Channels = 33, Width = 70, Filters = 20, KernelWidth = 5, DilationWidth = 2, PadWidth = 4 },
        new() { Channels = 19, Height = 4, Width = 16, Filters = 17, KernelHeight = 2, StrideHeight = 2 },
        // Each channel by itself: fewer than a vector, whole vectors, and a few more.
        new() { Channels = 5, Height = 8, Width = 9, Filters = 5, KernelHeight = 3, KernelWidth = 3, PadWidth = 1, Groups = 5 },
        new()
        {
            Channels = 32, Height = 9, Width = 7, Filters = 32, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1,
            Groups = 32,
        },
        new()
        {
            Channels = 50, Height = 10, Width = 11, Filters = 50, KernelHeight = 5, KernelWidth = 4, StrideHeight = 2, StrideWidth = 2,
            PadHeight = 2, PadWidth = 1, Groups = 50,
        },
        new() { Channels = 17, Width = 30, Filters = 17, KernelWidth = 7, DilationWidth = 2, PadWidth = 3, Groups = 17 },
        // Groups of few channels, and one channel that several filters read.
        new()
        {
            Channels = 24, Height = 12, Width = 13, Filters = 24, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1,
            Groups = 6,
        },
        new() { Channels = 16, Height = 9, Width = 20, Filters = 32, KernelHeight = 3, KernelWidth = 3, StrideWidth = 2, Groups = 16 },
        // Few channels on either side of an image.
        new()
        {
            Channels = 3, Height = 30, Width = 27, Filters = 24, KernelHeight = 7, KernelWidth = 7, StrideHeight = 2, StrideWidth = 2,
            PadHeight = 3, PadWidth = 3,
        },
        new() { Channels = 40, Height = 12, Width = 25, Filters = 3, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1 },
        new() { Channels = 9, Height = 6, Width = 130, Filters = 1, KernelHeight = 2, KernelWidth = 5, StrideHeight = 2 },
        new() { Channels = 7, Width = 150, Filters = 20, KernelWidth = 9, PadWidth = 4 },
    ];

    [Fact]
    public void The_last_channels_have_the_bits_that_they_have_among_more()
    {
        const int Rows = 2;
        foreach (var window in Known.Where(window => window.Groups == 1))
        {
            var more = window with { Filters = (window.Filters / 16 + 1) * 16 };
            var weight = Plain.Values(1, Weights(more));
            var (x, bias) = (Plain.Floats(2, Rows * window.InputSize), Plain.Floats(3, more.Filters));
            foreach (var lanes in Widths)
            {
                var (few, many) = (new float[Rows * window.OutputSize], new float[Rows * more.OutputSize]);
                Convolve.Affine(x, Filters.Pack(weight.AsSpan(0, Weights(window)), window, lanes), bias, few, Rows, default(Ops.Relu));
                Convolve.Affine(x, Filters.Pack(weight, more, lanes), bias, many, Rows, default(Ops.Relu));
                for (var i = 0; i < few.Length; i++)
                    Assert.Equal(many[i / window.Filters * more.Filters + i % window.Filters], few[i]);
            }
        }
    }

    [Fact]
    public void Few_channels_have_the_bits_on_the_way_back_that_they_have_among_more()
    {
        const int Rows = 2;
        foreach (var window in Known.Where(window => window.Groups == 1))
        {
            var more = window with { Channels = (window.Channels / 16 + 1) * 16 };
            var kernel = window.KernelHeight * window.KernelWidth;
            var weight = Plain.Values(1, Weights(more));
            double[] some = [.. Enumerable.Range(0, Weights(window)).Select(i =>
                weight[i / (window.Channels * kernel) * more.Channels * kernel + i % (window.Channels * kernel)])];
            var (x, bias) = (Plain.Floats(2, Rows * window.OutputSize), Plain.Floats(3, more.Channels));
            foreach (var lanes in Widths)
            {
                var (few, many) = (new float[Rows * window.InputSize], new float[Rows * more.InputSize]);
                Convolve.Affine(x, Filters.PackTransposed(some, window, lanes), bias, few, Rows, default(Ops.Relu));
                Convolve.Affine(x, Filters.PackTransposed(weight, more, lanes), bias, many, Rows, default(Ops.Relu));
                for (var i = 0; i < few.Length; i++)
                    Assert.Equal(many[i / window.Channels * more.Channels + i % window.Channels], few[i]);
            }
        }
    }

    [Fact]
    public void A_group_has_the_bits_that_it_has_alone()
    {
        foreach (var window in Known.Where(window => window.Groups > 1))
        {
            var weight = Plain.Values(1, Weights(window));
            var alone = window with { Channels = window.Channels / window.Groups, Filters = window.Filters / window.Groups, Groups = 1 };
            foreach (var lanes in Widths)
            {
                SameAlone(window, Filters.Pack(weight, window, lanes),
                    group => Filters.Pack(weight.AsSpan(group * Weights(alone), Weights(alone)), alone, lanes));
                SameAlone(window, Filters.PackTransposed(weight, window, lanes),
                    group => Filters.PackTransposed(weight.AsSpan(group * Weights(alone), Weights(alone)), alone, lanes));
            }
        }
    }

    private static void SameAlone(Window window, Filters filters, Func<int, Filters> pack)
    {
        var (before, after) = (filters.Before.Channels / window.Groups, filters.After.Channels / window.Groups);
        var (x, bias, y) = (Plain.Floats(2, filters.Inputs), Plain.Floats(3, filters.After.Channels), new float[filters.Outputs]);
        Convolve.Affine(x, filters, bias, y, 1);
        for (var group = 0; group < window.Groups; group++)
        {
            var alone = pack(group);
            float[] part = [.. Enumerable.Range(0, alone.Inputs).Select(i =>
                x[i / before * filters.Before.Channels + group * before + i % before])];
            var found = new float[alone.Outputs];
            Convolve.Affine(part, alone, bias.AsSpan(group * after, after), found, 1);
            for (var i = 0; i < found.Length; i++)
                Assert.Equal(found[i], y[i / after * filters.After.Channels + group * after + i % after]);
        }
    }

    public static TheoryData<int> Windows() => new(Enumerable.Range(0, Known.Length + 150));

    [Theory]
    [MemberData(nameof(Windows))]
    public void Is_what_its_definition_says_at_every_vector_width(int number)
    {
        var window = Get(number);
        var rows = 1 + number % 4;
        var weight = Plain.Values(1, Weights(window));
        var x = Plain.Floats(2, rows * window.InputSize);
        var bias = number % 3 == 0 ? [] : Plain.Floats(3, window.Filters);
        var expected = Plain.Convolve(x, weight, bias, window, rows);
        foreach (var lanes in Widths)
        {
            var y = Enumerable.Repeat(float.NaN, expected.Length).ToArray();
            Convolve.Affine(x, Filters.Pack(weight, window, lanes), bias, y, rows);
            Plain.AssertNear(expected, y, $"{lanes} lanes, {window}");
        }
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Packed_for_the_way_back_is_the_transpose(int number)
    {
        var window = Get(number);
        var rows = 1 + number % 4;
        var weight = Plain.Values(1, Weights(window));
        var m = Plain.Floats(2, rows * window.OutputSize);
        var bias = number % 3 != 0 ? [] : Plain.Floats(3, window.Channels);
        var expected = Plain.ConvolveBack(m, weight, bias, window, rows);
        foreach (var lanes in Widths)
        {
            var back = Enumerable.Repeat(float.NaN, expected.Length).ToArray();
            Convolve.Affine(m, Filters.PackTransposed(weight, window, lanes), bias, back, rows);
            Plain.AssertNear(expected, back, $"{lanes} lanes, {window}");
        }
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_row_has_the_same_bits_in_every_batch_and_place(int number)
    {
        var window = Get(number);
        const int most = 13;
        var weight = Plain.Values(1, Weights(window));
        foreach (var filters in new[] { Filters.Pack(weight, window), Filters.PackTransposed(weight, window) })
        {
            var x = Plain.Floats(2, most * filters.Inputs);
            var whole = new float[most * filters.Outputs];
            Convolve.Affine(x, filters, [], whole, most);
            foreach (var rows in new[] { 1, 2, 11, 12 })
            {
                var y = new float[rows * filters.Outputs];
                for (var first = 0; first + rows <= most; first += 4)
                {
                    Convolve.Affine(x.AsSpan(first * filters.Inputs), filters, [], y, rows);
                    Assert.True(whole.AsSpan(first * filters.Outputs, y.Length).SequenceEqual(y), $"{rows} rows from {first}, {window}");
                }
            }
        }
    }

    [Fact]
    public void Row_256_of_a_large_batch_has_the_bits_it_has_alone()
    {
        foreach (var window in Known.Take(3))
        foreach (var filters in new[] { Filters.Pack(Plain.Values(1, Weights(window)), window),
            Filters.PackTransposed(Plain.Values(1, Weights(window)), window) })
        {
            var x = Plain.Floats(2, 257 * filters.Inputs);
            var (whole, one) = (new float[257 * filters.Outputs], new float[filters.Outputs]);
            Convolve.Affine(x, filters, [], whole, 257);
            Convolve.Affine(x.AsSpan(256 * filters.Inputs), filters, [], one, 1);
            Assert.True(whole.AsSpan(256 * filters.Outputs).SequenceEqual(one));
        }
    }

    [Fact]
    public void A_window_over_the_whole_input_is_a_dense_layer()
    {
        var window = new Window { Channels = 3, Height = 4, Width = 5, Filters = 7, KernelHeight = 4, KernelWidth = 5 };
        var weight = Plain.Values(1, Weights(window));
        var dense = new double[weight.Length];
        for (var i = 0; i < weight.Length; i++)
        {
            var (filter, channel, place) = (i / 60, i / 20 % 3, i % 20);
            dense[filter * 60 + place * 3 + channel] = weight[i];
        }
        var x = Plain.Floats(2, 2 * 60);
        var (expected, found) = (new float[14], new float[14]);
        MatMul.Affine(x, Matrix.Pack(dense, 7, 60), [], expected, 2);
        Convolve.Affine(x, Filters.Pack(weight, window), [], found, 2);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void A_function_fused_into_the_product_has_the_bits_of_the_function_applied_after_it()
    {
        foreach (var window in Known)
        foreach (var filters in new[] { Filters.Pack(Plain.Values(1, Weights(window)), window),
            Filters.PackTransposed(Plain.Values(1, Weights(window)), window) })
        {
            var x = Plain.Floats(2, 2 * filters.Inputs);
            var (plain, fused) = (new float[2 * filters.Outputs], new float[2 * filters.Outputs]);
            Convolve.Affine(x, filters, [], plain, 2);
            Convolve.Affine(x, filters, [], fused, 2, new TwiceAbs());
            Assert.Equal(plain.Select(value => 2 * Math.Abs(value)), fused);
        }
    }

    [Fact]
    public void Padding_is_zero_also_when_the_memory_was_used_before()
    {
        var window = Known[6];
        var filters = Filters.Pack(Plain.Values(1, Weights(window)), window);
        var x = Plain.Floats(2, window.InputSize);
        var (clean, dirty) = (new float[window.OutputSize], new float[window.OutputSize]);
        Convolve.Affine(x, filters, [], clean, 1);
        using (var used = Scratch.Rent(10_000))
            used.Span.Fill(float.NaN);
        Convolve.Affine(x, filters, [], dirty, 1);
        Assert.Equal(clean, dirty);
    }

    public static readonly Window[] OfLargeWeights =
    [
        new() { Channels = 128, Height = 5, Width = 5, Filters = 130, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1 },
        new()
        {
            Channels = 200, Height = 6, Width = 7, Filters = 170, KernelHeight = 4, KernelWidth = 4, StrideHeight = 2, StrideWidth = 2,
            PadHeight = 1, PadWidth = 2,
        },
        new() { Channels = 150, Width = 12, Filters = 160, KernelWidth = 7, DilationWidth = 2, PadWidth = 6 },
    ];

    [Fact]
    public void Passes_that_read_large_weights_together_have_the_bits_that_they_have_alone()
    {
        const int Some = 20;
        foreach (var window in OfLargeWeights)
        {
            var weight = Plain.Values(1, Weights(window));
            var (first, kernel) = (window.Filters - Some, window.KernelHeight * window.KernelWidth);
            var few = window with { Filters = Some };
            var fewBack = window with { Channels = Some };
            double[] back = [.. Enumerable.Range(0, Weights(fewBack)).Select(i =>
                weight[(i / (Some * kernel) * window.Channels + window.Channels - Some) * kernel + i % (Some * kernel)])];
            foreach (var lanes in Widths)
            {
                SameLast(Filters.Pack(weight, window, lanes), Filters.Pack(weight.AsSpan(first * window.Channels * kernel), few, lanes));
                SameLast(Filters.PackTransposed(weight, window, lanes), Filters.PackTransposed(back, fewBack, lanes));
            }
        }

        static void SameLast(Filters many, Filters few)
        {
            Assert.Contains(many.Together, passes => passes.Length > 1);
            Assert.All(few.Together, passes => Assert.Single(passes));
            foreach (var rows in new[] { 1, 12 })
            {
                var (x, bias) = (Plain.Floats(2, rows * many.Inputs), Plain.Floats(3, many.After.Channels));
                var (all, last) = (new float[rows * many.Outputs], new float[rows * few.Outputs]);
                Convolve.Affine(x, many, bias, all, rows, default(Ops.Relu));
                Convolve.Affine(x, few, bias.AsSpan(many.After.Channels - Some), last, rows, default(Ops.Relu));
                for (var i = 0; i < last.Length; i++)
                    Assert.Equal(all[(i / Some + 1) * many.After.Channels - Some + i % Some], last[i]);
            }
        }
    }

    [Fact]
    public void Writes_nothing_beyond_its_rows()
    {
        foreach (var window in Enumerable.Range(0, Known.Length + 150).Select(Get))
        foreach (var filters in new[] { Filters.Pack(Plain.Values(1, Weights(window)), window),
            Filters.PackTransposed(Plain.Values(1, Weights(window)), window) })
        {
            var y = Enumerable.Repeat(-7f, 3 * filters.Outputs + 80).ToArray();
            Convolve.Affine(Plain.Floats(2, 3 * filters.Inputs), filters, [], y.AsSpan(40), 3);
            Assert.All(y[..40].Concat(y[^40..]), value => Assert.Equal(-7f, value));
        }
    }

    [Fact]
    public void The_way_back_of_a_small_image_hardly_multiplies_padding()
    {
        var window = Known[1];
        var weight = new double[Weights(window)];
        Assert.InRange(Products(Filters.PackTransposed(weight, window)), 1, 1.15 * Products(Filters.Pack(weight, window)));

        static double Products(Filters filters) =>
            filters.Passes.Sum(pass => (double)pass.Rows * pass.Columns * pass.Taps.Count * pass.Taps.Length * pass.Panels.Columns);
    }

    [Fact]
    public void Neighbours_of_few_channels_share_a_vector()
    {
        Assert.InRange(Filters.PackTransposed(new double[Weights(Known[0])], Known[0], lanes: 4).Fold, 4, 8);
        Assert.Equal(1, Filters.Pack(new double[Weights(Known[0])], Known[0], lanes: 8).Fold);
    }

    [Fact]
    public void Few_channels_and_small_groups_are_computed_along_places_and_lone_channels_together()
    {
        foreach (var lanes in new[] { 8, 16 })
        {
            Assert.All(Filters.PackTransposed(new double[Weights(Known[0])], Known[0], lanes).Passes,
                pass => Assert.True(pass.Planes is { IsWhole: true }));
            var grouped = Known.First(window => window is { Groups: 6, Channels: 24 });
            Assert.True(Filters.Pack(new double[Weights(grouped)], grouped, lanes).IsInPlanes);
            Assert.True(Filters.PackTransposed(new double[Weights(grouped)], grouped, lanes).IsInPlanes);
        }
        var depthwise = Known.First(window => window.Groups == 32);
        foreach (var filters in new[] { Filters.Pack(new double[Weights(depthwise)], depthwise),
            Filters.PackTransposed(new double[Weights(depthwise)], depthwise) })
        {
            Assert.True(filters.IsDepthwise);
            Assert.All(filters.Passes, pass => Assert.Equal(32, pass.Panels.Columns));
        }
    }

    [Fact]
    public void Spans_that_are_too_short_are_named()
    {
        var window = Known[5];
        var filters = Filters.Pack(new double[Weights(window)], window);
        var (x, y) = (new float[2 * filters.Inputs], new float[2 * filters.Outputs]);
        Assert.Throws<ArgumentException>("x", () => Convolve.Affine(x.AsSpan(1), filters, [], y, 2));
        Assert.Throws<ArgumentException>("y", () => Convolve.Affine(x, filters, [], y.AsSpan(1), 2));
        Assert.Throws<ArgumentException>("bias", () => Convolve.Affine(x, filters, new float[39], y, 2));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => Convolve.Affine(x, filters, [], y, -1));
    }

    [Fact]
    public void Windows_and_weights_that_do_not_fit_are_named()
    {
        Assert.Throws<ArgumentException>("weight", () => Filters.Pack(new double[Weights(Known[0]) - 1], Known[0]));
        Assert.Throws<ArgumentException>("weight", () => Filters.PackTransposed(new double[Weights(Known[0]) + 1], Known[0]));
        foreach (var wrong in new Window[]
        {
            new() { Width = 3, KernelWidth = 4 },
            new() { Channels = 4, Filters = 4, Groups = 3 },
            new() { StrideWidth = 0 },
            new() { PadWidth = -1 },
            default,
        })
            Assert.Throws<ArgumentException>("window", () => Filters.Pack(new double[4], wrong));
    }

    [Fact]
    public void Allocates_nothing_once_warm()
    {
        foreach (var window in Known)
        foreach (var filters in new[] { Filters.Pack(Plain.Values(1, Weights(window)), window),
            Filters.PackTransposed(Plain.Values(1, Weights(window)), window) })
        {
            var (x, y) = (new float[13 * filters.Inputs], new float[13 * filters.Outputs]);
            Assert.Equal(0, Allocated.By(() => Convolve.Affine(x, filters, [], y, 13)));
        }
    }

    private static int Weights(Window window) =>
        window.Filters * (window.Channels / window.Groups) * window.KernelHeight * window.KernelWidth;

    /// <summary>A known window, and after those a random one.</summary>
    private static Window Get(int number)
    {
        if (number < Known.Length)
            return Known[number];
        for (var random = new Random(number); ;)
        {
            var (groups, flat) = (random.Next(1, 4), random.Next(3) == 0);
            var window = new Window
            {
                Channels = groups * random.Next(1, 6),
                Height = flat ? 1 : random.Next(1, 12),
                Width = random.Next(1, 14),
                Filters = groups * random.Next(1, 12),
                KernelHeight = flat ? 1 : random.Next(1, 5),
                KernelWidth = random.Next(1, 5),
                StrideHeight = random.Next(1, 4),
                StrideWidth = random.Next(1, 5),
                PadHeight = flat ? 0 : random.Next(0, 4),
                PadWidth = random.Next(0, 4),
                DilationHeight = random.Next(1, 4),
                DilationWidth = random.Next(1, 4),
                Groups = groups,
            };
            if (window is { OutHeight: > 0, OutWidth: > 0 })
                return window;
        }
    }
}
