using Whence.Import.Read;

namespace Whence.Import.Fold;

/// <summary>The axes of what an operator gives, from those of what it takes (github.com/onnx/onnx, docs/Operators.md).</summary>
internal static class Shapes
{
    private static readonly HashSet<string> Alike =
    [
        "Relu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Abs", "Neg", "Reciprocal", "Elu", "Selu", "Celu", "LeakyRelu", "Softplus",
        "Softsign",
        "HardSigmoid", "HardSwish", "Mish", "Erf", "Gelu", "FastGelu", "QuickGelu", "Clip", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan",
        "Sinh",
        "Cosh", "Asinh", "Acosh", "Atanh", "ThresholdedRelu", "Shrink", "Floor", "Ceil", "Round", "Sign", "Cast", "Softmax", "LogSoftmax",
        "BatchNormalization", "InstanceNormalization", "GroupNormalization", "LayerNormalization", "SimplifiedLayerNormalization",
        "RMSNormalization", "LRN", "LpNormalization", "MeanVarianceNormalization", "CumSum", "PRelu", "Identity", "Swish", "Hardmax", "Not",
        "IsNaN",
        "IsInf", "BiasGelu", "ReverseSequence", "SkipLayerNormalization", "Scaler", "Normalizer", "CastLike", "Dropout",
    ];

    private static readonly HashSet<string> Joined =
    [
        "Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Pow", "Where", "Equal", "Less", "Greater", "LessOrEqual",
        "GreaterOrEqual",
        "And", "Or", "Xor", "Mod",
    ];

    /// <summary>The axes of each output, in order; null where this operator is not known.</summary>
    public static IReadOnlyList<int[]>? Of(Op op)
    {
        if (op.Inputs.Count == 0 || op.Inputs[0] is null)
            return null;
        var x = op.Inputs[0]!.Axes!;
        if (Alike.Contains(op.Type))
            return [x];
        if (Joined.Contains(op.Type))
        {
            return [Places.Joined([.. op.Inputs.OfType<Value>().Select(input => input.Axes!)])
                ?? throw new FaultException(
                    $"its inputs have axes {string.Join(" and ", op.Inputs.OfType<Value>().Select(Text))}, which do not fit")];
        }
        if (op.Type.StartsWith("Reduce", StringComparison.Ordinal))
            return [Without(x, Axis.Reduced(op), op.Whole("keepdims", 1) != 0)];
        return op.Type switch
        {
            "Conv" => [Convolved(op)],
            "ConvTranspose" => [Transposed(op)],
            "MaxPool" or "AveragePool" or "LpPool" => Pooled(op),
            "GlobalAveragePool" or "GlobalMaxPool" or "GlobalLpPool" => x.Length > 2
                ? [[x[0], x[1], .. Enumerable.Repeat(1, x.Length - 2)]]
                : throw new FaultException($"its input {Text(x)} has no positions to pool"),
            "Gemm" or "FusedGemm" => [Gemm(op)],
            "MatMul" or "FusedMatMul" => [MatMul(x, op.Inputs[1]!.Axes!)],
            "Reshape" => [Reshaped(op)],
            "Flatten" => [Flattened(x, op)],
            "Squeeze" => [Squeezed(x, op)],
            "Unsqueeze" => [Unsqueezed(x, op)],
            "Transpose" => [[.. Order(op).Select(axis => x[axis])]],
            "Concat" => [Concatenated(op)],
            "Split" => Split(op),
            "Slice" => [[.. Axis.Sliced(op).Select(slice => slice.Count)]],
            "Pad" => [Padded(op)],
            "Gather" => [Gathered(x, op)],
            "Expand" => [Places.Joined(x, Constant(op, 1, "shape")) ?? throw new FaultException("its shape does not fit its input")],
            "Tile" => [[.. x.Zip(Constant(op, 1, "repeats"), (axis, times) => axis * times)]],
            "DepthToSpace" => [Spread(x, (int)op.Whole("blocksize", 1))],
            "SpaceToDepth" => [Gathered(x, (int)op.Whole("blocksize", 1))],
            "Resize" or "Upsample" => [Resized(op)],
            "LSTM" or "GRU" or "RNN" => Recurrent(op),
            "ArgMax" or "ArgMin" => [Without(x, [Axis.Of(op.Whole("axis", 0), x.Length)], op.Whole("keepdims", 1) != 0)],
            "Einsum" => [Einsum.Of(op).Output],
            "GatherElements" => [op.Inputs[1]!.Axes!],
            "TopK" => TopK(op),
            "LinearClassifier" => [[x[0]], [x[0], Math.Max(op.Attributes["coefficients"].Singles.Count / x[^1], 2)]],
            "LinearRegressor" => [[x[0], (int)op.Whole("targets", 1)]],
            _ => null,
        };
    }

