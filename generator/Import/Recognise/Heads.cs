using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>Dense layers for queries, keys and values, cut into heads, attention, and the heads joined again for a dense layer.</summary>
internal static class Heads
{
    public static bool Apply(Surface surface, Op op)
    {
        if (op.Type != "ScaledDotProductAttention" || op.In(3) is not null || op.Output.Rank != 4)
            return false;
        if (surface.Next(op) is not { Type: "Transpose" } back || !Shapes.Order(back).SequenceEqual([0, 2, 1, 3])
            || surface.Next(back) is not { Type: "Reshape" } joined || surface.Next(joined) is not { Type: "Dense" } last)
            return false;
        var parts = new List<Op>();
        foreach (var part in op.Inputs.Take(3))
        {
            if (part.Made("Transpose") is not { } turn
                || !Shapes.Order(turn).SequenceEqual([0, 2, 1, 3])
                || turn.In(0).Made("Reshape") is not { } cut
                || cut.In(0).Made("Dense") is not { } dense)
                return false;
            parts.Add(dense);
        }
        var (heads, features) = (op.Output.Axes![1], parts[0].Output.Axes![^1]);
        var isSquare = parts.Append(last).All(dense => dense.Inputs[1]!.Axes!.SequenceEqual([features, features]));
        if (!isSquare || !joined.Output.Axes!.SequenceEqual(parts[0].Output.Axes!) || parts.Any(part => part.Inputs[0]!.Rank != 3)
            || op.Inputs.Take(3).Any(part => part!.Axes![1] != heads))
            return false;
        surface.Replace(last, "MultiHeadAttention", last.Title,
            [parts[0].In(0), parts[1].In(0), parts[2].In(0), .. parts.Append(last).SelectMany(dense => new[] { dense.In(1), dense.In(2) })],
            ("heads", heads));
        return true;
    }
}
