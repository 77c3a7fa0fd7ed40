namespace Whence;

public static partial class Nn
{
    /// <summary>The largest element of each window: [channels, length] to [channels, windows]. Padding never wins.</summary>
    /// <param name="x">[channels, length].</param>
    /// <param name="window">The window's length.</param>
    /// <param name="stride">The step from window to window; 0 means the window's length.</param>
    /// <param name="pad">Places added at each end; at most half the window.</param>
    /// <param name="dilation">The distance between a window's elements.</param>
    /// <param name="ceil">Count a last window that only partly fits, if it starts before the right padding.</param>
    /// <param name="padEnd">Places added after the last element; -1 means as many as before the first.</param>
    /// <param name="padding">Whether the pads are those given or follow from the other sizes.</param>
    /// <exception cref="ArgumentException">The shape or the settings do not fit.</exception>
    public static Tensor MaxPool1d(
        Tensor x, int window, int stride = 0, int pad = 0, int dilation = 1, bool ceil = false, int padEnd = -1,
        PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.Rank(x, 2, nameof(MaxPool1d), "[channels, length]");
        var across = Pooling(nameof(MaxPool1d), x.Shape[1], window, stride, pad, padEnd, dilation, ceil, padding);
        return Tensor.Own(new Shape(x.Shape[0], across.Count), MaxPool(nameof(MaxPool1d), x, Sliding.Still(1), across));
    }

    /// <summary>The largest element of each window: [channels, height, width] to [channels, rows, columns]. Padding never wins.</summary>
    /// <param name="x">[channels, height, width].</param>
    /// <param name="window">The window's height, and its width unless <paramref name="windowWidth"/> is given.</param>
    /// <param name="stride">The step from window to window, downwards; 0 means the window's size.</param>
    /// <param name="pad">Places added above and below; at most half the window.</param>
    /// <param name="dilation">The distance between a window's elements, downwards.</param>
    /// <param name="ceil">Count a last window that only partly fits, if it starts before the padding after the end.</param>
    /// <param name="windowWidth">The window's width; 0 means as its height.</param>
    /// <param name="strideWidth">The step from window to window, across; 0 means as downwards, or the window's width where that is not
    /// given either.</param>
    /// <param name="padWidth">Places added left and right, at most half the window's width; -1 means as above and below.</param>
    /// <param name="padEnd">Places added below; -1 means as many as above.</param>
    /// <param name="padWidthEnd">Places added on the right; -1 means as many as on the left.</param>
    /// <param name="dilationWidth">The distance between a window's elements, across; 0 means as downwards.</param>
    /// <param name="padding">Whether the pads are those given or follow from the other sizes.</param>
    /// <exception cref="ArgumentException">The shape or the settings do not fit.</exception>
    public static Tensor MaxPool2d(
        Tensor x, int window, int stride = 0, int pad = 0, int dilation = 1, bool ceil = false, int windowWidth = 0, int strideWidth = 0,
        int padWidth = -1,
        int padEnd = -1, int padWidthEnd = -1, int dilationWidth = 0, PaddingRule padding = PaddingRule.Explicit)
    {
        Expect.Rank(x, 3, nameof(MaxPool2d), "[channels, height, width]");
        var (down, across) = Pooling2d(nameof(MaxPool2d), x, (window, windowWidth), (stride, strideWidth), (pad, padWidth),
            (padEnd, padWidthEnd), (dilation, dilationWidth), ceil, padding);
        return Tensor.Own(new Shape(x.Shape[0], down.Count, across.Count), MaxPool(nameof(MaxPool2d), x, down, across));
    }

    private static double[] MaxPool(string op, Tensor x, Sliding down, Sliding across)
    {
        var y = new double[new Shape(x.Shape[0], down.Count, across.Count).Size];
        for (var i = 0; i < y.Length; i++)
        {
            var (count, _, max) = Covered(x, i, down, across);
            y[i] = count > 0 ? max : throw OnlyPadding(op);
        }
        return y;
    }

    private static ArgumentException OnlyPadding(string op) =>
        new($"{op} has a window that covers only padding; choose a smaller pad or dilation.", "pad");

    // The elements under the window of one output: how many, their sum and their maximum.
    private static (int Count, double Sum, double Max) Covered(Tensor x, int output, Sliding down, Sliding across)
    {
        var (column, row, channel) = (output % across.Count, output / across.Count % down.Count, output / across.Count / down.Count);
        var width = x.Shape[x.Shape.Rank - 1];
        var area = x.Shape.Size / x.Shape[0];
        var (count, sum, max) = (0, 0.0, double.NegativeInfinity);
        for (var i = 0; i < down.Kernel; i++)
        {
            for (var j = 0; j < across.Kernel; j++)
            {
                var (h, w) = (down.Index(row, i), across.Index(column, j));
                if (h < 0 || w < 0)
                    continue;
                var value = x.Values[channel * area + h * width + w];
                (count, sum, max) = (count + 1, sum + value, Math.Max(max, value));
            }
        }
        return (count, sum, max);
    }

    // Downwards and across; what is not given of the width is as for the height.
    private static (Sliding Down, Sliding Across) Pooling2d(
        string op, Tensor x, (int Height, int Width) window, (int Height, int Width) stride, (int Height, int Width) pad,
        (int Height, int Width) padEnd,
        (int Height, int Width) dilation, bool ceil, PaddingRule padding)
    {
        Expect.AtLeast(0, window.Width, "windowWidth", op);
        Expect.AtLeast(0, stride.Width, "strideWidth", op);
        Expect.AtLeast(-1, pad.Width, "padWidth", op);
        Expect.AtLeast(0, dilation.Width, "dilationWidth", op);
        var down = Pooling(op, x.Shape[1], window.Height, stride.Height, pad.Height, padEnd.Height, dilation.Height, ceil, padding);
        var (left, right) = pad.Width >= 0 ? (pad.Width, padEnd.Width) : (pad.Height, padEnd.Width == -1 ? padEnd.Height : padEnd.Width);
        var across = Pooling(
            op, x.Shape[2], window.Width > 0 ? window.Width : window.Height, stride.Width > 0 ? stride.Width : stride.Height, left, right,
            dilation.Width > 0 ? dilation.Width : dilation.Height, ceil, padding);
        return (down, across);
    }

    private static Sliding Pooling(string op, int length, int window, int stride, int pad, int padEnd, int dilation, bool ceil,
        PaddingRule padding)
    {
        Expect.AtLeast(1, window, nameof(window), op);
        foreach (var given in new[] { pad, padEnd })
        {
            if (2L * given > window)
                throw Expect.Refusal($"{op} needs a pad of at most half the window of {window}, but was given {given}.", nameof(pad));
        }
        return new Sliding(op, length, window, stride == 0 ? window : stride, pad, dilation, ceil, padEnd, padding);
    }
}
