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
    /// <exception cref="ArgumentException">The shape or the settings do not fit.</exception>
    public static Tensor MaxPool1d(Tensor x, int window, int stride = 0, int pad = 0, int dilation = 1, bool ceil = false)
    {
        Expect.Rank(x, 2, nameof(MaxPool1d), "[channels, length]");
        Pooling(nameof(MaxPool1d), window, pad);
        var across = new Sliding(nameof(MaxPool1d), x.Shape[1], window, stride == 0 ? window : stride, pad, dilation, ceil);
        return Tensor.Own(new Shape(x.Shape[0], across.Count), MaxPool(nameof(MaxPool1d), x, Sliding.Still(1), across));
    }

    /// <summary>The largest element of each square window: [channels, height, width] to [channels, rows, columns]. Padding never wins.</summary>
    /// <param name="x">[channels, height, width].</param>
    /// <param name="window">The window's height and width.</param>
    /// <param name="stride">The step from window to window; 0 means the window's size.</param>
    /// <param name="pad">Places added on each side; at most half the window.</param>
    /// <param name="dilation">The distance between a window's elements.</param>
    /// <param name="ceil">Count a last window that only partly fits, if it starts before the padding after the end.</param>
    /// <exception cref="ArgumentException">The shape or the settings do not fit.</exception>
    public static Tensor MaxPool2d(Tensor x, int window, int stride = 0, int pad = 0, int dilation = 1, bool ceil = false)
    {
        Expect.Rank(x, 3, nameof(MaxPool2d), "[channels, height, width]");
        Pooling(nameof(MaxPool2d), window, pad);
        stride = stride == 0 ? window : stride;
        var down = new Sliding(nameof(MaxPool2d), x.Shape[1], window, stride, pad, dilation, ceil);
        var across = new Sliding(nameof(MaxPool2d), x.Shape[2], window, stride, pad, dilation, ceil);
        return Tensor.Own(new Shape(x.Shape[0], down.Count, across.Count), MaxPool(nameof(MaxPool2d), x, down, across));
    }

    private static double[] MaxPool(string op, Tensor x, Sliding down, Sliding across)
    {
        var y = new double[x.Shape[0] * down.Count * across.Count];
        for (var i = 0; i < y.Length; i++)
        {
            var (count, _, max) = Covered(x, i, down, across);
            y[i] = count > 0 ? max : throw new ArgumentException($"{op} has a window that covers only padding; choose a smaller pad or dilation.", "pad");
        }
        return y;
    }

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

    private static void Pooling(string op, int window, int pad)
    {
        Expect.AtLeast(1, window, nameof(window), op);
        if (2 * pad > window)
            throw new ArgumentException($"{op} needs a pad of at most half the window of {window}, but was given {pad}.", nameof(pad));
    }
}