    /// <summary>The order of a Transpose's axes.</summary>
    public static int[] Order(Op op)
    {
        var rank = op.Inputs[0]!.Rank;
        var order = op.Wholes("perm") ?? [.. Enumerable.Range(0, rank).Reverse()];
        return order.Order().SequenceEqual(Enumerable.Range(0, rank)) ? order
            : throw new FaultException($"its order [{string.Join(", ", order)}] is none of {rank} axes");
    }

    /// <summary>The scales of a Resize, an axis each, and the sizes it gives.</summary>
    public static (double[] Scales, int[] Sizes) Scales(Op op)
    {
        var x = op.Inputs[0]!.Axes!;
        var (atScales, atSizes) = op.Opset < 11 ? (1, -1) : (2, 3);
        var axes = op.Wholes("axes") is { } named ? Axis.Of(named, x.Length) : [.. Enumerable.Range(0, x.Length)];
        var (scales, sizes) = (Enumerable.Repeat(1.0, x.Length).ToArray(), x.ToArray());
        var given = op.Attributes.TryGetValue("scales", out var setting) ? setting.Singles.Select(number => (double)number).ToArray()
            : op.In(atScales)?.Constant?.Reals();
        if (given is { Length: > 0 } && given.Length == axes.Length)
        {
            for (var i = 0; i < axes.Length; i++)
                (scales[axes[i]], sizes[axes[i]]) = (given[i], (int)Math.Floor(x[axes[i]] * given[i]));
            return (scales, sizes);
        }
        if (atSizes > 0 && op.In(atSizes)?.Constant is { } wanted && wanted.Count == axes.Length)
        {
            for (var i = 0; i < axes.Length; i++)
                (sizes[axes[i]], scales[axes[i]]) = ((int)wanted.Whole(i), (double)wanted.Whole(i) / x[axes[i]]);
            return (scales, sizes);
        }
        throw new FaultException("its scales are not known", "Export the model with a fixed size.");
    }

    /// <summary>Constant whole numbers that an operator needs, from an input.</summary>
    private static int[] Constant(Op op, int input, string what) => op.In(input) is { Constant: { } constant }
        ? [.. constant.Wholes().Select(number => checked((int)number))]
        : throw new FaultException($"its {what} depends on the input", "Give every size: --shape.");

    private static int[] Without(int[] x, int[] axes, bool keep) => keep
        ? [.. x.Select((size, axis) => axes.Contains(axis) ? 1 : size)]
        : [.. x.Where((_, axis) => !axes.Contains(axis))];

    private static int[] Convolved(Op op)
    {
        var (x, weight) = (op.Inputs[0]!.Axes!, op.Inputs[1]!.Axes!);
        if (weight.Length != x.Length || x.Length < 3)
            throw new FaultException($"its input {Text(op.Inputs[0]!)} and its weight {Text(op.Inputs[1]!)} do not fit");
        RequireGroups(op, x[1], weight, taken: weight[1] * Groups(op), split: weight[0]);
        return [x[0], weight[0], .. Windows.Of(op, x, weight[2..]).Count(x)];
    }

    private static int[] Transposed(Op op)
    {
        var (x, weight) = (op.Inputs[0]!.Axes!, op.Inputs[1]!.Axes!);
        var upward = Upward.Of(op, x, weight);
        RequireGroups(op, x[1], weight, taken: weight[0], split: weight[0]);
        return [x[0], weight[1] * Groups(op), .. upward.Sizes];
    }

    private static int Groups(Op op) => op.Whole("group", 1) is >= 1 and <= int.MaxValue and var groups ? (int)groups
        : throw new FaultException($"it has {op.Whole("group", 1)} groups");

    private static void RequireGroups(Op op, int channels, int[] weight, int taken, int split)
    {
        var groups = Groups(op);
        if (taken != channels || split % groups != 0)
            throw new FaultException($"its {channels} channels in {groups} groups and its weight {Text(weight)} do not fit");
        if (op.Wholes("kernel_shape") is { } kernel && !kernel.SequenceEqual(weight[2..]))
            throw new FaultException($"its window {Text(kernel)} is not its weight's {Text(weight[2..])}");
    }

