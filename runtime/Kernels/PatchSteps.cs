using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whence.CompilerServices;

/// <summary>
/// The recomputed parts of a network's values, one after the other in memory, [rows][height][width][channels] each. A step gathers what
/// its operands have at the positions that it reads, the parts over what was kept of the input, and runs on that as on whole values.
/// </summary>
internal readonly ref struct PatchSteps
{
    private readonly PatchTable table;
    private readonly ReadOnlySpan<float> x;
    private readonly ReadOnlySpan<float> kept;
    private readonly Span<float> memory;
    private readonly Span<float> gathered;

    /// <param name="table">What is recomputed.</param>
    /// <param name="x">[rows, InputSize].</param>
    /// <param name="kept">All values of the input that the rows are like.</param>
    /// <param name="memory">[rows, size of all parts].</param>
    /// <param name="gathered">[rows, the most that is gathered].</param>
    public PatchSteps(in PatchTable table, ReadOnlySpan<float> x, ReadOnlySpan<float> kept, Span<float> memory, Span<float> gathered)
    {
        this.table = table;
        this.x = x;
        this.kept = kept;
        this.memory = memory;
        this.gathered = gathered;
    }

    private PatchLayout Layout => table.Layout;

    public void Input(int to, int at, int down, int across, int channel)
    {
        var channels = Layout[to].Channels;
        ref var part = ref table[to];
        for (var (row, place) = (0, 0); row < table.Rows; row++)
        {
            var (top, left) = table.Origin(to, row);
            for (var i = 0; i < part.Height; i++)
            {
                var from = x[(row * Layout.InputSize + at + (top + i) * down + left * across)..];
                for (var j = 0; j < part.Width; j++, from = from[Math.Min(across, from.Length)..])
                {
                    for (var c = 0; c < channels; c++)
                        Of(to)[place++] = from[c * channel];
                }
            }
        }
    }

    public void Convolve<F>(int from, Filters filters, ReadOnlySpan<float> bias, int to, F then) where F : struct, IElementwise
    {
        var window = filters.Window;
        if (table.IsWhole(from) && table.IsWhole(to))
        {
            CompilerServices.Convolve.Affine(Of(from), filters, bias, Of(to), table.Rows, then);
            return;
        }
        var (height, width) = Under(window, to);
        // A window of one position reads its own.
        var isOne = window is { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1 } && table.AreAlike(from, to)
            && window.Height == Layout[to].Height && window.Width == Layout[to].Width;
        var input = isOne ? Of(from) : GatherUnder(from, window, to, height, width);
        CompilerServices.Convolve.Affine(input, filters.Over(height, width), bias, Of(to), table.Rows, then);
    }

    public void Max(int from, in Window window, int to)
    {
        if (table.IsWhole(from) && table.IsWhole(to))
            CompilerServices.Pool.Max(Of(from), Of(to), table.Rows, window);
        else
            Pool(from, window, to, isMean: false);
    }

    public void Average(int from, in Window window, int to)
    {
        if (table.IsWhole(from) && table.IsWhole(to))
            CompilerServices.Pool.Average(Of(from), Of(to), table.Rows, window);
        else
            Pool(from, window, to, isMean: true);
    }

    // Where a window sticks out, what it covers depends on where it lies in the whole value.
    private void Pool(int from, in Window window, int to, bool isMean)
    {
        var (height, width) = Under(window, to);
        var channels = window.Channels;
        var input = GatherUnder(from, window, to, height, width);
        ref var part = ref table[to];
        for (var (row, place) = (0, 0); row < table.Rows; row++)
        {
            var (top, left) = table.Origin(to, row);
            var (inputTop, inputLeft) = (top * window.StrideHeight - window.PadHeight, left * window.StrideWidth - window.PadWidth);
            for (var i = 0; i < part.Height; i++)
            {
                var down = Slide.Reach.Down(window, top + i);
                for (var j = 0; j < part.Width; j++, place += channels)
                {
                    var across = Slide.Reach.Across(window, left + j);
                    var places = new Places(((down.First - inputTop) * width + across.First - inputLeft) * channels, down.Count,
                        window.DilationHeight * width * channels, across.Count, window.DilationWidth * channels);
                    ref var cell = ref MemoryMarshal.GetReference(input[(row * height * width * channels)..]);
                    ref var made = ref MemoryMarshal.GetReference(Of(to)[place..]);
                    if (isMean)
                        Cell.Fold(new Mean(Slide.CountOf(window, down, across)), ref cell, places, ref made, channels);
                    else
                        Cell.Fold(default(Largest), ref cell, places, ref made, channels);
                }
            }
        }
    }

    public void Neighbours(int from, int to, int before, int after, float factor, float offset) =>
        CompilerServices.Neighbours.Sum(Of(from), Of(to), table.Rows, table[to].Height * table[to].Width, Layout[to].Channels, before,
            after, factor, offset);

    public void Surround(int from, int to, int above, int before, float fill)
    {
        ref var part = ref table[to];
        for (var row = 0; row < table.Rows; row++)
        {
            var (top, left) = table.Origin(to, row);
            Take(from, row, new(top - above, left - before, part.Height, part.Width), Of(to)[(row * SizeOf(to))..], Layout[to].Channels,
                fill);
        }
    }

    public void Join(int to, ReadOnlySpan<int> values)
    {
        ref var part = ref table[to];
        for (var row = 0; row < table.Rows; row++)
        {
            var (top, left) = table.Origin(to, row);
            var made = Of(to)[(row * SizeOf(to))..];
            foreach (var value in values)
            {
                Take(value, row, new(top, left, part.Height, part.Width), made, Layout[to].Channels, 0);
                made = made[Math.Min(Layout[value].Channels, made.Length)..];
            }
        }
    }

    public void Map<F>(F map, int to, PatchOperand a) where F : struct, IMap1 =>
        Loop.Map(map, Of(to), table.Rows, SizeOf(to), At(a, to, 0));

    public void Map<F>(F map, int to, PatchOperand a, PatchOperand b) where F : struct, IMap2 =>
        Loop.Map(map, Of(to), table.Rows, SizeOf(to), At(a, to, 0), At(b, to, 1));

    public void Map<F>(F map, int to, PatchOperand a, PatchOperand b, PatchOperand c) where F : struct, IMap3 =>
        Loop.Map(map, Of(to), table.Rows, SizeOf(to), At(a, to, 0), At(b, to, 1), At(c, to, 2));

    public void Map<F>(F map, int to, PatchOperand a, PatchOperand b, PatchOperand c, PatchOperand d) where F : struct, IMap4 =>
        Loop.Map(map, Of(to), table.Rows, SizeOf(to), At(a, to, 0), At(b, to, 1), At(c, to, 2), At(d, to, 3));

    /// <summary>Writes whole values: what was kept, and over it what was recomputed.</summary>
    /// <param name="from">The value.</param>
    /// <param name="to">[rows, size].</param>
    public void Splice(int from, Span<float> to)
    {
        ref readonly var whole = ref Layout[from];
        ref var part = ref table[from];
        var own = kept.Slice(Layout.Offset(from), whole.Size);
        var line = part.Width * whole.Channels;
        var made = Of(from);
        for (var row = 0; row < table.Rows; row++)
        {
            var one = to.Slice(row * whole.Size, whole.Size);
            own.CopyTo(one);
            var (top, left) = table.Origin(from, row);
            for (var i = 0; i < part.Height; i++, made = made[line..])
                made[..line].CopyTo(one[(((top + i) * whole.Width + left) * whole.Channels)..]);
        }
    }

    /// <summary>
    /// y = scale * the sum over all positions, in ascending order, as <see cref="Reduce.Sum"/> takes it of a value that is whole.
    /// </summary>
    /// <param name="from">The value.</param>
    /// <param name="to">[rows, channels].</param>
    /// <param name="scale">The scale.</param>
    public void Sum(int from, Span<float> to, float scale)
    {
        ref readonly var whole = ref Layout[from];
        ref var part = ref table[from];
        var own = kept.Slice(Layout.Offset(from), whole.Size);
        for (var row = 0; row < table.Rows; row++)
        {
            var (top, left) = table.Origin(from, row);
            new Spliced(ref MemoryMarshal.GetReference(own), ref MemoryMarshal.GetReference(Of(from)[(row * SizeOf(from))..]),
                new(whole.Height, whole.Width, whole.Channels), new(top, left, part.Height, part.Width))
                .Fold(new Scaled(scale), ref MemoryMarshal.GetReference(to.Slice(row * whole.Channels, whole.Channels)));
        }
    }

    private Span<float> Of(int value) => memory.Slice(table[value].Offset * table.Rows, SizeOf(value) * table.Rows);

    private int SizeOf(int value) => table[value].Height * table[value].Width * Layout[value].Channels;

    private (int Height, int Width) Under(in Window window, int to) =>
        (window.CoveredHeight(table[to].Height), window.CoveredWidth(table[to].Width));

    // What the windows of a part read, zeros for what lies outside.
    private Span<float> GatherUnder(int from, in Window window, int to, int height, int width)
    {
        var size = height * width * window.Channels;
        for (var row = 0; row < table.Rows; row++)
        {
            var (top, left) = table.Origin(to, row);
            Take(from, row, new(top * window.StrideHeight - window.PadHeight, left * window.StrideWidth - window.PadWidth, height, width),
                gathered.Slice(row * size, size), window.Channels, 0);
        }
        return gathered[..(table.Rows * size)];
    }

    // An operand at the positions of a part, the so manieth that may have to be gathered.
    private Operand At(PatchOperand operand, int to, int place)
    {
        var size = SizeOf(to);
        if (operand.Value >= 0 && table.AreAlike(operand.Value, to))
            return new(Of(operand.Value), size);
        ref var part = ref table[to];
        var taken = gathered.Slice(place * table.Rows * size, table.Rows * size);
        for (var row = 0; row < table.Rows; row++)
        {
            var (top, left) = table.Origin(to, row);
            var box = new ChangedBox(top, left, part.Height, part.Width);
            if (operand.Value >= 0)
                Take(operand.Value, row, box, taken[(row * size)..], Layout[to].Channels, 0);
            else
                Cut(operand.Constant, Layout[to], box, taken[(row * size)..]);
        }
        return new(taken, size);
    }

    private static void Cut(ReadOnlySpan<float> whole, in PatchedValue value, in ChangedBox box, Span<float> to)
    {
        var line = box.Width * value.Channels;
        for (var i = 0; i < box.Height; i++)
            whole.Slice(((box.Top + i) * value.Width + box.Left) * value.Channels, line).CopyTo(to[(i * line)..]);
    }

    /// <summary>Writes a box of a row's value, which may stick out: the part over what was kept.</summary>
    /// <param name="value">The value.</param>
    /// <param name="row">The row.</param>
    /// <param name="box">The positions.</param>
    /// <param name="to">Where they go, line by line.</param>
    /// <param name="pixel">From one position to the next there.</param>
    /// <param name="outside">What stands for positions outside.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(int value, int row, in ChangedBox box, Span<float> to, int pixel, float outside)
    {
        ref readonly var whole = ref Layout[value];
        ref var part = ref table[value];
        var (partTop, partLeft) = table.Origin(value, row);
        var channels = whole.Channels;
        var own = kept.Slice(Layout.Offset(value), whole.Size);
        var made = Of(value).Slice(row * SizeOf(value), SizeOf(value));
        // Columns of the box: first those outside, then kept ones, the part's, kept ones and those outside again.
        var end = box.Left + box.Width;
        var first = Math.Clamp(0, box.Left, end);
        var last = Math.Clamp(whole.Width, first, end);
        var from = Math.Clamp(partLeft, first, last);
        var until = Math.Clamp(partLeft + part.Width, from, last);
        for (var i = 0; i < box.Height; i++)
        {
            var line = to[(i * box.Width * pixel)..];
            var y = box.Top + i;
            if (y < 0 || y >= whole.Height)
            {
                Fill(line, box.Width, channels, pixel, outside);
                continue;
            }
            var isChanged = y >= partTop && y < partTop + part.Height;
            var (left, right) = isChanged ? (from, until) : (last, last);
            Fill(line, first - box.Left, channels, pixel, outside);
            Copy(own[((y * whole.Width + first) * channels)..], line[((first - box.Left) * pixel)..], left - first, channels, pixel);
            if (isChanged && left < right)
            {
                Copy(made[(((y - partTop) * part.Width + left - partLeft) * channels)..], line[((left - box.Left) * pixel)..], right - left,
                    channels, pixel);
            }
            if (right < last)
                Copy(own[((y * whole.Width + right) * channels)..], line[((right - box.Left) * pixel)..], last - right, channels, pixel);
            if (last < end)
                Fill(line[((last - box.Left) * pixel)..], end - last, channels, pixel, outside);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<float> from, Span<float> to, int positions, int channels, int pixel)
    {
        if (pixel == channels)
        {
            from[..(positions * channels)].CopyTo(to);
            return;
        }
        for (var i = 0; i < positions; i++)
            from.Slice(i * channels, channels).CopyTo(to[(i * pixel)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(Span<float> to, int positions, int channels, int pixel, float value)
    {
        for (var i = 0; i < positions; i++)
            to.Slice(i * pixel, channels).Fill(value);
    }
}
