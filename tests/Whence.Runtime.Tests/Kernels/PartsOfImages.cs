using Whence.CompilerServices;

namespace Whence.Runtime.Tests.Kernels;

/// <summary>A convolution over a part of an image has the bits that it has in the whole, at every width of vectors.</summary>
public sealed class PartsOfImages
{
    public static TheoryData<int, Window> Cases()
    {
        var cases = new TheoryData<int, Window>();
        Window[] windows =
        [
            new() { Channels = 3, Height = 9, Width = 12, Filters = 20, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1 },
            new() { Channels = 2, Height = 11, Width = 15, Filters = 3, KernelHeight = 4, KernelWidth = 5, StrideWidth = 2, PadWidth = 3 },
            new() { Channels = 4, Width = 40, Filters = 5, KernelWidth = 7, PadWidth = 6, DilationWidth = 2 },
            new() { Channels = 4, Height = 8, Width = 8, Filters = 6, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, Groups = 2 },
            new() { Channels = 18, Height = 9, Width = 8, Filters = 18, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, Groups = 18 },
            new() { Channels = 8, Height = 7, Width = 21, Filters = 2, KernelHeight = 3, KernelWidth = 3, PadHeight = 1, PadWidth = 1 },
            new() { Channels = 1, Height = 3, Width = 7, Filters = 2, KernelHeight = 5, KernelWidth = 3, PadHeight = 4, PadWidth = 2 },
            new() { Channels = 1, Height = 1, Width = 2, Filters = 4, KernelHeight = 1, KernelWidth = 5, PadWidth = 2 },
        ];
        foreach (var lanes in new[] { 4, 8, 16 }.Where(lanes => lanes <= Width.Best))
        {
            foreach (var window in windows)
                cases.Add(lanes, window);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HaveTheBitsOfTheWhole(int lanes, Window window)
    {
        var random = new Random(lanes);
        float Next() => random.NextSingle() * 2 - 1;
        var weights = Enumerable.Range(0, window.Filters * (window.Channels / window.Groups) * window.KernelHeight * window.KernelWidth)
            .Select(_ => (double)Next()).ToArray();
        float[] x = [.. Enumerable.Range(0, window.InputSize).Select(_ => Next())];
        float[] bias = [.. Enumerable.Range(0, window.Filters).Select(_ => Next())];
        var filters = Filters.Pack(weights, window, lanes);
        var whole = new float[window.OutputSize];
        Convolve.Affine(x, filters, bias, whole, 1);
        for (var high = 1; high <= window.OutHeight; high += 2)
        {
            for (var wide = Math.Min(filters.Fold, window.OutWidth); wide <= window.OutWidth; wide += filters.Fold)
            {
                foreach (var (top, left) in new[] { (0, 0), (window.OutHeight - high, window.OutWidth - wide) })
                    Same(window, filters, x, bias, whole, (top, left, high, wide));
            }
        }
    }

    private static void Same(Window window, Filters filters, float[] x, float[] bias, float[] whole,
        (int Top, int Left, int Height, int Width) box)
    {
        var (height, width) = (window.CoveredHeight(box.Height), window.CoveredWidth(box.Width));
        var around = new float[height * width * window.Channels];
        for (var i = 0; i < around.Length; i++)
        {
            var (row, column, channel) = (i / window.Channels / width + box.Top * window.StrideHeight - window.PadHeight,
                i / window.Channels % width + box.Left * window.StrideWidth - window.PadWidth, i % window.Channels);
            if (row >= 0 && row < window.Height && column >= 0 && column < window.Width)
                around[i] = x[(row * window.Width + column) * window.Channels + channel];
        }
        var part = new float[box.Height * box.Width * window.Filters];
        Convolve.Affine(around, filters.Over(height, width), bias, part, 1);
        for (var i = 0; i < part.Length; i++)
        {
            var (row, column) = (i / window.Filters / box.Width + box.Top, i / window.Filters % box.Width + box.Left);
            var expected = whole[(row * window.OutWidth + column) * window.Filters + i % window.Filters];
            Assert.True(BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(part[i]),
                $"{window}, {box}: {part[i]:r} at [{row}][{column}], but {expected:r} in the whole.");
        }
    }
}