    private static List<int[]> Pooled(Op op)
    {
        var x = op.Inputs[0]!.Axes!;
        var kernel = op.Wholes("kernel_shape") ?? throw new FaultException("it has no kernel_shape");
        int[] y = [x[0], x[1], .. Windows.Of(op, x, kernel).Count(x)];
        return op.Outputs.Count > 1 ? [y, y] : [y];
    }

    private static int[] Gemm(Op op)
    {
        var (a, b) = (op.Inputs[0]!.Axes!, op.Inputs[1]!.Axes!);
        if (a.Length != 2 || b.Length != 2)
            throw new FaultException("its inputs are not matrices");
        var (rows, left) = op.Whole("transA", 0) != 0 ? (a[1], a[0]) : (a[0], a[1]);
        var (right, columns) = op.Whole("transB", 0) != 0 ? (b[1], b[0]) : (b[0], b[1]);
        if (left != right)
            throw new FaultException($"its inputs {Text(a)} and {Text(b)} do not fit");
        int[] y = [rows, columns];
        if (op.In(2) is { Axes: { } added } && Places.Joined(y, added)?.SequenceEqual(y) != true)
            throw new FaultException($"what it adds is {Text(added)}, which does not fit {Text(y)}");
        return y;
    }

    private static int[] MatMul(int[] a, int[] b)
    {
        if (a.Length == 0 || b.Length == 0)
            throw new FaultException("it multiplies a single number");
        var (left, right) = (a.Length == 1 ? [1, a[0]] : a, b.Length == 1 ? [b[0], 1] : b);
        var batch = Places.Joined(left[..^2], right[..^2]);
        if (batch is null || left[^1] != right[^2])
            throw new FaultException($"its inputs {Text(a)} and {Text(b)} do not fit");
        IEnumerable<int> axes = batch;
        if (a.Length > 1)
            axes = axes.Append(left[^2]);
        return [.. b.Length > 1 ? axes.Append(right[^1]) : axes];
    }

    private static int[] Reshaped(Op op)
    {
        var x = op.Inputs[0]!.Axes!;
        var wanted = op.Attributes.TryGetValue("shape", out var old)
            ? [.. old.Wholes.Select(axis => checked((int)axis))]
            : Constant(op, 1, "shape");
        var axes = new int[wanted.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            axes[i] = wanted[i] != 0 || op.Whole("allowzero", 0) != 0 ? wanted[i]
                : i < x.Length ? x[i] : throw new FaultException("it keeps an axis that its input does not have");
        }
        var (count, open) = (Literal.CountOf(x), Array.IndexOf(axes, -1));
        if (open >= 0)
        {
            axes[open] = 1;
            var others = Literal.CountOf(axes);
            axes[open] = others > 0 ? count / others : 0;
        }
        if (Literal.CountOf(axes) != count)
            throw new FaultException($"it gives [{string.Join(", ", wanted)}] to {Text(x)}",
                "Give the sizes for which it was exported: --shape.");
        return axes;
    }

    private static int[] Flattened(int[] x, Op op)
    {
        var axis = (int)op.Whole("axis", 1);
        axis = axis < 0 ? axis + x.Length : axis;
        return axis < 0 || axis > x.Length ? throw new FaultException($"it names axis {axis} of {x.Length}")
            : [Literal.CountOf(x[..axis]), Literal.CountOf(x[axis..])];
    }

    /// <summary>The axes of one element that a Squeeze takes away.</summary>
    public static int[] Squeezed(Op op)
    {
        var x = op.Inputs[0]!.Axes!;
        return op.Wholes("axes", 1) is { Length: > 0 } axes ? Axis.Of(axes, x.Length)
            : [.. Enumerable.Range(0, x.Length).Where(axis => x[axis] == 1)];
    }

    private static int[] Squeezed(int[] x, Op op)
    {
        var axes = Squeezed(op);
        return axes.All(axis => x[axis] == 1) ? [.. x.Where((_, axis) => !axes.Contains(axis))]
            : throw new FaultException($"it drops axes [{string.Join(", ", axes)}] of {Text(x)}, which hold more than one element");
    }

    /// <summary>Where an Unsqueeze puts its axes, in what it gives.</summary>
    public static int[] Unsqueezed(Op op)
    {
        var axes = op.Wholes("axes", 1) ?? throw new FaultException("it does not say which axes it adds");
        return [.. Axis.Of(axes, op.Inputs[0]!.Rank + axes.Length).Order()];
    }

