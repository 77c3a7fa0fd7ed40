namespace Whence.Import.Fold;

/// <summary>The windows of a convolution or a pool, with every pad found: one number an axis of space.</summary>
internal sealed record Windows(int[] Kernel, int[] Stride, int[] Dilation, int[] Before, int[] After, bool Ceil)
{
    public int Space => Kernel.Length;

    /// <summary>The windows over an input [batch, channels, ...].</summary>
    public static Windows Of(Op op, int[] input, int[] kernel)
    {
        var space = input.Length - 2;
        if (space < 1 || kernel.Length != space)
            throw new FaultException($"its input has {input.Length} axes and its window {kernel.Length}");
        int[] Ones() => [.. Enumerable.Repeat(1, space)];
        var stride = Checked(op.Wholes("strides") ?? Ones(), space, 1);
        var dilation = Checked(op.Wholes("dilations") ?? Ones(), space, 1);
        var (before, after) = Pads(op, space);
        var rule = op.Text("auto_pad", "NOTSET");
        if (rule is "SAME_UPPER" or "SAME_LOWER")
        {
            for (var axis = 0; axis < space; axis++)
            {
                var (size, step) = (input[axis + 2], stride[axis]);
                var all = Math.Max(0, (((size + step - 1) / step) - 1) * step + (kernel[axis] - 1) * dilation[axis] + 1 - size);
                (before[axis], after[axis]) = rule == "SAME_UPPER" ? (all / 2, all - all / 2) : (all - all / 2, all / 2);
            }
        }
        else if (rule == "VALID")
        {
            (before, after) = (new int[space], new int[space]);
        }
        return new(Checked(kernel, space, 1), stride, dilation, before, after, op.Whole("ceil_mode", 0) != 0);
    }

    /// <summary>The pads before and behind each axis of space.</summary>
    public static (int[] Before, int[] After) Pads(Op op, int space)
    {
        var pads = op.Wholes("pads") ?? new int[2 * space];
        if (pads.Length != 2 * space)
            throw new FaultException($"it has {pads.Length} pads for {space} axes");
        Checked(pads, 2 * space, 0);
        return (pads[..space], pads[space..]);
    }

    /// <summary>How many windows there are over an input [batch, channels, ...].</summary>
    public int[] Count(int[] input)
    {
        var counts = new int[Space];
        for (var axis = 0; axis < Space; axis++)
        {
            var room = input[axis + 2] + Before[axis] + After[axis] - (Kernel[axis] - 1) * Dilation[axis] - 1;
            if (room < 0)
                throw new FaultException($"its window is larger than its padded input of {input[axis + 2]}");
            counts[axis] = (Ceil ? (room + Stride[axis] - 1) / Stride[axis] : room / Stride[axis]) + 1;
            // A window that would begin in the padding behind does not count.
            if (Ceil && (counts[axis] - 1) * Stride[axis] >= input[axis + 2] + Before[axis])
                counts[axis]--;
        }
        return counts;
    }

    /// <summary>So many numbers, none less than the least.</summary>
    public static int[] Checked(int[] numbers, int count, int least) =>
        numbers.Length == count && numbers.All(number => number >= least) ? numbers
            : throw new FaultException($"it has [{string.Join(", ", numbers)}], and needs {count} numbers of at least {least}");
}
