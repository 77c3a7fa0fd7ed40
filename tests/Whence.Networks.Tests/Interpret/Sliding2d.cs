using Whence.Generator.Graphs;

namespace Whence.Networks.Tests.Interpret;

/// <summary>A window's positions over one channel's plane, and the plane's elements under each, read from a core node's settings.</summary>
internal sealed class Sliding2d(Settings s)
{
    private readonly Side height = new(s, "height", "Height");
    private readonly Side width = new(s, "width", "Width");

    public int Taps => height.Kernel * width.Kernel;

    public int InPositions => height.Length * width.Length;

    public int OutPositions => height.Windows * width.Windows;

    /// <summary>For each window, the taps that lie on the plane and the elements under them.</summary>
    public List<(int Tap, int Position)>[] Under()
    {
        var under = new List<(int, int)>[OutPositions];
        for (var p = 0; p < under.Length; p++)
            under[p] = [.. Elements(p / width.Windows, p % width.Windows)];
        return under;
    }

    /// <summary>For each element, the taps under which it lies and the windows whose taps they are.</summary>
    public static List<(int Tap, int Position)>[] Over(List<(int Tap, int Position)>[] under, int elements)
    {
        var over = new List<(int, int)>[elements];
        for (var i = 0; i < elements; i++)
            over[i] = [];
        for (var window = 0; window < under.Length; window++)
        {
            foreach (var (tap, element) in under[window])
                over[element].Add((tap, window));
        }
        return over;
    }

    /// <summary>What a window's sum is divided by for its mean.</summary>
    public int Divisor(int window, bool countPadding) => countPadding
        ? height.Padded(window / width.Windows) * width.Padded(window % width.Windows)
        : Elements(window / width.Windows, window % width.Windows).Count();

    private IEnumerable<(int Tap, int Position)> Elements(int top, int left)
    {
        for (var i = 0; i < height.Kernel; i++)
        {
            for (var j = 0; j < width.Kernel; j++)
            {
                var (y, x) = (height.At(top, i), width.At(left, j));
                if (y >= 0 && y < height.Length && x >= 0 && x < width.Length)
                    yield return (i * width.Kernel + j, y * width.Length + x);
            }
        }
    }

    private sealed class Side
    {
        private readonly int stride;
        private readonly int pad;
        private readonly int padEnd;
        private readonly int dilation;

        public Side(Settings s, string length, string side)
        {
            (Length, Kernel) = (s.Int(length), s.Int("kernel" + side));
            (stride, pad, dilation) = (s.Int("stride" + side), s.Int("pad" + side), s.Int("dilation" + side));
            padEnd = s.Int($"pad{side}End", pad);
            Windows = Shape.Windows(Length, Kernel, stride, pad, dilation, s.Flag("ceil"), padEnd);
        }

        public int Length { get; }

        public int Kernel { get; }

        public int Windows { get; }

        public int At(int window, int tap) => window * stride - pad + tap * dilation;

        // Ceil mode lets a window reach past the padding, where nothing is counted.
        public int Padded(int window)
        {
            return Enumerable.Range(0, Kernel).Count(tap => At(window, tap) < Length + padEnd);
        }
    }
}
