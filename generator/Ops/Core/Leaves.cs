using Whence.Generator.Graphs;

namespace Whence.Generator.Ops;

/// <summary>
/// Weights as an operand of an elementwise step, one number a channel, spread over the value's shape: setting "kind" is a
/// <see cref="WeightKind"/>; for a slope, "perChannel".
/// </summary>
internal sealed class WeightOperand : DerivedOp;

/// <summary>An input of the reference's forward pass: setting "index" is the input it stands beside.</summary>
internal sealed class ReferenceInput : DerivedOp;

/// <summary>
/// A multiplier at a point, where a backward pass may begin: the input's value, or zero without one, plus the seed if the backward pass
/// begins at one of the points in setting "points".
/// </summary>
internal sealed class Seed : DerivedOp;

/// <summary>An expression over elements at the same place: the node's <see cref="Node.Expr"/>.</summary>
internal sealed class Map : DerivedOp
{
    public override Expr? Formula(Node node) => node.Expr;
}
