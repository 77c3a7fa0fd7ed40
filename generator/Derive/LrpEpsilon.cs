using Whence.Generator.Graphs;
using Whence.Generator.Ops;

namespace Whence.Generator.Derive;

/// <summary>
/// Layer-wise relevance propagation, the epsilon rule (Bach et al. 2015, section 2.6; Captum's EpsilonRule), in the form of multipliers: a
/// value's relevance is its multiplier times the value. The relevance z m of a layer's unit is shared out as x w m z / (z + epsilon
/// sign(z)), sign(0) being 1; what falls to the bias and to <paramref name="epsilon"/> is lost.
/// </summary>
/// <remarks>
/// An activation passes its relevance whole: the multiplier becomes m y / x, and m times the slope where x is 0. So does a product of two
/// values that depend on the input, half to each factor (the midpoint rule with a reference of zeros); a constant factor gets nothing.
/// Linear operators without weights of both signs, max-pools (to the winner), log-sum-exp and exp (whose relevance at 0 has nothing to go
/// to) are as in the gradient. On a ReLU network without biases it is gradient times input, up to epsilon (Ancona et al. 2018, proposition
/// 1).
/// </remarks>
internal sealed class LrpEpsilon(double epsilon) : Gradient
{
    /// <summary>What the runtime's NetworkAttribute says without being told.</summary>
    public const double DefaultEpsilon = 1e-6;

    public override string Name => nameof(LrpEpsilon);

    protected override bool IsBySlopes => false;

    public override Multipliers Linear(Site at, LinearOp op, int input, Multipliers m) =>
        base.Linear(at, op, input, op is MixingOp && epsilon > 0 ? Stabilised(at, m.Positive) : m);

    private int Stabilised(Site at, int m)
    {
        var z = new Site(at.Graph, at.Id, "z").Value;
        var sign = Expr.IfPositive(z, epsilon, Expr.IfZero(z, epsilon, -epsilon));
        var part = z / (z + sign);
        return at.Map("mShared", "{0}'s relevance, shared out with epsilon",
            at.MayBeInfinite ? Expr.Steep("Times", at.Of(m), part) : at.Of(m) * part);
    }

    public override Multipliers Elementwise(Site at, ElementwiseOp op, Multipliers m)
    {
        // ReLU's quotient is its slope.
        if (at.Node.Function?.Type is "global::Whence.Ops.Relu" or "global::Whence.Ops.Exp")
            return base.Elementwise(at, op, m);
        var (x, y) = (at.Input.Value, at.Value);
        // What is 0 has no relevance to share out, however steep the function is there. What is minus infinite, under a mask, has
        // the quotient 0 where the function is bounded.
        var slope = at.IsGuarded ? Expr.Steep("Finite", at.Slope(op)) : at.Slope(op);
        return at.Map(at.Times(at.Of(m.Positive), Expr.IfZero(x, slope, y / x)));
    }

    public override Multipliers Product(Site at, int input, Multipliers m) =>
        base.Product(at, input, at.Reads(1 - input).Live ? Half(at, m) : m);

    /// <summary>As through a product; with a constant matrix, as through a dense layer.</summary>
    public override Multipliers MatrixProduct(Site at, int input, Multipliers m) =>
        base.MatrixProduct(at, input, at.Reads(1 - input).Live ? Half(at, m) : epsilon > 0 ? Stabilised(at, m.Positive) : m);

    private static Multipliers Half(Site at, Multipliers m) => at.Graph.Scaled(m.Positive, 0.5);
}
