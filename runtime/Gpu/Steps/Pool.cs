namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;
using Whence.CompilerServices;

/// <summary>
/// Pools over rows of [height][width][channels]. Every way back has a thread for each input, which looks at the windows that it lies in, in
/// ascending order: nothing is added by two threads. Which places of a window win, or what the shares of all of them are, is found once for
/// all inputs, by a thread for each window; a mean's share is one division, which takes less than to write and read it. Called by generated
/// code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Pool
{
    /// <summary>y = the largest of each window; NaN if the window has one.</summary>
    public static void Max(Rows x, Rows y, int rows, in Window window) => Forward<MaxOf>(x, y, rows, window);

    /// <summary>y = the mean of each window.</summary>
    public static void Average(Rows x, Rows y, int rows, in Window window) => Forward<AverageOf>(x, y, rows, window);

    /// <summary>dx = the transpose of <see cref="Average"/> applied to m.</summary>
    public static void AverageBack(Rows m, Rows dx, int rows, in Window window) =>
        Lane.Current.Launch<Gather<AverageShare>, PoolArguments>((long)rows * window.InputSize, PoolArguments.Of(window) with
        {
            M = m.View, Y = dx.View, Count = rows * window.InputSize,
        });

    /// <summary>dx = m routed to the first maximum of each window of x.</summary>
    public static void MaxBack(Rows m, Rows x, Rows dx, int rows, in Window window)
    {
        var windows = rows * window.OutputSize;
        using var winners = Scratch.Rent(windows);
        var p = PoolArguments.Of(window) with { X = x.View, M = m.View, Winners = Places(winners.Span, windows) };
        Lane.Current.Launch<FindWinner, PoolArguments>(windows, p with { Count = windows });
        Lane.Current.Launch<OfWinner, PoolArguments>((long)rows * window.InputSize, p with
        {
            Y = dx.View, Count = rows * window.InputSize,
        });
    }

    /// <summary>
    /// DeepLIFT's multipliers of <see cref="Max"/>, split between the winners of x and of x0: as <c>Kernels.Pool.MaxSplit</c>.
    /// </summary>
    public static void MaxSplit(Rows m, Rows x, Operand x0, Rows dx, int rows, in Window window)
    {
        var windows = rows * window.OutputSize;
        using var found = Scratch.Rent(checked(4 * windows));
        var p = PoolArguments.Of(window) with
        {
            M = m.View, X = x.View, X0 = x0.View, ReferenceRow = x0.RowStride, Winners = Places(found.Span, windows),
            Winners0 = Places(found.Span.Slice(windows, windows), windows), Shares = found.Span.Slice(2 * windows, windows).View,
            Shares0 = found.Span.Slice(3 * windows, windows).View,
        };
        Lane.Current.Launch<FindWinners, PoolArguments>(windows, p with { Count = windows });
        Lane.Current.Launch<OfWinners, PoolArguments>((long)rows * window.InputSize, p with
        {
            Y = dx.View, Count = rows * window.InputSize,
        });
    }

    private static ArrayView<int> Places(Rows scratch, int windows) => scratch.View.SubView(0, windows).Cast<int>();

    /// <summary>DeepLIFT's multipliers of a Maxout's maximum, along the path from x0 to x: as <c>Kernels.Pool.MaxPath</c>.</summary>
    public static void MaxPath(Rows m, Rows x, Operand x0, Rows dx, int rows, in Window window)
    {
        var windows = rows * window.OutputSize;
        using var shares = Scratch.Rent(checked(windows * window.KernelHeight * window.KernelWidth));
        var p = PoolArguments.Of(window) with
        {
            M = m.View, X = x.View, X0 = x0.View, ReferenceRow = x0.RowStride, Shares = shares.Span.View, Windows = windows,
        };
        Lane.Current.Launch<FindPathShares, PoolArguments>(windows, p with { Count = windows });
        Lane.Current.Launch<Gather<PathShare>, PoolArguments>((long)rows * window.InputSize, p with
        {
            Y = dx.View, Count = rows * window.InputSize,
        });
    }

    private static void Forward<K>(Rows x, Rows y, int rows, in Window window) where K : struct, IKernel<PoolArguments> =>
        Lane.Current.Launch<K, PoolArguments>((long)rows * window.OutputSize, PoolArguments.Of(window) with
        {
            X = x.View, Y = y.View, Count = rows * window.OutputSize,
        });

    private readonly struct MaxOf : IKernel<PoolArguments>
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var cell = p.Output(n);
            var largest = float.NegativeInfinity;
            var line = cell.At(p, 0, 0);
            for (var row = 0; row < cell.Rows; row++, line += p.ToRow)
            {
                var at = line;
                for (var column = 0; column < cell.Columns; column++, at += p.ToColumn)
                    largest = GpuMath.Max(largest, p.X[at]);
            }
            p.Y[n] = largest;
        }
    }

    private readonly struct AverageOf : IKernel<PoolArguments>
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var cell = p.Output(n);
            var (sum, unit) = (0f, GpuMath.PowerBelow(1f / cell.Divisor));
            var line = cell.At(p, 0, 0);
            for (var row = 0; row < cell.Rows; row++, line += p.ToRow)
            {
                var at = line;
                for (var column = 0; column < cell.Columns; column++, at += p.ToColumn)
                    sum += unit * p.X[at];
            }
            p.Y[n] = sum / (unit * cell.Divisor);
        }
    }

    /// <summary>What a window's multiplier becomes at one of its inputs.</summary>
    private interface IShare
    {
        /// <summary>Given the window, and which of its places inside the image, row by row, the input is.</summary>
        static abstract float Of(in PoolArguments p, in Cell cell, int window, int place);
    }

    private readonly struct Gather<S> : IKernel<PoolArguments> where S : struct, IShare
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var here = new InputWindows(p, n);
            var sum = 0f;
            for (var row = here.FirstRow; row <= here.LastRow; row++)
            {
                for (var column = here.FirstColumn; column <= here.LastColumn; column++)
                {
                    var cell = p.Window(here.Example, row, column, here.Channel);
                    var (up, left) = (here.Y - cell.Top, here.X - cell.Left);
                    var (inRow, inColumn) = (up / p.DilationHeight, left / p.DilationWidth);
                    if (inRow * p.DilationHeight == up & inColumn * p.DilationWidth == left & inRow < cell.Rows & inColumn < cell.Columns)
                        sum += S.Of(p, cell, here.Window(p, row, column), inRow * cell.Columns + inColumn);
                }
            }
            p.Y[n] = sum;
        }
    }

    private readonly struct AverageShare : IShare
    {
        public static float Of(in PoolArguments p, in Cell cell, int window, int place) => p.M[window] / cell.Divisor;
    }

    /// <summary>Of each window, the place of its first maximum.</summary>
    private readonly struct FindWinner : IKernel<PoolArguments>
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var cell = p.Output(n);
            var (largest, winner) = (float.NegativeInfinity, -1);
            var spot = cell.First(p);
            for (var i = 0; i < cell.Rows * cell.Columns; i++, spot = spot.Next(p, cell))
            {
                var value = p.X[spot.At];
                var leads = winner < 0 | largest < value;
                winner = leads ? spot.At : winner;
                largest = leads ? value : largest;
            }
            p.Winners[n] = winner;
        }
    }

    /// <summary>Of each input, the multipliers of the windows that it wins.</summary>
    private readonly struct OfWinner : IKernel<PoolArguments>
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var here = new InputWindows(p, n);
            var sum = 0f;
            for (var row = here.FirstRow; row <= here.LastRow; row++)
            {
                for (var column = here.FirstColumn; column <= here.LastColumn; column++)
                {
                    var window = here.Window(p, row, column);
                    var multiplier = p.M[window];
                    sum += p.Winners[window] == n ? multiplier : 0f;
                }
            }
            p.Y[n] = sum;
        }
    }

    /// <summary>
    /// Of each window, the winner of x and that of x0 - among places that tie, the first of those with the largest of the other - and what
    /// the window's multiplier becomes at each.
    /// </summary>
    private readonly struct FindWinners : IKernel<PoolArguments>
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var cell = p.Output(n);
            var (y, from, winner) = (float.NegativeInfinity, float.NegativeInfinity, -1);
            var (y0, to, winner0) = (float.NegativeInfinity, float.NegativeInfinity, -1);
            var spot = cell.First(p);
            for (var i = 0; i < cell.Rows * cell.Columns; i++, spot = spot.Next(p, cell))
            {
                var (value, value0) = (p.X[spot.At], p.X0[spot.At + cell.ToReference]);
                var leads = winner < 0 | y < value | (!(value < y) & from < value0);
                (y, from, winner) = (leads ? value : y, leads ? value0 : from, leads ? spot.At : winner);
                var leads0 = winner0 < 0 | y0 < value0 | (!(value0 < y0) & to < value);
                (y0, to, winner0) = (leads0 ? value0 : y0, leads0 ? value : to, leads0 ? spot.At : winner0);
            }
            var multiplier = p.M[n];
            // Differences of halves do not overflow, and have the same quotients.
            (y, from, y0, to) = (0.5f * y, 0.5f * from, 0.5f * y0, 0.5f * to);
            var between = GpuMath.Max(y, y0);
            (p.Winners[n], p.Winners0[n]) = (winner, winner0);
            var (share, share0) = (winner == winner0 ? 1f : Share(between - y0, y - from), Share(y - between, to - y0));
            // Where nothing comes, nothing goes on, though the window have no value.
            p.Shares[n] = multiplier == 0f ? 0f : multiplier * share;
            p.Shares0[n] = multiplier == 0f ? 0f : multiplier * share0;
        }

        private static float Share(float move, float difference)
        {
            var quotient = move / difference;
            return move == 0f ? 0f : quotient;
        }
    }

    /// <summary>Of each input, its shares of the multipliers of the windows that it wins.</summary>
    private readonly struct OfWinners : IKernel<PoolArguments>
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var here = new InputWindows(p, n);
            var sum = 0f;
            for (var row = here.FirstRow; row <= here.LastRow; row++)
            {
                for (var column = here.FirstColumn; column <= here.LastColumn; column++)
                {
                    var window = here.Window(p, row, column);
                    var (share, share0) = (p.Shares[window], p.Shares0[window]);
                    var second = p.Winners0[window] == n ? share0 : 0f;
                    sum += p.Winners[window] == n ? share : second;
                }
            }
            p.Y[n] = sum;
        }
    }

    private readonly struct PathShare : IShare
    {
        public static float Of(in PoolArguments p, in Cell cell, int window, int place) => p.Shares[place * p.Windows + window];
    }

    /// <summary>
    /// Of each window, what its multiplier becomes at each of its places: from crossing to crossing along the upper envelope of the lines
    /// from x0 to x, as the CPU's kernel goes, by quarters.
    /// </summary>
    private readonly struct FindPathShares : IKernel<PoolArguments>
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var cell = p.Output(n);
            var (place, start, rise, since) = (-1, float.NegativeInfinity, 0f, 0f);
            var spot = cell.First(p);
            for (var i = 0; i < cell.Rows * cell.Columns; i++, spot = spot.Next(p, cell))
            {
                var value = 0.25f * p.X0[spot.At + cell.ToReference];
                var slope = 0.25f * p.X[spot.At] - value;
                var leads = start < value;
                place = leads ? i : place;
                rise = leads ? slope : rise;
                start = leads ? value : start;
                p.Shares[i * p.Windows + n] = 0f;
            }
            var multiplier = p.M[n];
            for (var step = cell.Rows * cell.Columns; step > 0; step--)
            {
                var (nextPlace, nextStart, nextRise, until) = (place, start, rise, 1f);
                spot = cell.First(p);
                for (var i = 0; i < cell.Rows * cell.Columns; i++, spot = spot.Next(p, cell))
                {
                    var value = 0.25f * p.X0[spot.At + cell.ToReference];
                    var slope = 0.25f * p.X[spot.At] - value;
                    var crossing = GpuMath.Max(since, (start - value) / (slope - rise));
                    // A line that is no steeper never overtakes.
                    var meets = rise < slope ? crossing : 2f;
                    var isSooner = meets < until;
                    nextPlace = isSooner ? i : nextPlace;
                    nextStart = isSooner ? value : nextStart;
                    nextRise = isSooner ? slope : nextRise;
                    until = isSooner ? meets : until;
                }
                // Where all of the references are minus infinity or no number, no line leads.
                if (place >= 0)
                    p.Shares[place * p.Windows + n] += multiplier * (until - since);
                (place, start, rise, since) = (nextPlace, nextStart, nextRise, until);
            }
        }
    }
}

