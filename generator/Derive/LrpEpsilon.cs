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

    public override Flow Linear(Derivation d, LinearOp op, int node, int input, Flow m) =>
        base.Linear(d, op, node, input, op is MixingOp && epsilon > 0 ? Stabilised(d, node, m.Positive) : m);

    private int Stabilised(Derivation d, int node, int m)
    {
        var z = Argument(1);
        var sign = Expr.IfPositive(z, epsilon, Expr.IfZero(z, epsilon, -epsilon));
        return d.Map(Argument(0) * (z / (z + sign)), m, d.Value(node));
    }

    public override Flow Elementwise(Derivation d, ElementwiseOp op, int node, Flow m)
    {
        // ReLU's quotient is its slope.
        if (d.Forward[node].Function?.Type is "global::Whence.Ops.Relu" or "global::Whence.Ops.Exp")
            return base.Elementwise(d, op, node, m);
        var slope = op.Slope(d.Forward[node], Argument(1), Argument(2), Operands(d, node, 3));
        var quotient = Expr.IfZero(Argument(1), slope, Argument(2) / Argument(1));
        // What is 0 has no relevance to share out, however steep the function is there.
        if (d.Steepness.Guards(node))
            quotient = Expr.Steep("Secant", quotient, Argument(1), 0);
        return d.Map(Moved(d, node, quotient), [m.Positive, d.Value(d.Forward[node].Inputs[0]), d.Value(node), .. OperandNodes(d, node)]);
    }

    public override Flow Product(Derivation d, int node, int input, Flow m) =>
        d.Live(d.Forward[node].Inputs[1 - input])
            ? base.Product(d, node, input, d.Scaled(m.Positive, 0.5))
            : base.Product(d, node, input, m);

    /// <summary>As through a product; with a constant matrix, as through a dense layer.</summary>
    public override Flow MatrixProduct(Derivation d, int node, int input, Flow m) => base.MatrixProduct(d, node, input,
        d.Live(d.Forward[node].Inputs[1 - input]) ? d.Scaled(m.Positive, 0.5) : epsilon > 0 ? Stabilised(d, node, m.Positive) : m);
}
