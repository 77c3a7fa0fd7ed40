namespace Whence;

public static partial class Nn
{
    /// <summary>The mean of each window: [channels, length] to [channels, windows].</summary>
    /// <param name="x">[channels, length].</param>
    /// <param name="window">The window's length.</param>
    /// <param name="stride">The step from window to window; 0 means the window's length.</param>
    /// <param name="pad">Zeros added at each end; at most half the window.</param>
    /// <param name="ceil">Count a last window that only partly fits, if it starts before the right padding.</param>
    /// <param name="countPadding">Divide by the window's part of the padded axis; if false, by the elements themselves, as Keras and
    /// TensorFlow do.</param>
    /// <param name="dilation">The distance between a window's elements.</param>
    /// <param name="padEnd">Zeros added after the last element; -1 means as many as before the first.</param>
    /// <param name="padding">Whether the pads are those given or follow from the other sizes.</param>
    /// <exception cref="ArgumentException">The shape or the settings do not fit.</exception>
    public static Tensor AvgPool1d(
        Tensor x, int window, int stride = 0, int pad = 0, bool ceil = false, bool countPadding = true, int dilation = 1, int padEnd = -1,
        PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.Rank(x, 2, nameof(AvgPool1d), "[channels, length]");
        var across = Pooling(nameof(AvgPool1d), x.Shape[1], window, stride, pad, padEnd, dilation, ceil, padding);
        return Tensor.Own(new Shape(x.Shape[0], across.Count), AvgPool(nameof(AvgPool1d), x, Sliding.Still(1), across, countPadding));
    }

    /// <summary>The mean of each window: [channels, height, width] to [channels, rows, columns].</summary>
    /// <param name="x">[channels, height, width].</param>
    /// <param name="window">The window's height, and its width unless <paramref name="windowWidth"/> is given.</param>
    /// <param name="stride">The step from window to window, downwards; 0 means the window's size.</param>
    /// <param name="pad">Zeros added above and below; at most half the window.</param>
    /// <param name="ceil">Count a last window that only partly fits, if it starts before the padding after the end.</param>
    /// <param name="countPadding">Divide by the window's part of the padded image; if false, by the elements themselves, as Keras and
    /// TensorFlow do.</param>
    /// <param name="windowWidth">The window's width; 0 means as its height.</param>
    /// <param name="strideWidth">The step from window to window, across; 0 means as downwards, or the window's width where that is not
    /// given either.</param>
    /// <param name="padWidth">Zeros added left and right, at most half the window's width; -1 means as above and below.</param>
    /// <param name="padEnd">Zeros added below; -1 means as many as above.</param>
    /// <param name="padWidthEnd">Zeros added on the right; -1 means as many as on the left.</param>
    /// <param name="dilation">The distance between a window's elements, downwards.</param>
    /// <param name="dilationWidth">The distance between a window's elements, across; 0 means as downwards.</param>
    /// <param name="padding">Whether the pads are those given or follow from the other sizes.</param>
    /// <exception cref="ArgumentException">The shape or the settings do not fit.</exception>
    public static Tensor AvgPool2d(
        Tensor x, int window, int stride = 0, int pad = 0, bool ceil = false, bool countPadding = true, int windowWidth = 0,
        int strideWidth = 0, int padWidth = -1,
        int padEnd = -1, int padWidthEnd = -1, int dilation = 1, int dilationWidth = 0, PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.Rank(x, 3, nameof(AvgPool2d), "[channels, height, width]");
        var (down, across) = Pooling2d(nameof(AvgPool2d), x, (window, windowWidth), (stride, strideWidth), (pad, padWidth),
            (padEnd, padWidthEnd), (dilation, dilationWidth), ceil, padding);
        return Tensor.Own(new Shape(x.Shape[0], down.Count, across.Count), AvgPool(nameof(AvgPool2d), x, down, across, countPadding));
    }

    private static double[] AvgPool(string op, Tensor x, Sliding down, Sliding across, bool countPadding)
    {
        var y = new double[new Shape(x.Shape[0], down.Count, across.Count).Size];
        for (var i = 0; i < y.Length; i++)
        {
            var (count, sum, _) = Covered(x, i, down, across);
            if (count == 0)
                throw OnlyPadding(op);
            y[i] = sum / (countPadding ? down.Padded(i / across.Count % down.Count) * across.Padded(i % across.Count) : count);
        }
        return y;
    }
}
