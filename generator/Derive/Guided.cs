using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>Guided backprop (Springenberg et al., arXiv 1412.6806): only positive gradients pass an activation.</summary>
internal sealed class GuidedBackprop : Gradient
{
    public override string Name => nameof(GuidedBackprop);

    public override Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m) =>
        Shares.AxisOf(d, node) is null
            ? Stepped(d, op, node, m, moved => IsArithmetic(d, node) ? moved : Expr.IfPositive(Argument(0), moved, 0))
            : base.Elementwise(d, op, node, d.Map(Expr.Max(Argument(0), 0), m.Positive));
}

/// <summary>DeconvNet (Zeiler and Fergus, arXiv 1311.2901): the activation is applied to what goes back.</summary>
internal sealed class DeconvNet : Gradient
{
    public override string Name => nameof(DeconvNet);

    public override Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m)
    {
        var expr = op.Value(d.Forward[node], Argument(0), Operands(d, node, 1));
        return EachPart(m, part => d.Map(expr, [part, .. OperandNodes(d, node)]));
    }
}
