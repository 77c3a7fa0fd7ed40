using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>Convolutions and transposed convolutions.</summary>
internal static class Convolutions
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new() { ["Conv"] = Conv, ["ConvTranspose"] = ConvTranspose };

    private static void Conv(Follower follow, Op op)
    {
        var (x, weight) = (follow.Live(op), Follower.Constant(op, 1, "weight"));
        var windows = Windows.Of(op, x.Axes, weight.Axes[2..]);
        var layer = New(op, "Conv", windows.Space, weight, weight.Axes[0]);
        Window(layer, weight.Axes[2..], windows.Stride, windows.Before, windows.After, windows.Dilation);
        Finish(follow, op, layer, x);
    }

    private static void ConvTranspose(Follower follow, Op op)
    {
        var (x, weight) = (follow.Live(op), Follower.Constant(op, 1, "weight"));
        var upward = Upward.Of(op, x.Axes, weight.Axes);
        var groups = (int)op.Whole("group", 1);
        var layer = New(op, "ConvTranspose", x.Axes.Length - 2, weight, weight.Axes[1] * groups);
        // What is added at the end of one axis is the same as a pad less there.
        var (before, after, extra) = (upward.Before, upward.After.ToArray(), upward.OutputPad.ToArray());
        if (extra.Where((pad, axis) => pad >= upward.Stride[axis]).Any() || after.Concat(before).Any(pad => pad < 0))
            throw new FaultException("its output padding is not below its stride", "Pad its output instead.");
        Window(layer, weight.Axes[2..], upward.Stride, before, after, upward.Dilation);
        Sized(layer, "OutputPad", extra, 0);
        Finish(follow, op, layer, x);
    }

    private static Layer New(Op op, string kind, int space, Literal weight, int filters)
    {
        if (space is < 1 or > 2)
            throw new FaultException($"it is over {space} axes", "Whence has convolutions over one and two.");
        var bias = op.In(2);
        if (bias is { IsLive: true })
            throw new FaultException("its bias depends on the input");
        var layer = new Layer($"{kind}{space}d") { Path = Paths.Of(weight.Origin, op.Title, bias?.Constant?.Origin) };
        layer.Tensors["weight"] = weight;
        if (bias is not null)
            layer.Tensors["bias"] = bias.Constant!.Reshaped(filters);
        layer.Settings.Add(new(null, filters));
        layer.Settings.Add(new(null, weight.Axes[2]));
        return layer;
    }

    private static void Window(Layer layer, int[] kernel, int[] stride, int[] before, int[] after, int[] dilation)
    {
        if (kernel.Length == 2 && kernel[1] != kernel[0])
            layer.Settings.Add(new("KernelWidth", kernel[1]));
        Sized(layer, "Stride", stride, 1);
        Sized(layer, "Pad", before, 0);
        // The end's pads are the beginning's, the width's the height's, unless said.
        if (after[0] != before[0])
            layer.Settings.Add(new("PadEnd", after[0]));
        if (after.Length == 2)
        {
            var widthEnd = before[1] != before[0] ? before[1] : after[0];
            if (after[1] != widthEnd)
                layer.Settings.Add(new("PadWidthEnd", after[1]));
        }
        Sized(layer, "Dilation", dilation, 1);
    }

    private static void Sized(Layer layer, string name, int[] sizes, int usual)
    {
        if (sizes[0] != usual)
            layer.Settings.Add(new(name, sizes[0]));
        if (sizes.Length == 2 && sizes[1] != sizes[0])
            layer.Settings.Add(new(name + "Width", sizes[1]));
    }

    private static void Finish(Follower follow, Op op, Layer layer, Tracked x)
    {
        var groups = (int)op.Whole("group", 1);
        if (groups != 1)
            layer.Settings.Add(new("Groups", groups));
        if (op.In(2) is null)
            layer.Settings.Add(new("Bias", false));
        follow.Give(op, follow.Add(layer, op.Output.Axes![1..], follow.Example(x)), 0);
    }
}
