using Whence.Import.Fold;

namespace Whence.Import.Recognise;

/// <summary>softmax(q k^T / sqrt(features) + mask) v, over the last two axes.</summary>
internal static class Attention
{
    public static bool Apply(Surface surface, Op op)
    {
        if (op.Type != "MatMul"
            || op.In(0).Made("Softmax") is not { } shares
            || !surface.IsInner(shares.Output)
            || op.In(1) is not { IsLive: true } v)
            return false;
        var rank = shares.Output.Rank;
        if (Axis.Of(shares.Whole("axis", shares.Opset < 13 ? 1 : -1), rank) != rank - 1 || rank is < 3 or > 4)
            return false;
        var scores = shares.In(0)!;
        Value? mask = null;
        if (scores.Made("Add") is { } masked && Scores(masked.In(0)!) is not null ^ Scores(masked.In(1)!) is not null)
            (scores, mask) = Scores(masked.In(0)!) is not null ? (masked.In(0)!, masked.In(1)) : (masked.In(1)!, masked.In(0));
        if (Scores(scores) is not var (q, turned) || turned.Made("Transpose") is not { } turn || q.Rank != rank || v.Rank != rank)
            return false;
        // The mask belongs to queries and keys alone.
        if (mask is not null
            && (mask.Rank < 2 || mask.Axes![..^2].Any(axis => axis != 1) || mask.Axes[^2] != 1 && mask.Axes[^2] != q.Axes![^2]))
            return false;
        var order = Shapes.Order(turn);
        (order[^1], order[^2]) = (order[^2], order[^1]);
        var axes = turn.Inputs[0]!.Axes!;
        var k = order.SequenceEqual(Enumerable.Range(0, rank)) ? turn.Inputs[0]!
            : surface.Insert(op, "Transpose", turn.Inputs[0]!, [.. order.Select(axis => axes[axis])], ("perm", order));
        surface.Replace(op, "ScaledDotProductAttention", op.Title, [q, k, v, mask]);
        return true;
    }

    /// <summary>Queries and turned keys of q k^T / sqrt(features), if that is what the value is.</summary>
    private static (Value Q, Value TurnedK)? Scores(Value value)
    {
        foreach (var product in new[] { value.Maker?.In(0).Made("MatMul"), value.Maker?.In(1).Made("MatMul") })
        {
            if (product?.In(0) is { IsLive: true } q && product.In(1) is { IsLive: true } k && q.Rank > 1
                && value.Maker.Divided(Math.Sqrt(q.Axes![^1])) == product.Output)
                return (q, k);
        }
        return null;
    }
}
