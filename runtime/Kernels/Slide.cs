using System.Runtime.CompilerServices;

namespace Whence.CompilerServices;

/// <summary>Walks over the outputs of a pool, row after row of the batch, in memory order.</summary>
internal ref struct Slide
{
    private readonly Window window;
    private readonly int outHeight;
    private readonly int outWidth;
    private readonly int rows;
    private Reach vertical;
    private Reach horizontal;
    private int oh;
    private int ow = -1;

    public Slide(in Window window, int rows)
    {
        this.window = window;
        this.rows = rows;
        (outHeight, outWidth) = (window.OutHeight, window.OutWidth);
        Output = -window.Channels;
        vertical = Vertical();
    }

    /// <summary>The row of the batch.</summary>
    public int Row { get; private set; }

    /// <summary>Where the row's input begins, in floats.</summary>
    public int Input { get; private set; }

    /// <summary>Where the output's channels begin, in floats.</summary>
    public int Output { get; private set; }

    /// <summary>What an average divides by.</summary>
    public readonly int Count => CountOf(window, vertical, horizontal);

    /// <summary>The places the output looks at, within the row's input.</summary>
    public readonly Places Places => new(
        (vertical.First * window.Width + horizontal.First) * window.Channels,
        vertical.Count,
        window.DilationHeight * window.Width * window.Channels,
        horizontal.Count,
        window.DilationWidth * window.Channels);

    /// <summary>Goes to the next output; false after the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool MoveNext()
    {
        if (++ow == outWidth)
        {
            ow = 0;
            if (++oh == outHeight)
            {
                oh = 0;
                Row++;
                Input += window.InputSize;
            }
            vertical = Vertical();
        }
        horizontal = Reach.Across(window, ow);
        Output += window.Channels;
        return Row < rows;
    }

    /// <summary>What the average of a window divides by that covers so much.</summary>
    public static int CountOf(in Window window, in Reach down, in Reach across) =>
        window.CountPadding ? down.Padded * across.Padded : Math.Max(1, down.Count * across.Count);

    private readonly Reach Vertical() => Reach.Down(window, oh);

    /// <summary>What a window covers along one axis.</summary>
    internal readonly struct Reach
    {
        private Reach(int index, int length, int kernel, int stride, int pad, int padEnd, int dilation)
        {
            var start = index * stride - pad;
            var skipped = start < 0 ? Steps(-start, dilation) : 0;
            First = start + skipped * dilation;
            Count = Math.Max(0, Math.Min(kernel, Steps(length - start, dilation)) - skipped);
            Padded = Math.Min(kernel, Steps(length + padEnd - start, dilation));
        }

        /// <summary>What the windows of a row of outputs cover.</summary>
        public static Reach Down(in Window window, int row) => new(row, window.Height, window.KernelHeight, window.StrideHeight,
            window.PadHeight, window.PadHeightEnd, window.DilationHeight);

        /// <summary>What the windows of a column of outputs cover.</summary>
        public static Reach Across(in Window window, int column) => new(column, window.Width, window.KernelWidth, window.StrideWidth,
            window.PadWidth, window.PadWidthEnd, window.DilationWidth);

        /// <summary>The first place inside the input.</summary>
        public int First { get; }

        /// <summary>How many places are inside the input.</summary>
        public int Count { get; }

        /// <summary>How many places are inside the padded input.</summary>
        public int Padded { get; }

        /// <summary>How many steps of the dilation it takes to cover a distance.</summary>
        private static int Steps(int distance, int dilation) => dilation == 1 ? distance : (distance + dilation - 1) / dilation;
    }
}
