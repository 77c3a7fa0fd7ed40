using Whence.Import.Fold;
using Whence.Import.Read;

namespace Whence.Import.Recognise;

/// <summary>(x - mean) / sqrt(mean((x - mean)^2) + epsilon) * weight + bias, over the last axes, in nine nodes.</summary>
internal static class LayerNorm
{
    public static bool Apply(Surface surface, Op op)
    {
        if (op.Type != "Div" || op.In(0).Made("Sub") is not { } centred || op.In(1).Made("Sqrt") is not { } root)
            return false;
        if (root.In(0).Made("Add")?.Sides() is not { } stable
            || stable.Constant.Count != 1
            || stable.Live.Made("ReduceMean") is not { } variance)
            return false;
        if (centred.In(1).Made("ReduceMean") is not { } mean
            || mean.In(0) != centred.In(0)
            || Axes(mean) is not { } axes
            || Axes(variance) != axes)
            return false;
        if (!IsSquareOf(variance.In(0), centred))
            return false;
        var x = centred.In(0)!;
        int[] last = x.Axes![^axes..];
        if (surface.Next(op) is not { Type: "Mul" } scale || scale.Sides() is not { } weight || !Fits(weight.Constant, last)
            || surface.Next(scale) is not { Type: "Add" } shift || shift.Sides() is not { } bias || !Fits(bias.Constant, last))
            return false;
        surface.Replace(shift, "LayerNormalization", op.Title, [x, Flat(weight.Constant, last), Flat(bias.Constant, last)],
            ("axis", -axes), ("epsilon", (float)stable.Constant[0]));
        return true;
    }

    /// <summary>How many of the last axes are reduced; null if others are.</summary>
    private static int? Axes(Op mean)
    {
        var axes = Axis.Reduced(mean);
        var rank = mean.Inputs[0]!.Rank;
        return mean.Whole("keepdims", 1) != 0 && axes.SequenceEqual(Enumerable.Range(rank - axes.Length, axes.Length)) ? axes.Length : null;
    }

    private static bool IsSquareOf(Value? value, Op centred)
    {
        bool IsCentred(Value? of) => of == centred.Output || of.Made("Sub") is { } same && same.Inputs.SequenceEqual(centred.Inputs);
        return value.Made("Pow") is { } power && IsCentred(power.In(0)) && power.In(1)?.Constant?.Is(2) == true
            || value.Made("Mul") is { } product && IsCentred(product.In(0)) && IsCentred(product.In(1));
    }

    private static bool Fits(Literal constant, int[] last) =>
        constant.Count == Literal.CountOf(last) && constant.Axes.Where(axis => axis != 1)
            .SequenceEqual(last.Where(axis => axis != 1));

    private static Value Flat(Literal constant, int[] last) =>
        new(constant.Origin ?? "", constant.Type, last) { Constant = constant.Reshaped(last) };
}
