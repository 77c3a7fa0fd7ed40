using Whence.Import.Read;

namespace Whence.Import.Fold;

/// <summary>Before version 7 an operator said at which axis its second input begins; since then inputs end at the same axis.</summary>
internal static class Broadcasts
{
    /// <summary>Gives a second input axes of one element behind its own, where an old operator means that.</summary>
    /// <param name="op">Any operator.</param>
    /// <param name="ops">Where what is put between is added.</param>
    public static void Align(Op op, List<Op> ops)
    {
        if (op.Opset >= 7 || op.Whole("broadcast", 0) == 0 || !op.Has("axis") || op.In(1) is not { } second || op.Domain.Length > 0)
            return;
        var first = op.Inputs[0]!;
        var behind = first.Rank - Axis.Of(op.Whole("axis", 0), first.Rank) - second.Rank;
        if (behind <= 0)
            return;
        int[] axes = [.. second.Axes!, .. Enumerable.Repeat(1, behind)];
        if (second.Constant is { } constant)
        {
            op.Inputs[1] = new(second.Name, second.Type, axes) { Constant = constant.Reshaped(axes) };
            return;
        }
        var added = new ModelAttribute { Name = "axes" };
        added.Wholes.AddRange(Enumerable.Range(second.Rank, behind).Select(axis => (long)axis));
        var between = new Op("Unsqueeze", op.Title, op.Opset)
        {
            Inputs = [second], Attributes = new Dictionary<string, ModelAttribute> { ["axes"] = added },
        };
        between.Outputs.Add(new(second.Name, second.Type, axes) { Maker = between });
        ops.Add(between);
        op.Inputs[1] = between.Output;
    }
}