/// <summary>An input's place, and the windows that it may lie in.</summary>
internal readonly struct InputWindows
{
    public readonly int Example;
    public readonly int Y;
    public readonly int X;
    public readonly int Channel;

    public readonly int FirstRow;
    public readonly int LastRow;
    public readonly int FirstColumn;
    public readonly int LastColumn;

    public InputWindows(in PoolArguments p, int input)
    {
        var place = input / p.Channels;
        Channel = input - place * p.Channels;
        var line = place / p.Width;
        X = place - line * p.Width;
        Example = line / p.Height;
        Y = line - Example * p.Height;
        (FirstRow, LastRow, FirstColumn, LastColumn) = (p.FirstRow(Y), p.LastRow(Y), p.FirstColumn(X), p.LastColumn(X));
    }

    /// <summary>The place of a window's own output.</summary>
    public int Window(in PoolArguments p, int row, int column) =>
        ((Example * p.OutHeight + row) * p.OutWidth + column) * p.Channels + Channel;
}

/// <summary>One window: where it begins, and how much of it lies inside the input.</summary>
internal readonly struct Cell(int first, int top, int left, int rows, int columns, int divisor, int toReference)
{
    public readonly int Top = top;
    public readonly int Left = left;
    public readonly int Rows = rows;
    public readonly int Columns = columns;

    /// <summary>What an average divides by.</summary>
    public readonly int Divisor = divisor;

    /// <summary>From an element's place to the place of its reference.</summary>
    public readonly int ToReference = toReference;

    private readonly int first = first;

    public int At(in PoolArguments p, int row, int column) =>
        first + row * p.ToRow + column * p.ToColumn;

    /// <summary>The first of its places, row by row.</summary>
    public Spot First(in PoolArguments p) => new(At(p, 0, 0), 0);
}

