using Whence.Import.Declare;
using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Follow;

/// <summary>Normalisations and softmax.</summary>
internal static class Normalisations
{
    public static readonly Dictionary<string, Action<Follower, Op>> Rules = new()
    {
        ["BatchNormalization"] = BatchNorm, ["InstanceNormalization"] = InstanceNorm, ["GroupNormalization"] = GroupNorm,
        ["LayerNormalization"] = LayerNorm, ["SimplifiedLayerNormalization"] = LayerNorm, ["RMSNormalization"] = LayerNorm,
        ["LRN"] = LocalResponseNorm, ["LpNormalization"] = LpNorm, ["MeanVarianceNormalization"] = MeanVariance,
        ["Softmax"] = Softmax, ["LogSoftmax"] = Softmax,
    };

    private static void BatchNorm(Follower follow, Op op)
    {
        if (op.Whole("training_mode", 0) != 0 || op.Opset < 7 && op.Whole("is_test", 0) == 0)
            throw new FaultException("it is in training mode, where it normalises by the batch's own statistics",
                "Export the model for inference.");
        var x = follow.Live(op);
        var layer = new Layer("BatchNorm") { Path = Paths.Of(op.In(1)?.Constant?.Origin, op.Title) };
        AddEpsilon(op, layer);
        foreach (var (role, input) in new[] { ("weight", 1), ("bias", 2), ("running_mean", 3), ("running_var", 4) })
            layer.Tensors[role] = Follower.Constant(op, input, role);
        var own = follow.Example(x);
        follow.Give(op, follow.Add(layer, own.Step.Axes, own), 0);
    }

    private static void AddEpsilon(Op op, Layer layer)
    {
        var epsilon = op.Number("epsilon", 1e-5);
        if (!(epsilon >= 0 && double.IsFinite(epsilon)))
            throw new FaultException($"its epsilon is {epsilon}, and must be at least 0", "The model is damaged.");
        if (epsilon != 1e-5)
            layer.Settings.Add(new("Epsilon", epsilon));
    }

    private static void InstanceNorm(Follower follow, Op op)
    {
        var layer = new Layer("InstanceNorm");
        layer.Settings.Add(new("Affine", true));
        Affine(follow, op, layer);
    }

    private static void GroupNorm(Follower follow, Op op)
    {
        var groups = (int)op.Whole("num_groups", 1);
        var layer = new Layer("GroupNorm");
        layer.Settings.Add(new(null, groups));
        Affine(follow, op, layer, perGroup: op.Opset < 21 ? groups : 0);
    }

    private static void Affine(Follower follow, Op op, Layer layer, int perGroup = 0)
    {
        var x = follow.Example(follow.Live(op));
        var (weight, bias) = (Follower.Constant(op, 1, "weight"), Follower.Constant(op, 2, "bias"));
        layer.Path = Paths.Of(weight.Origin, op.Title);
        var channels = x.Step.Axes[0];
        Literal Each(Literal of) =>
            perGroup > 0 && of.Count == perGroup && perGroup != channels ? of.Moved([channels], i => i / (channels / perGroup)) : of;
        (layer.Tensors["weight"], layer.Tensors["bias"]) = (Each(weight), Each(bias));
        AddEpsilon(op, layer);
        follow.Give(op, follow.Add(layer, x.Step.Axes, x), 0);
    }

    private static void LayerNorm(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var axis = Axis.Of(op.Whole("axis", -1), x.Axes.Length);
        if (x.Batch >= axis && x.Axes[x.Batch] > 1)
            throw new FaultException("it normalises over the batch");
        var (of, batch) = x.Batch >= axis ? (follow.Reshape(x.Of, x.Axes), -1) : (x.Of, x.Batch);
        var isRms = op.Type != "LayerNormalization";
        var (weight, bias) = (Follower.Constant(op, 1, "weight"), isRms ? null : op.In(2)?.Constant);
        if (op.In(2) is { IsLive: true })
            throw new FaultException("its bias depends on the input");
        var layer = new Layer(isRms ? "RmsNorm" : "LayerNorm") { Path = Paths.Of(weight.Origin, op.Title) };
        if (x.Axes.Length - axis > 1)
            layer.Settings.Add(new("Axes", x.Axes.Length - axis));
        AddEpsilon(op, layer);
        if (bias is null && !isRms)
            layer.Settings.Add(new("Bias", false));
        layer.Tensors["weight"] = Filled(weight, x.Axes[axis..]);
        if (bias is not null)
            layer.Tensors["bias"] = Filled(bias, x.Axes[axis..]);
        follow.Give(op, follow.Add(layer, of.Step.Axes, of), batch);
    }

