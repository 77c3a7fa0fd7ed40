using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>A product with a constant matrix [inputs, outputs], and a bias [outputs] that is added to it.</summary>
internal static class Dense
{
    public static bool Apply(Surface surface, Op op)
    {
        if (op.Type != "MatMul" || op.In(0) is not { IsLive: true } x || op.In(1)?.Constant is not { Rank: 2 } weight)
            return false;
        var outputs = weight.Axes[1];
        if (surface.Next(op) is not { Type: "Add" } sum
            || sum.Sides() is not { } bias
            || bias.Constant.Count != outputs
            || bias.Constant.Axes[^1] != outputs
            || !sum.Output.Axes!.SequenceEqual(op.Output.Axes!))
            return false;
        var flat = new Value(bias.Constant.Origin ?? "", bias.Constant.Type, [outputs]) { Constant = bias.Constant.Reshaped(outputs) };
        surface.Replace(sum, "Dense", op.Title, [x, op.In(1), flat]);
        return true;
    }
}
