namespace Whence.Import.Fold;

/// <summary>A transposed convolution's windows, and the sizes of what it gives: what the pads take away of the whole.</summary>
internal sealed record Upward(int[] Stride, int[] Dilation, int[] Before, int[] After, int[] OutputPad, int[] Sizes)
{
    public static Upward Of(Op op, int[] x, int[] weight)
    {
        var space = x.Length - 2;
        if (weight.Length != x.Length || space < 1)
            throw new FaultException($"its input has {x.Length} axes and its weight {weight.Length}");
        var kernel = Windows.Checked(op.Wholes("kernel_shape") ?? weight[2..], space, 1);
        int[] Given(string name, int least) => op.Wholes(name) is { } given ? Windows.Checked(given, space, least)
            : [.. Enumerable.Repeat(least, space)];
        var (stride, dilation, extra) = (Given("strides", 1), Given("dilations", 1), Given("output_padding", 0));
        var (before, after) = Windows.Pads(op, space);
        var wanted = op.Wholes("output_shape");
        var rule = op.Text("auto_pad", "NOTSET");
        var sizes = new int[space];
        for (var axis = 0; axis < space; axis++)
        {
            var whole = stride[axis] * (x[axis + 2] - 1) + extra[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
            var target = wanted is not null ? wanted[wanted.Length - space + axis]
                : rule is "SAME_UPPER" or "SAME_LOWER" ? x[axis + 2] * stride[axis] : whole - before[axis] - after[axis];
            if (wanted is not null || rule is "SAME_UPPER" or "SAME_LOWER")
            {
                var all = Math.Max(0, whole - target);
                extra[axis] += Math.Max(0, target - whole);
                (before[axis], after[axis]) = rule == "SAME_UPPER" ? (all / 2, all - all / 2) : (all - all / 2, all / 2);
            }
            if (target < 1)
                throw new FaultException($"it would give {target} positions");
            sizes[axis] = target;
        }
        return new(stride, dilation, before, after, extra, sizes);
    }
}
