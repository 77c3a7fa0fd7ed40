namespace Whence.CompilerServices;

/// <summary>Finds out how far changes reach, what it takes to recompute that, and how much memory.</summary>
internal ref struct PatchReach
{
    private readonly PatchTable table;
    private readonly bool isWhole;

    /// <param name="table">Where it writes what it finds.</param>
    /// <param name="boxes">What changes in each row.</param>
    /// <param name="isWhole">Whether all of every value is to be computed.</param>
    public PatchReach(in PatchTable table, ReadOnlySpan<ChangedBox> boxes, bool isWhole = false)
    {
        this.table = table;
        this.isWhole = isWhole;
        var input = table.Layout[0];
        for (var row = 0; row < boxes.Length; row++)
        {
            table.Bounds(0, row) = new Bounds
            {
                Top = boxes[row].Top, Bottom = Math.Min(boxes[row].Top + boxes[row].Height, input.Height),
                Left = boxes[row].Left, Right = Math.Min(boxes[row].Left + boxes[row].Width, input.Width),
            };
        }
    }

    /// <summary>Products of two numbers that one row takes, or as much else.</summary>
    public long Work { get; private set; }

    /// <summary>The same without what is gathered, which the whole pass does not.</summary>
    public long Computed { get; private set; }

    /// <summary>The same for all changes that reach as many positions of every value.</summary>
    public int Kind { get; private set; }

    /// <summary>Numbers a row that all parts take.</summary>
    public int Size { get; private set; }

    /// <summary>Numbers a row that are gathered for one step at most.</summary>
    public int Gathered { get; private set; }

    public void Input(int to)
    {
        Place(to, 1);
        Count(0, SizeOf(to));
    }

    public void Convolve(int from, Filters filters, int to)
    {
        var window = filters.Window;
        Slide(from, window, to);
        Place(to, filters.Fold);
        var computed = (long)table[to].Height * table[to].Width * LocalCost.Computed(table.Layout[to].Channels);
        Count(computed * window.KernelHeight * window.KernelWidth * (window.Channels / window.Groups), Under(from, window, to));
    }

    public void Pool(int from, in Window window, int to)
    {
        Slide(from, window, to);
        Place(to, 1);
        Count((long)SizeOf(to) * window.KernelHeight * window.KernelWidth * LocalCost.Move, Under(from, window, to));
    }

    public void Neighbours(int from, int to, int channels)
    {
        for (var row = 0; row < table.Rows; row++)
            table.Bounds(to, row) = table.Bounds(from, row);
        Place(to, 1);
        Count((long)SizeOf(to) * channels, 0);
    }

    public void Surround(int from, int to, int above, int before)
    {
        for (var row = 0; row < table.Rows; row++)
        {
            var inner = table.Bounds(from, row);
            table.Bounds(to, row) = new Bounds
            {
                Top = inner.Top + above, Bottom = inner.Bottom + above, Left = inner.Left + before, Right = inner.Right + before,
            };
        }
        Place(to, 1);
        Count((long)SizeOf(to) * LocalCost.Move, 0);
    }

    public void Join(int to, scoped ReadOnlySpan<int> parts)
    {
        Unite(to, parts);
        Count((long)SizeOf(to) * LocalCost.Move, 0);
    }

    public void Map(int to, scoped ReadOnlySpan<int> operands)
    {
        Unite(to, operands);
        var isAlone = operands is [>= 0];
        Count((long)SizeOf(to) * operands.Length * LocalCost.Move, isAlone ? 0 : checked(SizeOf(to) * operands.Length));
    }

    // All that changes in any of some values; -1 is none.
    private void Unite(int to, scoped ReadOnlySpan<int> parts)
    {
        for (var row = 0; row < table.Rows; row++)
        {
            var isFirst = true;
            foreach (var part in parts)
            {
                if (part < 0)
                    continue;
                table.Bounds(to, row) = isFirst ? table.Bounds(part, row) : table.Bounds(to, row) | table.Bounds(part, row);
                isFirst = false;
            }
        }
        Place(to, 1);
    }

    // The outputs of a window that see what changes.
    private readonly void Slide(int from, in Window window, int to)
    {
        ref readonly var whole = ref table.Layout[to];
        for (var row = 0; row < table.Rows; row++)
        {
            ref var before = ref table.Bounds(from, row);
            ref var after = ref table.Bounds(to, row);
            (after.Top, after.Bottom) = Along(before.Top, before.Bottom, window.KernelHeight, window.StrideHeight, window.PadHeight,
                window.DilationHeight, whole.Height);
            (after.Left, after.Right) = Along(before.Left, before.Right, window.KernelWidth, window.StrideWidth, window.PadWidth,
                window.DilationWidth, whole.Width);
        }
    }

    // One at least, even where strides pass over what changes.
    private static (int First, int End) Along(int first, int end, int kernel, int stride, int pad, int dilation, int outputs)
    {
        var earliest = first + pad - (kernel - 1) * dilation;
        first = Math.Min(earliest <= 0 ? 0 : (earliest + stride - 1) / stride, outputs - 1);
        return (first, Math.Clamp((end - 1 + pad) / stride + 1, first + 1, outputs));
    }

    // As many positions in every row, and, where neighbours are computed together, a multiple of so many or all.
    private void Place(int to, int fold)
    {
        ref var patch = ref table[to];
        patch = default;
        for (var row = 0; row < table.Rows; row++)
        {
            ref var bounds = ref table.Bounds(to, row);
            if (isWhole)
                bounds = new Bounds { Bottom = table.Layout[to].Height, Right = table.Layout[to].Width };
            patch.Height = Math.Max(patch.Height, bounds.Height);
            patch.Width = Math.Max(patch.Width, bounds.Width);
        }
        patch.Width = Math.Min((patch.Width + fold - 1) / fold * fold, table.Layout[to].Width);
        patch.Offset = Size;
        Size = checked(Size + SizeOf(to));
        Kind = (Kind * 31 + patch.Height) * 31 + patch.Width;
    }

    private readonly int SizeOf(int value) => checked(table[value].Height * table[value].Width * table.Layout[value].Channels);

    // What a patch's windows cover, unless all is there.
    private readonly int Under(int from, in Window window, int to) => table.IsWhole(from) && table.IsWhole(to) ? 0
        : checked(window.CoveredHeight(table[to].Height) * window.CoveredWidth(table[to].Width) * window.Channels);

    private void Count(long computed, int gathered)
    {
        Computed += computed;
        Work += computed + (long)gathered * LocalCost.Move;
        Gathered = Math.Max(Gathered, gathered);
    }
}
