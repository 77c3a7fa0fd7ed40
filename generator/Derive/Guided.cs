using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>Guided backprop (Springenberg et al., arXiv 1412.6806): only positive gradients pass an activation.</summary>
internal sealed class GuidedBackprop : Gradient
{
    public override string Name => nameof(GuidedBackprop);

    public override Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m) => Shares.AxisOf(at) is null
        ? Stepped(at, op, m, (coming, moved) => IsArithmetic(at) ? moved : Expr.IfPositive(coming, moved, 0))
        : base.Elementwise(at, op, at.Map("mPositive", "{0}'s positive multipliers", Expr.Max(at.Of(m.Positive), 0)));
}

/// <summary>
/// DeconvNet (Zeiler and Fergus, arXiv 1311.2901): the activation is applied to what goes back. Where nothing comes, nothing goes on, also
/// through an activation that is not 0 at 0: what a unit does not depend on has no part in it.
/// </summary>
internal sealed class DeconvNet : Gradient
{
    public override string Name => nameof(DeconvNet);

    public override Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m) =>
        EachPart(at, m, coming => Expr.IfZero(coming, 0, at.Apply(op, coming)));
}