/// <summary>
/// A place in a window, which a loop carries: what it does not, ILGPU computes again inside it, divisions and all.
/// </summary>
internal readonly struct Spot(int at, int column)
{
    public readonly int At = at;

    private readonly int column = column;

    /// <summary>The next one, row by row.</summary>
    public Spot Next(in PoolArguments p, in Cell cell)
    {
        var isEnd = column + 1 == cell.Columns;
        return new(isEnd ? At - column * p.ToColumn + p.ToRow : At + p.ToColumn, isEnd ? 0 : column + 1);
    }
}

internal struct PoolArguments
{
    public ArrayView<float> M;
    public ArrayView<float> X;
    public ArrayView<float> X0;
    public ArrayView<float> Y;

    /// <summary>Of each window, where its winner lies among the inputs, and the winner of the reference; and their shares.</summary>
    public ArrayView<int> Winners;
    public ArrayView<int> Winners0;
    public ArrayView<float> Shares;
    public ArrayView<float> Shares0;

    /// <summary>Where shares are of each place of a window, [places, windows]: how many windows.</summary>
    public int Windows;
    public int Count;
    public int ReferenceRow;
    public int Channels;
    public int Height;
    public int Width;
    public int OutHeight;
    public int OutWidth;
    public int KernelHeight;
    public int KernelWidth;
    public int StrideHeight;
    public int StrideWidth;
    public int PadHeight;
    public int PadWidth;
    public int PadHeightEnd;
    public int PadWidthEnd;
    public int DilationHeight;
    public int DilationWidth;
    public int CountPadding;