    private static Literal Filled(Literal of, int[] axes)
    {
        var strides = Places.Repeated(of.Axes.Length > axes.Length ? of.Axes[^axes.Length..] : of.Axes, axes);
        return of.Axes.SequenceEqual(axes) ? of : of.Moved(axes, i => Places.Offset(i, axes, strides));
    }

    private static void LocalResponseNorm(Follower follow, Op op)
    {
        var x = follow.Example(follow.Live(op));
        // ONNX begins with (size - 1) / 2 channels before, Whence with size / 2: alike where size is odd.
        var size = (int)op.Whole("size", 1);
        if (size % 2 == 0)
            throw new FaultException("its window has an even size", "Whence's LocalResponseNorm begins one channel earlier then.");
        follow.Give(op, follow.Add("LocalResponseNorm", x.Step.Axes, x, new Whole(size), new Number(op.Number("alpha", 1e-4), "alpha"),
            new Number(op.Number("beta", 0.75), "beta"), new Number(op.Number("bias", 1), "k")), 0);
    }

    private static void LpNorm(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var own = x.OwnAxis(Axis.Of(op.Whole("axis", -1), x.Axes.Length));
        if (own < 0)
            throw new FaultException("it normalises over the batch");
        var squares = op.Whole("p", 2) == 2;
        var summed = x.Own.ToArray();
        summed[own] = 1;
        var sum = follow.Add("Sum", summed, follow.Add(squares ? "Square" : "Abs", x.Own, x.Of), new Whole(own),
            new Literally("true", "keep"));
        follow.Give(op, follow.Add("/", x.Own, x.Of, squares ? follow.Add("Sqrt", summed, sum) : sum), x.Batch);
    }

    private static void MeanVariance(Follower follow, Op op)
    {
        var x = follow.Live(op);
        int[] axes = op.Wholes("axes") ?? [0, 2, 3];
        axes = Axis.Of(axes, x.Axes.Length);
        if (x.Batch >= 0 && axes.Contains(x.Batch) && x.Axes[x.Batch] > 1)
            throw new FaultException("it normalises over the batch");
        FromStep Mean(FromStep of) => axes.Select(x.OwnAxis).Where(axis => axis >= 0).Aggregate(of, (mean, axis) =>
        {
            var kept = mean.Step.Axes.ToArray();
            kept[axis] = 1;
            return follow.Add("Mean", kept, mean, new Whole(axis), new Literally("true", "keep"));
        });
        var centred = follow.Add("-", x.Own, x.Of, Mean(x.Of));
        var variance = Mean(follow.Add("Square", x.Own, centred));
        var deviation = follow.Add("+", variance.Step.Axes, follow.Add("Sqrt", variance.Step.Axes, variance), new Number(1e-9));
        follow.Give(op, follow.Add("/", x.Own, centred, deviation), x.Batch);
    }

    private static void Softmax(Follower follow, Op op)
    {
        var x = follow.Live(op);
        var axis = Axis.Of(op.Whole("axis", op.Opset < 13 ? 1 : -1), x.Axes.Length);
        if (op.Opset >= 13 || axis == x.Axes.Length - 1)
        {
            var own = x.OwnAxis(axis);
            if (own < 0 && x.Axes[axis] > 1)
                throw new FaultException("it is over the batch");
            var (of, at, batch) = own < 0 ? (follow.Reshape(x.Of, x.Axes), axis, -1) : (x.Of, own, x.Batch);
            follow.Give(op, follow.Add(op.Type, of.Step.Axes, of, at == 0 ? [] : [new Whole(at)]), batch);
            return;
        }
        // Before version 13 all axes from this one on are one.
        if (x.Batch >= axis && x.Axes[x.Batch] > 1)
            throw new FaultException("it is over the batch");
        var (inner, kept) = (Literal.CountOf(x.Axes[axis..]), x.Batch >= 0 && x.Batch < axis ? x.Batch : -1);
        int[] axes = [.. x.Axes.Where((_, i) => i != kept)];
        var outer = Literal.CountOf(axes) / inner;
        var flat = follow.Reshape(x.Of, outer == 1 ? [inner] : [outer, inner]);
        var y = follow.Add(op.Type, flat.Step.Axes, flat, outer == 1 ? [] : [new Whole(1)]);
        follow.Give(op, follow.Reshape(y, axes), kept);
    }

    /// <summary>Operands behind the first, which may be none.</summary>
    private static FromStep Add(this Follower follow, string word, int[] axes, FromStep x, Operand[] rest) =>
        follow.Add(word, axes, [x, .. rest]);
}
