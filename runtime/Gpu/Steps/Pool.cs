namespace Whence.Gpu;

using System.ComponentModel;
using ILGPU;
using Whence.CompilerServices;

/// <summary>
/// Pools over rows of [height][width][channels]. Every way back has a thread for each input, which looks at the windows that it lies in, in
/// ascending order: nothing is added by two threads. Called by generated code.
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
        Back<AverageShare>(m, m, new Operand(m, 0), dx, rows, window);

    /// <summary>dx = m routed to the first maximum of each window of x.</summary>
    public static void MaxBack(Rows m, Rows x, Rows dx, int rows, in Window window) =>
        Back<MaxShare>(m, x, new Operand(x, 0), dx, rows, window);

    /// <summary>
    /// DeepLIFT's multipliers of <see cref="Max"/>, split between the winners of x and of x0: as <c>Kernels.Pool.MaxSplit</c>.
    /// </summary>
    public static void MaxSplit(Rows m, Rows x, Operand x0, Rows dx, int rows, in Window window) =>
        Back<SplitShare>(m, x, x0, dx, rows, window);

    /// <summary>DeepLIFT's multipliers of a Maxout's maximum, along the path from x0 to x: as <c>Kernels.Pool.MaxPath</c>.</summary>
    public static void MaxPath(Rows m, Rows x, Operand x0, Rows dx, int rows, in Window window) =>
        Back<PathShare>(m, x, x0, dx, rows, window);

    private static void Forward<K>(Rows x, Rows y, int rows, in Window window) where K : struct, IKernel<PoolArguments> =>
        Lane.Current.Launch<K, PoolArguments>((long)rows * window.OutputSize, PoolArguments.Of(window) with
        {
            X = x.View, Y = y.View, Count = rows * window.OutputSize,
        });

    private static void Back<S>(Rows m, Rows x, Operand x0, Rows dx, int rows, in Window window) where S : struct, IShare =>
        Lane.Current.Launch<Gather<S>, PoolArguments>((long)rows * window.InputSize, PoolArguments.Of(window) with
        {
            M = m.View, X = x.View, X0 = x0.View, ReferenceRow = x0.RowStride, Y = dx.View, Count = rows * window.InputSize,
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
            var sum = 0f;
            var line = cell.At(p, 0, 0);
            for (var row = 0; row < cell.Rows; row++, line += p.ToRow)
            {
                var at = line;
                for (var column = 0; column < cell.Columns; column++, at += p.ToColumn)
                    sum += p.X[at];
            }
            p.Y[n] = sum / cell.Divisor;
        }
    }

    /// <summary>What a window's multiplier becomes at one of its inputs.</summary>
    private interface IShare
    {
        /// <summary>Given the window, and the place of the input in it.</summary>
        static abstract float Of(in PoolArguments p, in Cell cell, int row, int column, float multiplier);
    }

    private readonly struct Gather<S> : IKernel<PoolArguments> where S : struct, IShare
    {
        public static void Run(PoolArguments p)
        {
            var n = ThisThread.Element;
            if (n >= p.Count)
                return;
            var place = n / p.Channels;
            var channel = n - place * p.Channels;
            var line = place / p.Width;
            var x = place - line * p.Width;
            var example = line / p.Height;
            var y = line - example * p.Height;
            var sum = 0f;
            for (var row = p.FirstRow(y); row <= p.LastRow(y); row++)
            {
                for (var column = p.FirstColumn(x); column <= p.LastColumn(x); column++)
                {
                    var cell = p.Window(example, row, column, channel);
                    var (up, left) = (y - cell.Top, x - cell.Left);
                    var (inRow, inColumn) = (up / p.DilationHeight, left / p.DilationWidth);
                    if (inRow * p.DilationHeight == up & inColumn * p.DilationWidth == left & inRow < cell.Rows & inColumn < cell.Columns)
                        sum += S.Of(p, cell, inRow, inColumn,
                            p.M[((example * p.OutHeight + row) * p.OutWidth + column) * p.Channels + channel]);
                }
            }
            p.Y[n] = sum;
        }
    }

    private readonly struct AverageShare : IShare
    {
        public static float Of(in PoolArguments p, in Cell cell, int row, int column, float multiplier) => multiplier / cell.Divisor;
    }

    private readonly struct MaxShare : IShare
    {
        public static float Of(in PoolArguments p, in Cell cell, int row, int column, float multiplier)
        {
            var own = p.X[cell.At(p, row, column)];
            var wins = true;
            var spot = cell.First(p);
            for (var i = 0; i < cell.Rows * cell.Columns; i++, spot = spot.Next(p, cell))
            {
                var value = p.X[spot.At];
                wins &= !(own < value) & !(i < row * cell.Columns + column & !(value < own));
            }
            return wins ? multiplier : 0f;
        }
    }

    private readonly struct SplitShare : IShare
    {
        public static float Of(in PoolArguments p, in Cell cell, int row, int column, float multiplier)
        {
            var (y, from) = Winner(p, cell, p.X, 0, p.X0, cell.ToReference);
            var (y0, to) = Winner(p, cell, p.X0, cell.ToReference, p.X, 0);
            var own = row * cell.Columns + column;
            var at = cell.At(p, row, column);
            var (value, value0) = (p.X[at], p.X0[at + cell.ToReference]);
            var (wins, wins0) = (!(value < y) & !(value0 < from), !(value0 < y0) & !(value < to));
            var spot = cell.First(p);
            for (var i = 0; i < own; i++, spot = spot.Next(p, cell))
            {
                var (before, before0) = (p.X[spot.At], p.X0[spot.At + cell.ToReference]);
                wins &= before < y | before0 < from;
                wins0 &= before0 < y0 | before < to;
            }
            var between = GpuMath.Max(y, y0);
            var move = wins ? between - y0 : wins0 ? y - between : 0f;
            var quotient = move / (value - value0);
            var share = move == 0f ? 0f : quotient;
            return multiplier * (wins & wins0 ? 1f : share);
        }

        /// <summary>The largest of one, and, of the places that have it, the largest of the other.</summary>
        private static (float Value, float Beside) Winner(in PoolArguments p, in Cell cell, ArrayView<float> values, int to,
            ArrayView<float> beside, int toBeside)
        {
            var (largest, chosen) = (float.NegativeInfinity, float.NegativeInfinity);
            var spot = cell.First(p);
            for (var i = 0; i < cell.Rows * cell.Columns; i++, spot = spot.Next(p, cell))
            {
                var (value, other) = (values[spot.At + to], beside[spot.At + toBeside]);
                var tied = GpuMath.Max(chosen, other);
                chosen = largest < value ? other : value < largest ? chosen : tied;
                largest = GpuMath.Max(largest, value);
            }
            return (largest, chosen);
        }
    }

    private readonly struct PathShare : IShare
    {
        // From crossing to crossing along the upper envelope of the lines from x0 to x, as the CPU's kernel goes.
        public static float Of(in PoolArguments p, in Cell cell, int row, int column, float multiplier)
        {
            var own = row * cell.Columns + column;
            var (place, start, rise, since) = (-1, float.NegativeInfinity, 0f, 0f);
            var spot = cell.First(p);
            for (var i = 0; i < cell.Rows * cell.Columns; i++, spot = spot.Next(p, cell))
            {
                var value = p.X0[spot.At + cell.ToReference];
                var slope = p.X[spot.At] - value;
                var leads = start < value;
                place = leads ? i : place;
                rise = leads ? slope : rise;
                start = leads ? value : start;
            }
            var sum = 0f;
            for (var step = cell.Rows * cell.Columns; step > 0; step--)
            {
                var (nextPlace, nextStart, nextRise, until) = (place, start, rise, 1f);
                spot = cell.First(p);
                for (var i = 0; i < cell.Rows * cell.Columns; i++, spot = spot.Next(p, cell))
                {
                    var value = p.X0[spot.At + cell.ToReference];
                    var slope = p.X[spot.At] - value;
                    var crossing = GpuMath.Max(since, (start - value) / (slope - rise));
                    // A line that is no steeper never overtakes.
                    var meets = rise < slope ? crossing : 2f;
                    var isSooner = meets < until;
                    nextPlace = isSooner ? i : nextPlace;
                    nextStart = isSooner ? value : nextStart;
                    nextRise = isSooner ? slope : nextRise;
                    until = isSooner ? meets : until;
                }
                sum += place == own ? multiplier * (until - since) : 0f;
                (place, start, rise, since) = (nextPlace, nextStart, nextRise, until);
            }
            return sum;
        }
    }
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