    public static PoolArguments Of(in Window w) => new()
    {
        Channels = w.Channels, Height = w.Height, Width = w.Width, OutHeight = w.OutHeight, OutWidth = w.OutWidth,
        KernelHeight = w.KernelHeight, KernelWidth = w.KernelWidth, StrideHeight = w.StrideHeight, StrideWidth = w.StrideWidth,
        PadHeight = w.PadHeight, PadWidth = w.PadWidth, PadHeightEnd = w.PadHeightEnd, PadWidthEnd = w.PadWidthEnd,
        DilationHeight = w.DilationHeight, DilationWidth = w.DilationWidth, CountPadding = w.CountPadding ? 1 : 0,
    };

    /// <summary>From one row of a window to the next, and from one column.</summary>
    public readonly int ToRow => DilationHeight * Width * Channels;

    public readonly int ToColumn => DilationWidth * Channels;

    /// <summary>The window of an output.</summary>
    public readonly Cell Output(int output)
    {
        var place = output / Channels;
        var line = place / OutWidth;
        var example = line / OutHeight;
        return Window(example, line - example * OutHeight, place - line * OutWidth, output - place * Channels);
    }

    /// <summary>A window of an example, at one channel.</summary>
    public readonly Cell Window(int example, int row, int column, int channel)
    {
        var (top, rows, paddedRows) = Reach(row * StrideHeight - PadHeight, Height, KernelHeight, PadHeightEnd, DilationHeight);
        var (left, columns, paddedColumns) = Reach(column * StrideWidth - PadWidth, Width, KernelWidth, PadWidthEnd, DilationWidth);
        var divisor = CountPadding != 0 ? paddedRows * paddedColumns : Math.Max(1, rows * columns);
        var input = Height * Width * Channels;
        return new Cell(example * input + (top * Width + left) * Channels + channel, top, left, rows, columns, divisor,
            example * (ReferenceRow - input));
    }