    private static int[] Unsqueezed(int[] x, Op op)
    {
        var axes = x.ToList();
        foreach (var axis in Unsqueezed(op))
            axes.Insert(axis, 1);
        return [.. axes];
    }

    private static int[] Concatenated(Op op)
    {
        var parts = op.Inputs.OfType<Value>().Select(part => part.Axes!).ToArray();
        var axis = Axis.Of(op.Whole("axis", 1), parts[0].Length);
        var joined = parts[0].ToArray();
        if (parts.Any(part => part.Length != joined.Length || part.Where((size, i) => i != axis && size != joined[i]).Any()))
            throw new FaultException($"its parts {string.Join(" and ", parts.Select(Text))} do not fit");
        joined[axis] = parts.Sum(part => part[axis]);
        return joined;
    }

    private static List<int[]> Split(Op op)
    {
        var x = op.Inputs[0]!.Axes!;
        var axis = Axis.Of(op.Whole("axis", 0), x.Length);
        var parts = Math.Max(op.Outputs.Count, 1);
        var even = (x[axis] + parts - 1) / parts;
        var sizes = op.Wholes("split", 1) ?? [.. Enumerable.Range(0, parts).Select(i => Math.Max(0, Math.Min(even, x[axis] - i * even)))];
        if (sizes.Sum() != x[axis])
            throw new FaultException($"it splits {x[axis]} into [{string.Join(", ", sizes)}]");
        return [.. sizes.Select(size => x.Select((all, i) => i == axis ? size : all).ToArray())];
    }

    /// <summary>What a Pad adds before and after each axis.</summary>
    public static (int Before, int After)[] Pads(Op op)
    {
        var x = op.Inputs[0]!.Axes!;
        var pads = op.Wholes("pads") ?? op.Wholes("paddings") ?? Constant(op, 1, "pads");
        var axes = op.Known(3, "axes") is { } named ? Axis.Of(named.Wholes().Select(axis => (int)axis), x.Length)
            : [.. Enumerable.Range(0, x.Length)];
        if (pads.Length != 2 * axes.Length)
            throw new FaultException($"it has {pads.Length} pads for {axes.Length} axes");
        var all = new (int, int)[x.Length];
        for (var i = 0; i < axes.Length; i++)
            all[axes[i]] = (pads[i], pads[axes.Length + i]);
        return all;
    }

    private static int[] Padded(Op op) => [.. op.Inputs[0]!.Axes!.Zip(Pads(op), (size, pad) => size + pad.Before + pad.After)];

    private static int[] Gathered(int[] x, Op op)
    {
        var axis = Axis.Of(op.Whole("axis", 0), x.Length);
        return [.. x[..axis], .. op.Inputs[1]!.Axes!, .. x[(axis + 1)..]];
    }

    private static int[] Spread(int[] x, int block) => x.Length == 4 && block > 0 && x[1] % (block * block) == 0
        ? [x[0], x[1] / (block * block), x[2] * block, x[3] * block] : throw new FaultException($"its input is {Text(x)}");

    private static int[] Gathered(int[] x, int block) => x.Length == 4 && block > 0 && x[2] % block == 0 && x[3] % block == 0
        ? [x[0], x[1] * block * block, x[2] / block, x[3] / block] : throw new FaultException($"its input is {Text(x)}");

    private static int[] Resized(Op op) => Scales(op).Sizes;

    private static List<int[]> Recurrent(Op op)
    {
        var (x, r) = (op.Inputs[0]!.Axes!, op.Inputs[2]!.Axes!);
        var batchFirst = op.Whole("layout", 0) != 0;
        var (steps, batch, directions, hidden) = (x[batchFirst ? 1 : 0], x[batchFirst ? 0 : 1], r[0], r[2]);
        int[] all = batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden];
        int[] last = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
        return [all, last, last];
    }

    private static List<int[]> TopK(Op op)
    {
        var y = op.Inputs[0]!.Axes!.ToArray();
        y[Axis.Of(op.Whole("axis", -1), y.Length)] = op.Has("k") ? (int)op.Whole("k", 1) : Constant(op, 1, "k")[0];
        return [y, y];
    }

    private static string Text(Value value) => Text(value.Axes!);

    public static string Text(int[] axes) => $"[{string.Join(", ", axes)}]";
}
