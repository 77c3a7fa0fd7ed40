using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>
/// The multipliers of a softmax's shares p. A constant added to all of them changes no gradient, p_k (m_k - sum_j p_j m_j), for the shares'
/// sum is always 1. Taken from their mean, sum_j p_j m_j, those of a share near 1 are as small as the others' shares, and 1 - p is never
/// computed: in single precision its last place is a great part of it.
/// </summary>
internal static class Shares
{
    /// <summary>
    /// The axis over which a forward node's values are shares whose gradient may be asked for; null for others. Attention's, which a matrix
    /// product reads, are left as they come: what goes back through the values outweighs it.
    /// </summary>
    public static int? AxisOf(Derivation d, int node)
    {
        if (d.Steepness.Coming(node) != Taint.None || LogSumExpOf(d, d.Forward[node]) is not { } lse)
            return null;
        return d.Forward.Any(reader => reader.Op is MatrixProduct && reader.Inputs.Contains(node)) ? null : lse.Settings.Int("axis");
    }

    /// <summary>Multipliers minus their mean, weighted by the shares.</summary>
    public static int FromTheirMean(Derivation d, int node, int axis, int m)
    {
        var shape = d.Shape(node);
        var (a, b) = ((Expr)new Argument(0), (Expr)new Argument(1));
        var mean = d.Add(Registry.SumAxis, Settings.Of(("axis", axis), ("factor", 1)), shape.With(axis, 1), d.Map(a * b, m, d.Value(node)));
        return d.Map(a - b, m, d.Spread(mean, axis, shape));
    }

    private static Node? LogSumExpOf(Derivation d, Node node)
    {
        if (node.Op is SoftmaxUnit)
            return Under(d, node.Inputs[0], node.Inputs[1]);
        var below = node.Function?.Type == "global::Whence.Ops.Exp" ? d.Forward[node.Inputs[0]] : null;
        return below is { Op: Combine, Inputs.Count: 2 } && below.Settings.Numbers("weights").SequenceEqual([1, -1])
            ? Under(d, below.Inputs[0], below.Inputs[1])
            : null;
    }

    /// <summary>The log-sum-exp of z that is, perhaps spread, at <paramref name="spread"/>.</summary>
    private static Node? Under(Derivation d, int z, int spread)
    {
        var lse = d.Forward[spread] is { Op: SpreadAxis } over ? d.Forward[over.Inputs[0]] : d.Forward[spread];
        return lse.Op is LogSumExpAxis && lse.Inputs[0] == z ? lse : null;
    }
}