    /// <summary>The first window, of rows of windows, that may reach a row of the input; and the last.</summary>
    public readonly int FirstRow(int y) => First(y + PadHeight, KernelHeight, StrideHeight, DilationHeight);

    public readonly int LastRow(int y) => Math.Min((y + PadHeight) / StrideHeight, OutHeight - 1);

    public readonly int FirstColumn(int x) => First(x + PadWidth, KernelWidth, StrideWidth, DilationWidth);

    public readonly int LastColumn(int x) => Math.Min((x + PadWidth) / StrideWidth, OutWidth - 1);

    private static int First(int padded, int kernel, int stride, int dilation)
    {
        var before = padded - (kernel - 1) * dilation;
        return before <= 0 ? 0 : (before + stride - 1) / stride;
    }

    // Where a window begins inside the input, how many of its places are inside, and how many inside the padded input.
    private static (int First, int Count, int Padded) Reach(int start, int length, int kernel, int padEnd, int dilation)
    {
        var skipped = start < 0 ? (-start + dilation - 1) / dilation : 0;
        var count = Math.Max(0, Math.Min(kernel, (length - start + dilation - 1) / dilation) - skipped);
        return (start + skipped * dilation, count, Math.Min(kernel, (length + padEnd - start + dilation - 1) / dilation));
    }
}
