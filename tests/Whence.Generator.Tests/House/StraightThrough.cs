namespace Whence.Generator.Tests.House;

using Whence.Generator.Derive;
using Whence.Generator.Ops;
// Not the runtime's.
using Flow = Whence.Generator.Derive.Flow;

/// <summary>
/// The straight-through estimator (Bengio, Léonard and Courville, arXiv 1308.3432): the gradient, as if every activation were the identity.
/// Whence does not ship it: it stands here for a backward method that is added.
/// </summary>
internal sealed class StraightThrough : Derive.Gradient
{
    public override string Name => nameof(StraightThrough);

    public override Flow Elementwise(Site at, ElementwiseOp op, Flow m) => IsArithmetic(at) ? base.Elementwise(at, op, m) : m;
}
