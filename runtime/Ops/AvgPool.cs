namespace Whence;

public static partial class Nn
{
    /// <summary>The mean of each window: [channels, length] to [channels, windows].</summary>
    /// <param name="x">[channels, length].</param>
    /// <param name="window">The window's length.</param>
    /// <param name="stride">The step from window to window; 0 means the window's length.</param>
    /// <param name="pad">Zeros added at each end; at most half the window.</param>
    /// <param name="ceil">Count a last window that only partly fits, if it starts before the right padding.</param>
    /// <param name="countPadding">Divide by the window's part of the padded axis; if false, by the elements themselves.</param>
    /// <exception cref="ArgumentException">The shape or the settings do not fit.</exception>
    public static Tensor AvgPool1d(Tensor x, int window, int stride = 0, int pad = 0, bool ceil = false, bool countPadding = true)
    {
        Expect.Rank(x, 2, nameof(AvgPool1d), "[channels, length]");
        Pooling(nameof(AvgPool1d), window, pad);
        var across = new Sliding(nameof(AvgPool1d), x.Shape[1], window, stride == 0 ? window : stride, pad, 1, ceil);
        return Tensor.Own(new Shape(x.Shape[0], across.Count), AvgPool(x, Sliding.Still(1), across, countPadding));
    }

    /// <summary>The mean of each square window: [channels, height, width] to [channels, rows, columns].</summary>
    /// <param name="x">[channels, height, width].</param>
    /// <param name="window">The window's height and width.</param>
    /// <param name="stride">The step from window to window; 0 means the window's size.</param>
    /// <param name="pad">Zeros added on each side; at most half the window.</param>
    /// <param name="ceil">Count a last window that only partly fits, if it starts before the padding after the end.</param>
    /// <param name="countPadding">Divide by the window's part of the padded image; if false, by the elements themselves.</param>
    /// <exception cref="ArgumentException">The shape or the settings do not fit.</exception>
    public static Tensor AvgPool2d(Tensor x, int window, int stride = 0, int pad = 0, bool ceil = false, bool countPadding = true)
    {
        Expect.Rank(x, 3, nameof(AvgPool2d), "[channels, height, width]");
        Pooling(nameof(AvgPool2d), window, pad);
        stride = stride == 0 ? window : stride;
        var down = new Sliding(nameof(AvgPool2d), x.Shape[1], window, stride, pad, 1, ceil);
        var across = new Sliding(nameof(AvgPool2d), x.Shape[2], window, stride, pad, 1, ceil);
        return Tensor.Own(new Shape(x.Shape[0], down.Count, across.Count), AvgPool(x, down, across, countPadding));
    }

    private static double[] AvgPool(Tensor x, Sliding down, Sliding across, bool countPadding)
    {
        var y = new double[x.Shape[0] * down.Count * across.Count];
        for (var i = 0; i < y.Length; i++)
        {
            var (count, sum, _) = Covered(x, i, down, across);
            y[i] = sum / (countPadding ? down.Padded(i / across.Count % down.Count) * across.Padded(i % across.Count) : count);
        }
        return y;
    }
}
